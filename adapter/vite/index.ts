import type { Plugin } from 'vite';
import type { ResolvedOptions } from '../options.ts';
import { buildPlugin } from './build.ts';
import { hooksPlugin } from './hooks.ts';

/** Everything that has to happen inside the app's own Vite. */
export function vitePlugins(options: ResolvedOptions): Plugin[] {
	const plugins = [buildPlugin(options)];
	if (options.websocket) plugins.push(hooksPlugin());
	return plugins;
}
