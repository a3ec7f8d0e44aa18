import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Plugin } from 'vite';
import { sentence } from '../../src/shared/errors.ts';
import type { FindSockets } from './context.ts';

/** The module that the server loads: what the hook file exports, and the app's param matchers. */
export const hookModule = 'virtual:svelte-adapter-ws/websocket';

/** Its id in Vite's module graph. */
export const resolvedHookModule = `\0${hookModule}`;

/** A file of the app, found as Kit finds its own. The path has slashes, as in the ids of Vite's modules. */
export function findFile(root: string, name: string): string | undefined {
	return candidates(root, name).find((path) => existsSync(path));
}

/** Whether a path would be found by this name. */
export function isAppFile(root: string, name: string, path: string): boolean {
	return candidates(root, name).includes(path.replaceAll('\\', '/'));
}

function candidates(root: string, name: string): string[] {
	const path = resolve(root, name).replaceAll('\\', '/');
	const all = [path, `${path}.ts`, `${path}.js`, `${path}/index.ts`, `${path}/index.js`];
	return all.filter((candidate) => /\.[jt]s$/.test(candidate));
}

/** Provides `hookModule`. Without a hook file it says so. */
export function hookFilePlugin(find: FindSockets): Plugin {
	let root = '';
	return {
		name: 'svelte-adapter-ws:hook-file',
		applyToEnvironment: () => find() !== undefined,
		configResolved(config) {
			root = config.root;
		},
		resolveId: {
			filter: { id: /^virtual:svelte-adapter-ws\/websocket$/ },
			// Vite before 6.3 knows no filters.
			handler: (id) => (id === hookModule ? resolvedHookModule : null)
		},
		buildEnd() {
			const entry = find()?.websocket.entry;
			const hook = entry && this.environment.name === 'ssr' && findFile(root, entry);
			const info = hook && this.getModuleInfo(hook);
			const warning = info && unreadExports(entry, info.exports ?? []);
			if (warning) this.environment.logger.warn(warning);
		},
		load: {
			filter: { id: /^\0virtual:svelte-adapter-ws\/websocket$/ },
			handler(id) {
				if (id !== resolvedHookModule) return null;
				const app = find();
				const hook = app && findFile(root, app.websocket.entry);
				if (app === undefined || hook === undefined) return 'export const isAbsent = true;';
				const { params, exportMatchers = exportParams } = app.kit.files;
				return `export * from ${JSON.stringify(hook)};\n${exportMatchers(root, params)}`;
			}
		}
	};
}

function exportParams(root: string, params: string): string {
	const file = findFile(root, params);
	return file === undefined ? '' : `export { params as matchers } from ${JSON.stringify(file)};`;
}

/** What the server reads. */
const read = new Set(['websocket', 'topics', 'setup', 'matchers']);

/** What to say about exports of the hook file that are not its hooks: Kit's own hooks are looked for in another file. */
export function unreadExports(hook: string, names: string[]): string | undefined {
	const unread = names.filter((name) => !read.has(name)).toSorted();
	if (unread.length === 0) return undefined;
	return sentence(
		`${hook} exports what nobody reads`,
		unread.join(', '),
		'Only websocket, topics and setup are used: move the rest to a module of its own.'
	);
}
