import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type {
	Http2SecureServer,
	Http2Server,
	Http2ServerRequest,
	Http2ServerResponse
} from 'node:http2';
import type { Server as HttpsServer } from 'node:https';
import process from 'node:process';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Handoff } from '../shared/handoff.ts';
import { App } from './app.ts';
import { closeSockets } from './closing.ts';
import { createAppConfig } from './config.ts';
import { wantsSocket } from './engine/node/doorway.ts';
import { SocketGroup } from './engine/node/group.ts';
import { createNodeEngine, type NodeEngine } from './engine/node/index.ts';
import type { Variables } from './env.ts';
import { createLog } from './log.ts';
import { surviveLostOutput } from './output.ts';

/** The app for a server of one's own. */
export interface CustomServer {
	/** A handler in the style of connect, for `node:http`, `node:http2`, express, polka and the like. It answers every request. */
	handler(
		req: IncomingMessage | Http2ServerRequest,
		res: ServerResponse | Http2ServerResponse,
		next?: () => void
	): void;
	/**
	 * Let the app's sockets in. Upgrades to other paths are left to others that listen for them on the server; what nobody
	 * takes within five seconds is answered 404. The same server again gives what it gave before.
	 */
	attach(server: Server | HttpsServer | Http2Server | Http2SecureServer): AttachedSockets;
	/**
	 * Take one upgrade, for a server that tells its upgrades apart by itself. The path alone decides: what only `reroute` leads
	 * to a socket is not taken.
	 * @returns whether it was taken, and will be answered
	 */
	upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): boolean;
	/** What `close` of `attach` does, for all servers and for what `upgrade` has taken. */
	close(): Promise<void>;
}

/** The app's sockets on one server. */
export interface AttachedSockets {
	/**
	 * Take no more upgrades of the server, and close the sockets that came in there with 1001. What is left after
	 * `SHUTDOWN_TIMEOUT` is cut. Harmless when called twice.
	 * @returns when the last of their connections is gone
	 */
	close(): Promise<void>;
}

/**
 * The app without a server around it, always on the Node engine.
 * @throws {AdapterError} `bad_env`, or what is wrong with `src/websocket`
 */
export async function createHandler(
	handoff: Handoff,
	variables: Variables = process.env
): Promise<CustomServer> {
	surviveLostOutput();
	const config = createAppConfig(handoff, variables);
	const app = new App(handoff, config, createLog());
	const engine = await createNodeEngine(app.engineOptions, app.handlers);
	await app.init(engine, variables);
	const sockets = new GuestSockets(app, engine, config.shutdownTimeout);
	return {
		// What node:http2 hands over has all that is used of node:http.
		handler: (req, res) => engine.receive(req as IncomingMessage, res as ServerResponse),
		attach: (server) => sockets.attach(server as Server),
		upgrade: (...upgrade) => sockets.take(...upgrade),
		close: () => sockets.close()
	};
}

/** The app's sockets on servers of somebody else. */
class GuestSockets {
	readonly #app: App;
	readonly #engine: NodeEngine;
	/** Seconds. */
	readonly #timeout: number;
	readonly #attached = new Map<Server, AttachedSockets>();
	/** Those that were handed over one by one. */
	#single = new SocketGroup();
	#isClosed = false;

	constructor(app: App, engine: NodeEngine, timeout: number) {
		this.#app = app;
		this.#engine = engine;
		this.#timeout = timeout;
	}

	attach(server: Server): AttachedSockets {
		const attached = this.#attached.get(server) ?? this.#attach(server);
		this.#attached.set(server, attached);
		return attached;
	}

	take(req: IncomingMessage, socket: Duplex, head: Buffer): boolean {
		if (this.#isClosed || !wantsSocket(req) || !this.#app.isAt(req.url ?? '/')) return false;
		this.#engine.receiveUpgrade(req, socket, head, this.#single);
		return true;
	}

	async close(): Promise<void> {
		this.#isClosed = true;
		const attached = [...this.#attached.values()].map((each) => each.close());
		await Promise.all([...attached, this.#closeGroup(this.#single)]);
	}

	#attach(server: Server): AttachedSockets {
		const attachment = this.#engine.attach(server, { isAt: (target) => this.#app.isAt(target) });
		let closing: Promise<void> | undefined;
		const close = async () => {
			this.#attached.delete(server);
			attachment?.detach();
			if (attachment) await this.#closeGroup(attachment.group);
		};
		return { close: () => (closing ??= close()) };
	}

	async #closeGroup(group: SocketGroup): Promise<void> {
		const deadline = new AbortController();
		const late = sleep(this.#timeout * 1000, undefined, { signal: deadline.signal }).catch(
			() => {}
		);
		await Promise.race([closeSockets(group, deadline.signal), late]);
		deadline.abort();
		group.cut();
	}
}
