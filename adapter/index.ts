import type { Adapter } from '@sveltejs/kit';
import { adapt } from './adapt.ts';
import { isBuilder2, toBuilder } from './kit2.ts';
import { resolveOptions, type AdapterOptions } from './options.ts';
import type { AppContext } from './vite/context.ts';
import { emulator } from './vite/dev.ts';
import { vitePlugins } from './vite/index.ts';
import { rememberOptions } from './vite/websockets.ts';

/**
 * A SvelteKit adapter that serves the app over HTTP and WebSockets on one port, on uWebSockets.js.
 * @throws {AdapterError} `bad_option`
 */
export default function adapterWs(given?: AdapterOptions): Adapter {
	const options = resolveOptions(given);
	const adapter: Adapter = {
		name: 'svelte-adapter-ws',
		adapt: async (builder) =>
			adapt(await toBuilder(builder, options), options, isBuilder2(builder)),
		emulate: () => emulator(options),
		supports: {
			read: () => true,
			instrumentation: () => true
		},
		vite: ({ config }) => {
			const app: AppContext = { websocket: options.websocket, kit: config, major: 3 };
			return { plugins: { post: vitePlugins(() => app) } };
		}
	};
	return rememberOptions(adapter, options);
}
