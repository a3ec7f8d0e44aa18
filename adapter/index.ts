import type { Adapter } from '@sveltejs/kit';
import { adapt } from './adapt.ts';
import { isBuilder2, rememberOptions, toBuilder } from './kit2.ts';
import { resolveOptions, type AdapterOptions } from './options.ts';
import { emulator } from './vite/dev.ts';
import { vitePlugins } from './vite/index.ts';

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
		emulate: emulator,
		supports: {
			read: () => true,
			instrumentation: () => true
		},
		vite: ({ config }) => ({ plugins: { post: vitePlugins(options, config, 3) } })
	};
	return rememberOptions(adapter, options);
}
