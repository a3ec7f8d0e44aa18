import { AsyncLocalStorage } from 'node:async_hooks';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Server } from '@sveltejs/kit';
import type { Plugin, PreviewServer } from 'vite';
import { MountedSockets, type MountOptions } from '../../src/server/mount.ts';
import type { Log } from '../../src/server/log.ts';
import { StackMapper } from '../../src/server/stack.ts';
import { sharedRegistry } from '../../src/server/registry/global.ts';
import type { HookModule } from '../../src/server/routing/routes.ts';
import { Bypasses } from './bypass.ts';
import type { FindSockets, SocketContext } from './context.ts';
import { websocketEntry } from './entries.ts';
import { mount, mountOptions, viteLog, type Mounted } from './mount.ts';
import { respondThrough } from './respond.ts';

/** An app's answer, once it is there. */
type Respond = MountOptions['respond'];

/** Sockets of which Kit knows before it starts the app, and that are let in once it has. */
interface EarlySockets {
	sockets: MountedSockets;
	isHttps: boolean;
	log: Log;
	answerWith(respond: Respond): void;
}

/** Sockets in `vite preview`: those of the build that Kit previews, which shares its modules with the pages. */
export function previewPlugins(find: FindSockets): Plugin[] {
	const early = new WeakMap<PreviewServer, EarlySockets>();
	return [
		{
			name: 'svelte-adapter-ws:preview-init',
			configurePreviewServer: {
				// Kit runs `init` in the same hook, and what that subscribes to needs somebody who publishes.
				order: 'pre',
				handler(server) {
					const context = find();
					if (context) early.set(server, createSockets(server, context));
				}
			}
		},
		{
			name: 'svelte-adapter-ws:preview',
			async configurePreviewServer(server) {
				const context = find();
				const made = early.get(server);
				return context && made && (await mountPreview(server, context, made)).follow;
			}
		}
	];
}

function createSockets({ config }: PreviewServer, context: SocketContext): EarlySockets {
	const stacks = new StackMapper();
	const log = viteLog(config.logger, (error) => stacks.map(error));
	const isHttps = config.preview.https !== undefined;
	const { promise, resolve } = Promise.withResolvers<Respond>();
	const options = mountOptions(context, { isHttps, log }, async (request, incoming) =>
		(await promise)(request, incoming)
	);
	return { sockets: new MountedSockets(options), isHttps, log, answerWith: resolve };
}

async function mountPreview(
	server: PreviewServer,
	context: SocketContext,
	{ sockets, isHttps, log, answerWith }: EarlySockets
): Promise<Mounted> {
	const { config, httpServer, middlewares } = server;
	const folder = join(context.kit.outDir, 'output/server');
	answerWith(
		context.major === 3
			? behindChecks(middlewares, await findRespond(folder))
			: (request, incoming) => respondThrough(middlewares, request, incoming)
	);
	const hook = join(folder, `${websocketEntry}.js`);
	const bypasses = new Bypasses(config.preview);
	const mounted = mount(
		sockets,
		{
			httpServer,
			middlewares,
			claims: { proxies: config.preview.proxy },
			bypasses,
			isHttps,
			log
		},
		() => Promise.resolve()
	);
	// It may set up something on the server.
	if (existsSync(hook)) await sockets.use((await import(pathToFileURL(hook).href)) as HookModule);
	return mounted;
}

/**
 * An app's answer behind what the server has in front of the app, such as its check of the host; but before files and
 * prerendered pages, with which a socket may share its path.
 */
function behindChecks(middlewares: PreviewServer['middlewares'], respond: Respond): Respond {
	const passes = new AsyncLocalStorage<() => void>();
	middlewares.use((_req, _res, next) => (passes.getStore() ?? next)());
	return (request, incoming) => {
		const { promise, resolve } = Promise.withResolvers<Response>();
		const refused = passes.run(
			() => resolve(respond(request, incoming)),
			() => respondThrough(middlewares, request, incoming)
		);
		return Promise.race([promise, refused]);
	};
}

/** The running app's own answers: Kit has started it by now, and `configure` hands it out (`exports/vite/preview`). */
async function findRespond(folder: string): Promise<Respond> {
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
