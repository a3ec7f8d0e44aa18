import type { EventEmitter } from 'node:events';
import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AcceptHead, SocketEvents, UpgradeExchange } from '../engine.ts';
import { checkAccept } from '../headers.ts';
import { overhead } from '../overhead.ts';
import type { Connections } from './connections.ts';
import { NodeExchange } from './exchange.ts';
import type { SocketGroup } from './group.ts';
import type { NodeSockets } from './sockets.ts';

/** Bytes of early messages, with what each piece takes besides, that are kept until the socket is accepted; then the connection waits. */
const maxEarly = 64 * 1024;

/** What a connection that comes in belongs to. */
export interface Entrance {
	sockets: NodeSockets;
	connections: Connections;
	/** Of a server of somebody else. */
	group?: SocketGroup | undefined;
}

/** A request that `node:http` has handed over together with its bare connection. */
export class NodeUpgradeExchange extends NodeExchange implements UpgradeExchange {
	readonly #socket: Duplex;
	readonly #entrance: Entrance;
	readonly #early: Buffer[];
	#earlyBytes = 0;
	readonly #keep = (chunk: Buffer): void => {
		this.#early.push(chunk);
		this.#earlyBytes += chunk.byteLength + overhead;
		if (this.#earlyBytes > maxEarly) this.#socket.pause();
	};
	readonly #leave = (): void => void this.#socket.destroy();
	/** `node:http` has taken its own listener away together with the parser. */
	readonly #drain = (): void => void this.res.emit('drain');

	/** @returns undefined if the answer to an earlier request still has the connection: nothing can follow that any more */
	static create(
		req: IncomingMessage,
		socket: Duplex,
		head: Buffer,
		entrance: Entrance
	): NodeUpgradeExchange | undefined {
		const res = createResponse(req);
		return res && new NodeUpgradeExchange(req, res, socket, head, entrance);
	}

	private constructor(
		req: IncomingMessage,
		res: ServerResponse,
		socket: Duplex,
		head: Buffer,
		entrance: Entrance
	) {
		super(req, res, entrance.connections);
		this.#socket = socket;
		this.#entrance = entrance;
		this.#early = [head];
		// Node notices that a client has left only while somebody reads.
		socket.on('data', this.#keep);
		socket.on('end', this.#leave);
		socket.on('error', this.#leave);
		socket.on('drain', this.#drain);
	}

	accept(head: AcceptHead, events: SocketEvents): boolean {
		if (this.aborted || this.#socket.destroyed) return false;
		const headers = checkAccept(head);
		this.isAccepted = true;
		this.release();
		this.#socket.off('data', this.#keep);
		this.#socket.off('end', this.#leave);
		this.#socket.off('error', this.#leave);
		this.#socket.off('drain', this.#drain);
		// `detachSocket` and `assignSocket` take a Duplex, their types a Socket.
		this.res.detachSocket(this.incoming.socket);
		const { sockets, group } = this.#entrance;
		const early = Buffer.concat(this.#early);
		const isOpen = sockets.open(
			{ req: this.incoming, socket: this.#socket, early, group },
			{ ...head, headers },
			events
		);
		// Whoever was paused for sending too much too early is read again, now by `ws`.
		if (isOpen && this.#earlyBytes > maxEarly) this.#socket.resume();
		return isOpen;
	}
}

/** A request that offers an upgrade to something which nobody here speaks is answered as if it had not. */
export function answerAsRequest(server: EventEmitter, req: IncomingMessage, socket: Duplex): void {
	const res = createResponse(req);
	if (res === undefined) {
		socket.destroy();
		return;
	}
	socket.on('drain', () => void res.emit('drain'));
	socket.on('end', () => void socket.destroy());
	socket.resume();
	const { 'content-length': length = '0', 'transfer-encoding': encoding } = req.headers;
	// Node has dropped the body: whoever reads it would wait for ever.
	if (encoding !== undefined || length !== '0') res.writeHead(501, { 'content-length': 0 }).end();
	else server.emit('request', req, res);
}

/** A response on the bare connection, for an upgrade that is refused. The connection ends with it. */
function createResponse(req: IncomingMessage): ServerResponse | undefined {
	const res = new ServerResponse(req);
	res.shouldKeepAlive = false;
	try {
		res.assignSocket(req.socket);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ERR_HTTP_SOCKET_ASSIGNED') return undefined;
		throw error;
	}
	res.once('finish', () => {
		res.detachSocket(req.socket);
		// As `node:http` does it: whoever still sends is not waited for.
		req.socket.destroySoon();
	});
	return res;
}
