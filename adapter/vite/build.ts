import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BuildOptions, Plugin, ResolvedConfig } from 'vite';
import { AdapterError } from '../../src/shared/errors.ts';
import { defaultEntry } from '../options.ts';
import type { AppContext, FindApp } from './context.ts';
import { serverEntries, websocketEntry } from './entries.ts';
import { packageName } from './files.ts';
import { findFile, hookModule } from './hook-file.ts';

const addon = 'uWebSockets.js';

/**
 * Adds the server's entry and `src/websocket` to the inputs of Vite's own SSR build, as adapter-node 6 does: one module
 * graph, so a module that a page and the socket hook both import is one object.
 */
export function buildPlugin(find: FindApp): Plugin {
	let browsersSourcemap: BuildOptions['sourcemap'];
	let kit2: ResolvedConfig | undefined;
	return {
		name: 'svelte-adapter-ws:build',
		apply: 'build',
		config: {
			// Kit's plugins may come after this one, and they say whether this is the build for the server.
			order: 'post',
			handler(config) {
				const app = find();
				// SvelteKit 2 builds for browsers in a build of its own.
				if (app === undefined || (app.major === 2 && !config.build?.ssr)) return undefined;
				const root = resolve(config.root ?? '.');
				browsersSourcemap = config.build?.sourcemap;
				const options = { input: entries(root, app), external: [addon] };
				return {
					ssr: { external: externals(root, config.ssr?.noExternal), noExternal: true },
					...(app.major === 2
						? {
								build: {
									rollupOptions: options,
									// As SvelteKit 3 has it: errors then name the sources.
									sourcemap: browsersSourcemap ?? true
								}
							}
						: { environments: { ssr: { build: { rolldownOptions: options } } } })
				};
			}
		},
		configResolved(config) {
			if (find()?.major === 2 && config.build.ssr) kit2 = config;
		},
		writeBundle: {
			// Before SvelteKit 2 builds for browsers, with the same option: they are to get the sources only if the app says so.
			order: 'pre',
			handler() {
				if (kit2) Object.assign(kit2.build, { sourcemap: browsersSourcemap });
			}
		}
	};
}

/** @throws {AdapterError} `bad_option` if the hook file was named and is not there */
function entries(root: string, { websocket }: AppContext): Record<string, string> {
	const server = serverEntries();
	if (!websocket) return server;
	if (findFile(root, websocket.entry)) return { ...server, [websocketEntry]: hookModule };
	if (websocket.entry !== defaultEntry) throw missingEntry(websocket.entry);
	return server;
}

function missingEntry(entry: string): AdapterError {
	return new AdapterError('bad_option', {
		what: 'The option websocket.entry names a file that does not exist',
		value: JSON.stringify(entry),
		todo: 'Give its path relative to the project, with or without .ts or .js.'
	});
}

/**
 * The app's `dependencies` stay outside of the bundle, but for those that have to be compiled: `vite-plugin-svelte` lists
 * Svelte libraries in `noExternal`.
 */
export function externals(root: string, noExternal: unknown): string[] {
	const rules: unknown[] = Array.isArray(noExternal) ? noExternal : [];
	const isCompiled = (name: string) =>
		rules.some((rule) => (rule instanceof RegExp ? rule.test(name) : rule === name));
	const production = readDependencies(root).filter(
		(name) => name !== packageName && !isCompiled(name)
	);
	return [...production, addon];
}

function readDependencies(root: string): string[] {
	const file = resolve(root, 'package.json');
	if (!existsSync(file)) return [];
	const manifest = JSON.parse(readFileSync(file, 'utf8')) as { dependencies?: object };
	return Object.keys(manifest.dependencies ?? {});
}
