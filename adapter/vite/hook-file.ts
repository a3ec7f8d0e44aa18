import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Plugin } from 'vite';
import { sentence } from '../../src/shared/errors.ts';

/** The module that the server loads: what the hook file exports, and the app's param matchers. */
export const hookModule = 'virtual:svelte-adapter-ws/websocket';

/** Its id in Vite's module graph. */
export const resolvedHookModule = `\0${hookModule}`;

/** Files of the app, with or without their extension, relative to its root. */
export interface AppFiles {
	/** The option `websocket.entry`. */
	hook: string;
	/** Kit's `files.params`. */
	params: string;
	/** Code that exports the param matchers in there as `matchers`. Default: for SvelteKit 3, which has one file for all. */
	exportMatchers?(root: string, params: string): string;
}

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
export function hookFilePlugin(files: AppFiles): Plugin {
	let root = '';
	return {
		name: 'svelte-adapter-ws:hook-file',
		configResolved(config) {
			root = config.root;
		},
		resolveId: {
			filter: { id: /^virtual:svelte-adapter-ws\/websocket$/ },
			handler: () => resolvedHookModule
		},
		buildEnd() {
			const hook = this.environment.name === 'ssr' && findFile(root, files.hook);
			const info = hook && this.getModuleInfo(hook);
			const warning = info && unreadExports(files.hook, info.exports ?? []);
			if (warning) this.environment.logger.warn(warning);
		},
		load: {
			filter: { id: /^\0virtual:svelte-adapter-ws\/websocket$/ },
			handler() {
				const hook = findFile(root, files.hook);
				if (hook === undefined) return 'export const isAbsent = true;';
				const matchers = (files.exportMatchers ?? exportMatchers)(root, files.params);
				return `export * from ${JSON.stringify(hook)};\n${matchers}`;
			}
		}
	};
}

function exportMatchers(root: string, params: string): string {
	const file = findFile(root, params);
	return file === undefined ? '' : `export { params as matchers } from ${JSON.stringify(file)};`;
}

/** What to say about exports of the hook file that are not its hooks: Kit's own hooks are looked for in another file. */
export function unreadExports(hook: string, names: string[]): string | undefined {
	const unread = names.filter((name) => name !== 'websocket' && name !== 'matchers').toSorted();
	if (unread.length === 0) return undefined;
	return sentence(
		`${hook} exports what nobody reads`,
		unread.join(', '),
		'Only websocket is used: move the rest to a module of its own.'
	);
}
