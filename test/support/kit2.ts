import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where SvelteKit 2 is installed, beside the SvelteKit 3 of this project. */
export const kit2Folder = join(root, 'test/kit2');

/** The app of the WebSocket suites, configured for SvelteKit 2. */
export const kit2App = join(kit2Folder, 'websocket');

/** The example chat, configured for SvelteKit 2. */
export const kit2Chat = join(kit2Folder, 'chat');

/** The app of the comparison with adapter-node, configured for SvelteKit 2. */
export const kit2Comparison = join(kit2Folder, 'comparison');

export const kit2Vite = join(kit2Folder, 'node_modules/vite/bin/vite.js');

/**
 * Put this package where an app with SvelteKit 2 has it, as files: a link would lead to the SvelteKit 3 of this project. And
 * give the apps the sources that they share with their twins.
 */
export function prepareKit2(): void {
	const own = join(kit2Folder, 'node_modules/svelte-adapter-ws');
	rmSync(own, { recursive: true, force: true });
	for (const name of ['package.json', 'index.js', 'index.d.ts', 'files']) {
		cpSync(join(root, name), join(own, name), { recursive: true });
	}
	share('test/conformance/websocket/fixtures/app/src', join(kit2App, 'src'));
	share('test/comparison/fixtures/app/src', join(kit2Comparison, 'src'));
	share('examples/chat/src', join(kit2Chat, 'src'));
	share('examples/chat/static', join(kit2Chat, 'static'));
}

function share(from: string, to: string): void {
	rmSync(to, { recursive: true, force: true });
	cpSync(join(root, from), to, { recursive: true });
}
