import { createRequire } from 'node:module';
import { dirname } from 'node:path';

export const packageName = 'svelte-adapter-ws';

/** The folder of the bundled entries of this package, with slashes as in the ids of Vite's modules. */
export function filesFolder(): string {
	const manifest = createRequire(import.meta.url).resolve('svelte-adapter-ws/package.json');
	return `${dirname(manifest).replaceAll('\\', '/')}/files`;
}
