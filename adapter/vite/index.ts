import type { Plugin } from 'vite';
import type { ResolvedOptions } from '../options.ts';
import { buildPlugin } from './build.ts';
import { hookFilePlugin } from './hook-file.ts';
import { hooksPlugin } from './hooks.ts';

/**
 * Everything that has to happen inside the app's own Vite.
 * @param params Kit's `files.params`
 */
export function vitePlugins(options: ResolvedOptions, params: string): Plugin[] {
	const { websocket } = options;
	if (!websocket) return [buildPlugin(options)];
	return [buildPlugin(options), hookFilePlugin({ hook: websocket.entry, params }), hooksPlugin()];
}
