import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Server } from '@sveltejs/kit';
import type { Plugin, PreviewServer } from 'vite';
import { MountedSockets, type MountOptions } from '../../src/server/mount.ts';
import { sharedRegistry } from '../../src/server/registry/global.ts';
import type { HookModule } from '../../src/server/websocket/routes.ts';
import type { AppContext } from './context.ts';
import { websocketEntry } from './entries.ts';
import { mount, mountOptions } from './mount.ts';

/** Sockets in `vite preview`: those of the build that Kit previews, which shares its modules with the pages. */
export function previewPlugin(context: AppContext): Plugin {
	return {
		name: 'svelte-adapter-ws:preview',
		configurePreviewServer: (server) => mountPreview(server, context)
	};
}

async function mountPreview(server: PreviewServer, context: AppContext): Promise<void> {
	const { config, httpServer, middlewares } = server;
	const { logger } = config;
	const isHttps = config.preview.https !== undefined;
	const folder = join(context.kit.outDir, 'output/server');
	const sockets = new MountedSockets(
		mountOptions(context, { isHttps, logger }, await findRespond(folder))
	);
	const hook = join(folder, `${websocketEntry}.js`);
	if (existsSync(hook)) sockets.use((await import(pathToFileURL(hook).href)) as HookModule);
	const { proxy } = config.preview;
	mount(
		sockets,
		{
			httpServer,
			middlewares,
			proxies: proxy,
			viteListeners: Number(proxy !== undefined),
			isHttps,
			logger
		},
		() => Promise.resolve()
	);
}

/** The running app's own answers: Kit has started it by now, and `configure` hands it out (`exports/vite/preview`). */
async function findRespond(folder: string): Promise<MountOptions['respond']> {
	const url = pathToFileURL(join(folder, 'index.js')).href;
	const { configure } = (await import(url)) as {
		configure(options: object): Promise<Pick<Server, 'respond'>>;
	};
	const { respond } = await configure({});
	return (request, incoming) =>
		respond(request, {
			platform: { req: incoming, websockets: sharedRegistry() },
			getClientAddress: () => incoming.socket.remoteAddress ?? ''
		});
}
