import type { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Connect, Logger } from 'vite';
import type { MountedSockets, MountOptions } from '../../src/server/mount.ts';
import type { Log } from '../../src/server/log.ts';
import { sentence } from '../../src/shared/errors.ts';
import { webSocketSettings } from '../handoff.ts';
import { Claim, isTakenByVite, type Proxies } from './claims.ts';
import type { AppContext } from './context.ts';

/** One of Vite's servers, for dev or preview. */
export interface ViteServer {
	/** For HTTP/1, or with a certificate for HTTP/2 too: both emit `upgrade` alike. */
	httpServer: EventEmitter;
	middlewares: Connect.Server;
	proxies: Proxies;
	/** How many listeners for upgrades Vite itself has added. */
	viteListeners: number;
	isHttps: boolean;
	logger: Logger;
}

/** How the sockets of an app are made for one of Vite's servers. */
export function mountOptions(
	{ websocket, kit }: AppContext,
	{ isHttps, logger }: Pick<ViteServer, 'isHttps' | 'logger'>,
	respond: MountOptions['respond']
): MountOptions {
	return {
		settings: webSocketSettings(websocket, kit),
		base: kit.paths.base,
		origin: kit.paths.origin,
		protocol: isHttps ? 'https' : 'http',
		respond,
		log: viteLog(logger)
	};
}

/** Errors with their whole stack: whoever reads this is about to mend it. */
export function viteLog(logger: Logger): Log {
	return {
		info: (what) => logger.info(what),
		warn: (what, value) => logger.warn(sentence(what, value)),
		error: (what, error) =>
			logger.error(
				`${sentence(what)}\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
			)
	};
}

/**
 * Let sockets in through one of Vite's servers, beside those of Vite and of its proxies.
 * @param load makes sure that `sockets` knows the hook file; never rejects
 * @returns undoes it
 */
export function mount(
	sockets: MountedSockets,
	{ httpServer, middlewares, proxies, viteListeners }: ViteServer,
	load: () => Promise<void>
): () => void {
	const take = async (req: IncomingMessage, socket: Socket, head: Buffer) => {
		const claim = new Claim(socket);
		await load();
		const hasOthers = httpServer.listenerCount('upgrade') > viteListeners + 1;
		const isFree = sockets.isAt(req.url ?? '/') || !hasOthers;
		if (claim.isTaken || (!isFree && (await claim.isTakenInTime()))) return;
		// What nobody else wants: `reroute` may lead to a socket, else it is answered 404.
		sockets.upgrade(req, socket, head);
	};
	const listener = (req: IncomingMessage, socket: Duplex, head: Buffer) => {
		if (isTakenByVite(req, proxies)) return;
		// Until somebody listens an error of the connection would end the process.
		socket.on('error', () => {});
		void take(req, socket as Socket, head);
	};
	httpServer.on('upgrade', listener);
	middlewares.use((req, res, next) => void load().then(() => sockets.handle(req, res, next)));
	const unmount = () => {
		httpServer.off('upgrade', listener);
		sockets.close();
	};
	httpServer.once('close', unmount);
	return unmount;
}
