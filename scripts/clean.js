import { rmSync } from 'node:fs';

/** Removes what `npm run build` writes. */
rmSync('files', { recursive: true, force: true });
