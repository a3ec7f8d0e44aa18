import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The binary of Bun that this project has installed. */
export const bunBinary = join(
	dirname(createRequire(import.meta.url).resolve('bun/package.json')),
	'bin/bun.exe'
);
