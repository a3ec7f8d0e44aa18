import type { Server } from 'node:http';
import { posix } from 'node:path';
import process from 'node:process';
import type { Emulator } from '@sveltejs/kit';
import type { Environment, Plugin, ViteDevServer } from 'vite';
import { MountedSockets } from '../../src/server/mount.ts';
import { probeHeader } from '../../src/shared/probe.ts';
import type { Log } from '../../src/server/log.ts';
import { sharedRegistry } from '../../src/server/registry/global.ts';
import type { ResolvedOptions } from '../options.ts';
import { Bypasses } from './bypass.ts';
import type { FindSockets, SocketContext } from './context.ts';
import { packageName } from './files.ts';
import { findFile, unreadExports } from './hook-file.ts';
import { LiveHook } from './live-hook.ts';
import { pluginMissing } from './missing.ts';
import { respondThrough } from './respond.ts';
import { mount, mountOptions, viteLog, type Mounted, type ViteServer } from './mount.ts';

/**
 * `event.platform` where Kit runs without our server: in dev and preview, and while it analyses and prerenders. Kit asks
 * for it without the request, so `req` is not there. It is asked for once per server, when Vite has read its config: the
 * time to say that sockets are off for want of the plugin.
 */
export function emulator({ websocket }: ResolvedOptions): Emulator {
	const registry = sharedRegistry();
	const needsPlugin =
		websocket && findFile(process.cwd(), websocket.entry) !== undefined && !isPrerendering();
	if (needsPlugin && !registry.hasPlugins) {
		console.warn(`${pluginMissing().message} Until then sockets are off.`);
	}
	registry.hasPlugins = false;
	const platform: Partial<App.Platform> = { websockets: registry };
	return { platform: () => platform as App.Platform };
}

/** In a thread of its own, which has no Vite: `utils/fork.js` in Kit. */
function isPrerendering(): boolean {
	return process.env['SVELTEKIT_FORK'] !== undefined;
}

/** Sockets in `vite dev`, with the hook file as it is now. */
export function devPlugin(find: FindSockets): Plugin {
	// When Vite restarts, the next server is configured before the last one closes, perhaps by the same plugin.
	const mounts = new WeakMap<Environment, MountedDev>();
	return {
		name: 'svelte-adapter-ws:dev',
		apply: 'serve',
		config() {
			if (find() === undefined) return undefined;
			sharedRegistry().hasPlugins = true;
			// Its components have to be compiled, also for an app that does not list it in a package.json of its own.
			return { ssr: { noExternal: [packageName] } };
		},
		configureServer(server) {
			const context = find();
			const mounted = context && mountDev(server, context);
			const ssr = server.environments['ssr'];
			if (ssr && mounted) mounts.set(ssr, mounted);
			return mounted?.follow;
		},
		hotUpdate(options) {
			void mounts.get(this.environment)?.hook.update(options);
		},
		// Vite closes the plugins of a dev server when it stops or restarts; a server of one's own lives on.
		closeBundle() {
			mounts.get(this.environment)?.unmount();
		}
	};
}

interface MountedDev extends Mounted {
	hook: LiveHook;
}

function mountDev(server: ViteDevServer, context: SocketContext): MountedDev | undefined {
	const { config, middlewares } = server;
	const log = viteLog(config.logger, (error) => fixStack(error, server, context));
	const httpServer = server.httpServer ?? parentServer(server);
	if (!httpServer) {
		tellWhoServesPages(server, context, log);
		return undefined;
	}
	const isHttps = config.server.https !== undefined;
	const options = mountOptions(context, { isHttps, log }, (request, incoming) =>
		respondThrough(middlewares, request, incoming)
	);
	const sockets = new MountedSockets({ ...options, checksOutgoing: true });
	const hook = new LiveHook(server, context, async (module) => {
		await sockets.use(module);
		const warning = unreadExports(context.websocket.entry, Object.keys(module ?? {}));
		if (warning) config.logger.warn(warning);
	});
	const bypasses = new Bypasses(config.server);
	const mounted = mount(
		sockets,
		{
			httpServer,
			middlewares,
			claims: { updates: updatesPath(server, httpServer), proxies: config.server.proxy },
			bypasses,
			isHttps,
			log
		},
		() => hook.load()
	);
	return {
		hook,
		follow: mounted.follow,
		unmount() {
			hook.close();
			mounted.unmount();
		}
	};
}

/** Without a module runner, which SvelteKit 2 does not use, errors know the places in what Vite has made of the files. */
function fixStack(error: unknown, server: ViteDevServer, { major }: SocketContext): void {
	if (major === 2 && error instanceof Error) server.ssrFixStacktrace(error);
}

/**
 * Tests and other tools run Vite without a server, and want no sockets. Whoever serves the app's pages like that is told that
 * they have none.
 */
function tellWhoServesPages(
	{ config, middlewares }: ViteDevServer,
	{ websocket }: SocketContext,
	log: Log
): void {
	let isTold = false;
	middlewares.use(({ headers }, _res, next) => {
		const wantsSocket = /text\/html/.test(headers.accept ?? '') || probeHeader in headers;
		if (!isTold && wantsSocket && findFile(config.root, websocket.entry) !== undefined) {
			isTold = true;
			log.warn(
				'Sockets are off: in middleware mode Vite has no server to which they could connect',
				undefined,
				'Give it yours with server: { middlewareMode: { server } }.'
			);
		}
		next();
	});
}

/** The server that somebody runs Vite's middlewares on, if Vite was told. */
function parentServer({ config }: ViteDevServer): ViteServer['httpServer'] | undefined {
	const { middlewareMode } = config.server;
	return typeof middlewareMode === 'object' ? (middlewareMode.server as Server) : undefined;
}

/** Where the socket for updates is, if it is on this server: `createWebSocketServer` in Vite. */
function updatesPath(
	{ config, httpServer }: ViteDevServer,
	mounted: ViteServer['httpServer']
): string | undefined {
	const { ws, port } = config.server;
	if (ws === false) return undefined;
	const { server, port: wsPort = port, path = '' } = ws ?? {};
	const its = server ?? (wsPort === port ? httpServer : null);
	return its === mounted ? posix.join(config.base, path) : undefined;
}
