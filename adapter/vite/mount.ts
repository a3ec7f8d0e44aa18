import type { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { posix } from 'node:path';
import { inspect } from 'node:util';
import type { Connect, Logger } from 'vite';
import type { MountedSockets, MountOptions } from '../../src/server/mount.ts';
import type { Log } from '../../src/server/log.ts';
import { sentence } from '../../src/shared/errors.ts';
import { webSocketSettings } from '../handoff.ts';
import type { Bypasses } from './bypass.ts';
import { countListeners, isForProxy, isForUpdates, type ViteClaims } from './claims.ts';
import type { SocketContext } from './context.ts';
import { isProxy } from './respond.ts';

/** One of Vite's servers, for dev or preview. */
export interface ViteServer {
	/** For HTTP/1, or with a certificate for HTTP/2 too: both emit `upgrade` alike. */
	httpServer: EventEmitter;
	middlewares: Connect.Server;
	claims: ViteClaims;
	bypasses: Bypasses;
	isHttps: boolean;
	log: Log;
}

/** How the sockets of an app are made for one of Vite's servers. */
export function mountOptions(
	{ websocket, kit }: SocketContext,
	{ isHttps, log }: Pick<ViteServer, 'isHttps' | 'log'>,
	respond: MountOptions['respond']
): MountOptions {
	return {
		settings: webSocketSettings(websocket, kit),
		base: kit.paths.base,
		appPath: posix.join(kit.paths.base, kit.appDir).replace(/^\//, ''),
		origin: kit.paths.origin,
		protocol: isHttps ? 'https' : 'http',
		respond,
		log
	};
}

/**
 * Errors with their whole stack: whoever reads this is about to mend it.
 * @param mapStack where Vite has not done it: in SvelteKit 3 its runner does
 */
export function viteLog(logger: Logger, mapStack: Log['mapStack'] = () => {}): Log {
	return {
		info: (what) => logger.info(what),
		warn: (what, value, todo) => logger.warn(sentence(what, value, todo)),
		error(what, error) {
			mapStack(error);
			logger.error(`${sentence(what)}\n${stackOf(error)}`);
		},
		mapStack
	};
}

/** Whatever was thrown, and though its getters may throw in their turn. */
function stackOf(error: unknown): string {
	try {
		return error instanceof Error ? (error.stack ?? error.message) : inspect(error);
	} catch {
		return `${typeof error} that cannot be shown`;
	}
}

export interface Mounted {
	/** To be called when Vite has added its own middlewares. */
	follow(): void;
	unmount(): void;
}

/**
 * Let sockets in through one of Vite's servers, beside those of Vite and of its proxies.
 * @param load makes sure that `sockets` knows the hook file; never rejects
 */
export function mount(
	sockets: MountedSockets,
	server: ViteServer,
	load: () => Promise<void>
): Mounted {
	const unmount = mountUpgrades(sockets, server, load);
	const { middlewares, claims } = server;
	let loaded: Promise<void> | undefined;
	const handle: Connect.NextHandleFunction = (req, res, next) => {
		// Once is enough: a page asks for hundreds of modules, and who edits a file is heard of.
		loaded ??= load();
		void loaded.then(() => sockets.handle(req, res, next));
	};
	const forVite = new WeakSet<IncomingMessage>();
	middlewares.use((req, res, next) => {
		if (!isForUpdates(req, claims) && !isForProxy(req, claims)) return handle(req, res, next);
		forVite.add(req);
		next();
	});
	const follow = () => {
		// What a proxy hands back is for everybody who comes after it.
		const index = middlewares.stack.findIndex(isProxy);
		if (index === -1) return;
		const takeBack: Connect.NextHandleFunction = (req, res, next) =>
			forVite.has(req) ? handle(req, res, next) : next();
		middlewares.stack.splice(index + 1, 0, { route: '', handle: takeBack });
	};
	return { follow, unmount };
}

/** @returns undoes it */
function mountUpgrades(
	sockets: MountedSockets,
	{ httpServer, claims, bypasses }: ViteServer,
	load: () => Promise<void>
): () => void {
	const detach = sockets.attach(httpServer, {
		ready: load,
		known: countListeners(claims),
		isLeft: (req) => isForUpdates(req, claims) || isForProxy(req, claims),
		leave(req, socket, answer) {
			if (!isForUpdates(req, claims)) bypasses.listen(req, socket, answer);
		}
	});
	const unmount = () => {
		httpServer.off('close', unmount);
		detach();
	};
	httpServer.once('close', unmount);
	return unmount;
}
