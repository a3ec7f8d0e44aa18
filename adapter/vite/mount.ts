import type { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { inspect } from 'node:util';
import type { Connect, Logger } from 'vite';
import type { MountedSockets, MountOptions } from '../../src/server/mount.ts';
import type { Log } from '../../src/server/log.ts';
import { sentence } from '../../src/shared/errors.ts';
import { webSocketSettings } from '../handoff.ts';
import type { Bypasses } from './bypass.ts';
import { Claim, countListeners, isForProxy, isForUpdates, type ViteClaims } from './claims.ts';
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
	{ httpServer, claims, bypasses, log }: ViteServer,
	load: () => Promise<void>
): () => void {
	const taken = new Set<Duplex>();
	let isMounted = true;
	const take = async (req: IncomingMessage, socket: Socket, head: Buffer) => {
		const claim = new Claim(socket);
		await load();
		const hasOthers = httpServer.listenerCount('upgrade') > countListeners(claims) + 1;
		const isFree = sockets.isAt(req.url ?? '/') || !hasOthers;
		if (claim.isTaken || (!isFree && (await claim.isTakenInTime()))) return;
		// What nobody else wants: `reroute` may lead to a socket, else it is answered 404.
		if (!isMounted) return void socket.destroy();
		taken.add(socket);
		socket.once('close', () => taken.delete(socket));
		sockets.upgrade(req, socket, head);
	};
	const listener = (req: IncomingMessage, socket: Duplex, head: Buffer) => {
		// Until somebody listens an error of the connection would end the process.
		socket.on('error', () => {});
		if (isForUpdates(req, claims)) return;
		const answer = () => {
			take(req, socket as Socket, head).catch((error: unknown) => {
				log.error('An upgrade failed', error);
				socket.destroy();
			});
		};
		if (isForProxy(req, claims)) bypasses.listen(req, socket, answer);
		else answer();
	};
	const unmount = () => {
		httpServer.off('upgrade', listener);
		httpServer.off('close', unmount);
		isMounted = false;
		sockets.close();
		// Handshakes too: a server that is not Vite's own does not end with it.
		for (const socket of taken) socket.destroy();
	};
	httpServer.on('upgrade', listener);
	httpServer.once('close', unmount);
	return unmount;
}
