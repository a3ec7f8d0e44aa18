import cluster from 'node:cluster';
import { readFileSync } from 'node:fs';
import http, {
	type IncomingMessage,
	type Server,
	type ServerOptions,
	type ServerResponse
} from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import type { Duplex } from 'node:stream';
import type {
	Engine,
	EngineHandlers,
	EngineOptions,
	InStep,
	ListenOptions,
	SocketData
} from '../engine.ts';
import { refuseOnBun } from '../bun/descriptors.ts';
import { watchResponses } from '../bun/responses.ts';
import { findBun } from '../bun/runtime.ts';
import { Dispatcher } from '../dispatch.ts';
import type { Ground } from '../ground.ts';
import { listenFailed } from '../listen.ts';
import { clearSocketPath } from '../socket-file.ts';
import { Stopping } from '../stopping.ts';
import { Attachment, type Neighbourhood } from './attachment.ts';
import { Connections } from './connections.ts';
import { wantsSocket, type UpgradableServer } from './doorway.ts';
import { NodeExchange } from './exchange.ts';
import { SocketGroup } from './group.ts';
import { NodeSockets } from './sockets.ts';
import { NodeUpgradeExchange } from './upgrade.ts';

/**
 * Connections that may wait to be taken, where the system allows as many. All sockets of an app come back at once after a
 * restart; who finds no place is asked to try again after a second, and then after two, four, eight.
 */
const backlog = 4096;

/** The engine on `node:http`, and `ws` for sockets. */
export function createNodeEngine(
	options: EngineOptions,
	handlers: EngineHandlers
): Promise<NodeEngine> {
	return Promise.resolve(new NodeEngine(options, handlers));
}

export class NodeEngine implements Engine {
	readonly name = 'node';
	readonly description = describe(process.versions);
	readonly limits = { adoptsDescriptors: findBun() === undefined, hasTimeouts: true };
	readonly #options: EngineOptions;
	readonly #dispatcher: Dispatcher;
	readonly #sockets: NodeSockets | undefined;
	readonly #connections = new Connections();
	readonly #responses = watchResponses();
	#server: Server | undefined;
	/** All connections, where others have some on the same server. */
	#shared: SocketGroup | undefined;
	readonly #stopping = new Stopping(() => void this.#server?.close());

	constructor(options: EngineOptions, handlers: EngineHandlers) {
		this.#options = options;
		this.#dispatcher = new Dispatcher(handlers);
		this.#sockets = options.sockets && new NodeSockets(options.sockets, this.#dispatcher);
	}

	async listen(options: ListenOptions): Promise<ListenOptions> {
		if (!this.limits.adoptsDescriptors) refuseOnBun(options);
		// A worker of node:cluster shares it with others: where somebody else has it, Node will say so.
		if ('path' in options)
			await clearSocketPath(options.path, cluster.isWorker ? () => {} : undefined);
		const server = this.#server ?? this.#createServer();
		// Whoever shares it has a listener for upgrades in place.
		if (this.#shared === undefined)
			server.on('upgrade', (req, socket, head) => this.receiveUpgrade(req, socket, head));
		await new Promise<void>((resolve, reject) => {
			server.once('error', (error) => reject(listenFailed(options, error)));
			server.listen({ ...options, backlog }, resolve);
		});
		return 'port' in options ? boundTo(options.host, server) : options;
	}

	#createServer(): Server {
		const server = createServer(this.#options, (req) => this.#isUpgrade(req));
		server.on('request', (req, res) => this.receive(req, res));
		this.#server = server;
		return server;
	}

	ground(isAt: Neighbourhood['isAt']): Ground {
		const server = this.#server ?? this.#createServer();
		if (this.#shared === undefined) {
			const shared = new SocketGroup();
			this.#shared = shared;
			server.on('connection', (socket) => shared.add(socket));
			this.attach(server, { isAt });
		}
		return { engine: 'node', server };
	}

	/** Take a request from a server of somebody else. */
	receive(req: IncomingMessage, res: ServerResponse): void {
		// What stands in front of the app may have taken so long that the client has left.
		if (req.socket.destroyed) return;
		this.#dispatcher.request(new NodeExchange(req, res, this.#connections, this.#stopping));
	}

	/**
	 * Take upgrades on a server of somebody else.
	 * @returns undefined where sockets are off
	 */
	attach(server: UpgradableServer, neighbourhood: Neighbourhood): Attachment | undefined {
		if (this.#sockets === undefined) return undefined;
		return new Attachment(server, {
			...neighbourhood,
			take: (...upgrade) => this.receiveUpgrade(...upgrade),
			error: (error) => this.#dispatcher.report('upgrade', error)
		});
	}

	/** Take one upgrade from a server of somebody else. */
	receiveUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer, group?: SocketGroup): void {
		const sockets = this.#sockets;
		if (sockets === undefined) return;
		group?.add(socket);
		const entrance = { sockets, connections: this.#connections, group };
		const exchange = NodeUpgradeExchange.create(req, socket, head, entrance);
		if (exchange) this.#dispatcher.upgradable(exchange);
		else socket.destroy();
	}

	publish(topic: string, data: SocketData, compress: boolean): void {
		this.#sockets?.publish(topic, data, compress);
	}

	subscribers(topic: string): number {
		return this.#sockets?.size(topic) ?? 0;
	}

	get leaving(): number {
		return this.#sockets?.leaving.size ?? 0;
	}

	stop(patience = 0, inStep?: InStep): Promise<void> {
		return this.#stopping.stop(patience, inStep);
	}

	close(): void {
		void this.stop();
		this.#sockets?.close();
		this.#server?.closeAllConnections();
		this.#shared?.cut();
		this.#responses?.restore();
	}

	#isUpgrade(req: IncomingMessage): boolean {
		return this.#sockets !== undefined && wantsSocket(req);
	}
}

/** What Bun says of Node is the version that it stands in for. */
function describe({ bun, node }: NodeJS.ProcessVersions): string {
	return bun === undefined ? `Node ${node}` : `Bun ${bun}, by its node:http`;
}

function createServer(
	{ tls, keepAliveTimeout, headersTimeout }: EngineOptions,
	isUpgrade: (req: IncomingMessage) => boolean
): Server {
	// Node 22.21: an upgrade to anything but a WebSocket stays a request, with its body.
	const options: ServerOptions & Pick<UpgradableServer, 'shouldUpgradeCallback'> = {
		shouldUpgradeCallback: isUpgrade
	};
	const server =
		tls === undefined
			? http.createServer(options)
			: https.createServer({
					...options,
					cert: readFileSync(tls.cert),
					key: readFileSync(tls.key)
				});
	// As an option Node would refuse one that is longer than the time for a whole request.
	if (headersTimeout !== undefined) server.headersTimeout = headersTimeout * 1000;
	if (keepAliveTimeout !== undefined) server.keepAliveTimeout = keepAliveTimeout * 1000;
	return server;
}

function boundTo(host: string, server: Server): ListenOptions {
	const { port } = server.address() as AddressInfo;
	return { host, port };
}
