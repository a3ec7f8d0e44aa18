import type { Plugin } from 'vite';
import { buildPlugin } from './build.ts';
import { withSockets, type FindApp, type FindSockets } from './context.ts';
import { devPlugin } from './dev.ts';
import { guardPlugin } from './guard.ts';
import { hookFilePlugin } from './hook-file.ts';
import { hooksPlugin } from './hooks.ts';
import { previewPlugins } from './preview.ts';

/** Everything that has to happen inside the app's own Vite. */
export function vitePlugins(find: FindApp): Plugin[] {
	const findSockets: FindSockets = () => withSockets(find());
	return [
		buildPlugin(find),
		hookFilePlugin(findSockets),
		guardPlugin(findSockets),
		hooksPlugin(findSockets),
		devPlugin(findSockets),
		...previewPlugins(findSockets)
	];
}
