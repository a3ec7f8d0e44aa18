import type { Plugin } from 'vite';
import type { ResolvedOptions } from '../options.ts';
import { buildPlugin } from './build.ts';
import type { KitContext } from './context.ts';
import { devPlugin } from './dev.ts';
import { guardPlugin } from './guard.ts';
import { hookFilePlugin } from './hook-file.ts';
import { hooksPlugin } from './hooks.ts';
import { previewPlugin } from './preview.ts';

/** Everything that has to happen inside the app's own Vite. */
export function vitePlugins(options: ResolvedOptions, kit: KitContext, major: 2 | 3): Plugin[] {
	const { websocket } = options;
	if (!websocket) return [buildPlugin(options, major)];
	const context = { websocket, kit, major };
	return [
		buildPlugin(options, major),
		hookFilePlugin({ hook: websocket.entry, ...kit.files }),
		guardPlugin(websocket.entry),
		hooksPlugin(),
		devPlugin(context),
		previewPlugin(context)
	];
}
