import { Server, type IncomingMessage, type ServerResponse } from 'node:http';
import type {
	Http2SecureServer,
	Http2Server,
	Http2ServerRequest,
	Http2ServerResponse
} from 'node:http2';
import type { Server as HttpsServer } from 'node:https';
import { Server as NetServer } from 'node:net';
import process from 'node:process';
import type { Duplex } from 'node:stream';
import { AdapterError } from '../shared/errors.ts';
import type { Handoff } from '../shared/handoff.ts';
import { App } from './app.ts';
import { chooseBus } from './bus/choose.ts';
import { closeSockets, endStreams } from './closing.ts';
import { createAppConfig } from './config.ts';
import { Deadline } from './deadline.ts';
import type { Attachment } from './engine/node/attachment.ts';
import { wantsSocket } from './engine/node/doorway.ts';
import { SocketGroup } from './engine/node/group.ts';
import { createNodeEngine, type NodeEngine } from './engine/node/index.ts';
import type { Variables } from './env.ts';
import { createLog } from './log.ts';
import { surviveLostOutput } from './output.ts';
import type { Installation } from './setup.ts';
import { addressOfCustomServer, findCluster } from './workers/cluster.ts';

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
	 * `setup` of `src/websocket` is called with the server.
	 * @throws {AdapterError} `setup_failed`, if `setup` throws at once, or `bad_value` for what is no server of Node, such as the app of Express
	 */
	attach(server: Server | HttpsServer | Http2Server | Http2SecureServer): AttachedSockets;
	/**
	 * Take one upgrade, for a server that tells its upgrades apart by itself. The path alone decides: what only `reroute` leads
	 * to a socket is not taken.
	 * @returns whether it was taken, and will be answered
	 */
	upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): boolean;
	/** What `close` of `attach` does, for all servers and for what `upgrade` has taken. */
	close(options?: CloseOptions): Promise<void>;
}

/** The app's sockets on one server. */
export interface AttachedSockets {
	/**
	 * Take no more upgrades of the server, and close the sockets that came in there with 1001. Where it is the last server that
	 * has some, event streams are cut and subscriptions end, until there is another. Harmless when called twice.
	 * @returns when the last of the sockets' connections is gone
	 */
	close(options?: CloseOptions): Promise<void>;
}

export interface CloseOptions {
	/** Seconds after which what is left is cut. Default: 30. */
	timeout?: number;
}

/**
 * The app without a server around it, always on the Node engine.
 * @throws {AdapterError} `bad_env`, `bus_missing`, or what is wrong with `src/websocket`
 */
export async function createHandler(
	handoff: Handoff,
	variables: Variables = process.env
): Promise<CustomServer> {
	surviveLostOutput();
	const log = createLog();
	const config = createAppConfig(handoff, variables);
	const app = new App(handoff, config, log);
	const engine = await createNodeEngine(app.engineOptions, app.handlers);
	const cluster = findCluster(undefined, handoff.dir, addressOfCustomServer(variables));
	await app.init(engine, variables, await chooseBus(config, cluster, log));
	await app.registry.connect();
	const sockets = new GuestSockets(app, engine);
	return {
		// What node:http2 hands over has all that is used of node:http.
		handler(req, res) {
			sockets.missSetup();
			engine.receive(req as IncomingMessage, res as ServerResponse);
		},
		attach: (server) => sockets.attach(server as Server),
		upgrade: (...upgrade) => sockets.take(...upgrade),
		close: (options) => sockets.close(options)
	};
}

/** The app's sockets on servers of somebody else. */
class GuestSockets {
	readonly #app: App;
	readonly #engine: NodeEngine;
	readonly #attached = new Map<Server, AttachedSockets>();
	/** Those that were handed over one by one. */
	readonly #single = new SocketGroup();
	#isClosed = false;
	/** Or it was said that it is not. */
	#isSetUp = false;
	/** Streams have. */
	#hasEnded = false;

	constructor(app: App, engine: NodeEngine) {
		this.#app = app;
		this.#engine = engine;
	}

	attach(server: Server): AttachedSockets {
		// On Bun a server of node:http is none of node:net.
		if (![Server, NetServer].some((kind) => server instanceof kind)) throw noServer(server);
		this.#isClosed = false;
		this.#admit();
		const attached = this.#attached.get(server) ?? this.#attach(server);
		this.#attached.set(server, attached);
		return attached;
	}

	take(req: IncomingMessage, socket: Duplex, head: Buffer): boolean {
		this.missSetup();
		if (this.#isClosed || !wantsSocket(req) || !this.#app.isAt(req.url ?? '/')) return false;
		this.#admit();
		this.#engine.receiveUpgrade(req, socket, head, this.#single);
		return true;
	}

	async close(options?: CloseOptions): Promise<void> {
		this.#isClosed = true;
		this.#end();
		const attached = [...this.#attached.values()].map((each) => each.close(options));
		await Promise.all([...attached, closeGroup(this.#single, this.#app, options)]);
		await this.#leave();
	}

	#attach(server: Server): AttachedSockets {
		const attachment = this.#engine.attach(server, { isAt: (target) => this.#app.isAt(target) });
		const installation = this.#setUp(server, attachment);
		let closing: Promise<void> | undefined;
		const close = async (options?: CloseOptions) => {
			this.#attached.delete(server);
			if (this.#attached.size + this.#single.size === 0) this.#end();
			attachment?.detach();
			// What it ends may wait for our sockets, or for ever.
			const undone = installation && inTime(installation.undo(), options);
			if (attachment) await closeGroup(attachment.group, this.#app, options);
			await undone;
			await this.#leave();
		};
		return { close: (options) => (closing ??= close(options)) };
	}

	/** @throws {AdapterError} `setup_failed`; then nothing is attached */
	#setUp(server: Server, attachment: Attachment | undefined): Installation | undefined {
		this.#isSetUp = true;
		try {
			const installation = this.#app.setUp(() => ({ engine: 'node', server }));
			installation?.ready.catch(({ cause }: Error) =>
				this.#app.log.error('setup of src/websocket has failed', cause)
			);
			return installation;
		} catch (error) {
			attachment?.detach();
			throw error;
		}
	}

	/** Somebody comes. Without a server nothing can be set up on it. */
	missSetup(): void {
		if (this.#isSetUp) return;
		this.#isSetUp = true;
		if (!this.#app.hasSetup) return;
		this.#app.log.warn(
			'setup of src/websocket was not called: the app does not know the server',
			undefined,
			'Call attach(server) of build/handler.js before the first request.'
		);
	}

	#end(): void {
		this.#hasEnded = true;
		endStreams(this.#app);
	}

	/** A connection to a broker would keep the process alive. */
	async #leave(): Promise<void> {
		if (this.#hasEnded) await this.#app.registry.disconnect();
	}

	#admit(): void {
		if (!this.#hasEnded) return;
		this.#hasEnded = false;
		this.#app.admitStreams();
		void this.#app.registry.connect();
	}
}

function noServer(given: unknown): AdapterError {
	return new AdapterError('bad_value', {
		what: 'Sockets cannot be attached to this, which is no server of Node',
		value: typeof given,
		todo: 'Give attach what listens: what app.listen() of Express returns, app.server of polka and Fastify.'
	});
}

async function inTime(work: Promise<void>, { timeout = 30 }: CloseOptions = {}): Promise<void> {
	using deadline = new Deadline(timeout * 1000);
	await Promise.race([work, deadline.late]);
}

async function closeGroup(
	group: SocketGroup,
	{ pace }: Pick<App, 'pace'>,
	{ timeout = 30 }: CloseOptions = {}
): Promise<void> {
	using deadline = new Deadline(timeout * 1000);
	const { signal, left: time } = deadline;
	await closeSockets(group, { signal, time, rate: pace.perSecond });
	group.cut();
}
