import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = dirname(
	createRequire(import.meta.url).resolve('@sveltejs/adapter-node/package.json')
);

/** A module of adapter-node. Its types are left out: they would change `App.Platform` for everyone. */
export async function importAdapterNode<T>(file: string): Promise<T> {
	return (await import(/* @vite-ignore */ pathToFileURL(join(folder, file)).href)) as T;
}
