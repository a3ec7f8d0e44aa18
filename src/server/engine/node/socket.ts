import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { Dispatcher } from '../dispatch.ts';
import type {
	AcceptHead,
	EngineSocket,
	SendResult,
	SocketData,
	SocketEvents,
	SocketOptions
} from '../engine.ts';
import { Heartbeat } from './heartbeat.ts';
import { Topics } from './topics.ts';

/** Milliseconds that a peer has to answer a close frame. */
const closeTimeout = 5000;

/** A connection that is to become a socket. */
export interface Handover {
	req: IncomingMessage;
	socket: Duplex;
	/** What was read of it already. */
	early: Buffer;
}

/** The sockets of one Node engine, on `ws`. */
export class NodeSockets {
	readonly topics = new Topics<NodeSocket>();
	readonly #options: SocketOptions;
	readonly #dispatcher: Dispatcher;
	readonly #server: WebSocketServer;
	readonly #heartbeat: Heartbeat;
	/** What the 101 says, for the listeners of `ws`. */
	readonly #heads = new WeakMap<IncomingMessage, AcceptHead>();

	constructor(options: SocketOptions, dispatcher: Dispatcher) {
		this.#options = options;
		this.#dispatcher = dispatcher;
		this.#heartbeat = new Heartbeat(options.idleTimeout);
		const serverOptions = {
			noServer: true,
			clientTracking: true,
			maxPayload: options.maxPayload,
			perMessageDeflate: options.compression,
			// not in the types of ws yet
			closeTimeout,
			handleProtocols: (_: Set<string>, req: IncomingMessage) =>
				this.#heads.get(req)?.protocol ?? (false as const)
		};
		this.#server = new WebSocketServer(serverOptions);
		this.#server.on('headers', (lines, req) => {
			for (const [name, value] of this.#heads.get(req)?.headers ?? [])
				lines.push(`${name}: ${value}`);
		});
	}

	/** @returns false if the connection is gone, or `ws` has refused it */
	open({ req, socket, early }: Handover, head: AcceptHead, events: SocketEvents): boolean {
		let isOpen = false;
		this.#heads.set(req, head);
		// `ws` writes the head as a string, which is latin1, and later text, which is not.
		socket.setDefaultEncoding('latin1');
		this.#server.handleUpgrade(req, socket, early, (ws) => {
			isOpen = true;
			socket.setDefaultEncoding('utf8');
			this.#listen(ws, socket, events);
		});
		return isOpen;
	}

	/** Cut every socket. */
	close(): void {
		this.#heartbeat.stop();
		for (const ws of this.#server.clients) ws.terminate();
	}

	#listen(ws: WebSocket, connection: Duplex, events: SocketEvents): void {
		const { guard } = this.#dispatcher;
		const socket = new NodeSocket(ws, this.topics, this.#options.maxBackpressure, {
			drain: () => guard('drain', () => events.drain()),
			close: (code, reason) => guard('close', () => events.close(code, reason))
		});
		// What `upgrade` hands over is the connection of the request, whose type is wider.
		this.#heartbeat.add(ws, connection as Socket);
		ws.on('message', (data, isBinary) => {
			if (socket.isOpen) guard('message', () => events.message(toData(data, isBinary)));
		});
		// What goes wrong ends the socket, and its code says what it was.
		ws.on('error', () => {});
		ws.once('close', (code, reason) => {
			this.#heartbeat.remove(ws);
			socket.end(code, code === 1006 ? '' : reason.toString());
		});
		guard('open', () => events.open(socket));
	}
}

interface Reports {
	drain(): void;
	close(code: number, reason: string): void;
}

/** A socket on `ws`. */
export class NodeSocket implements EngineSocket {
	readonly #ws: WebSocket;
	readonly #topics: Topics<NodeSocket>;
	readonly #maxBackpressure: number;
	readonly #reports: Reports;
	#isOpen = true;
	#isQueued = false;

	constructor(
		ws: WebSocket,
		topics: Topics<NodeSocket>,
		maxBackpressure: number,
		reports: Reports
	) {
		this.#ws = ws;
		this.#topics = topics;
		this.#maxBackpressure = maxBackpressure;
		this.#reports = reports;
	}

	/** Neither end has begun to close. */
	get isOpen(): boolean {
		return this.#isOpen && this.#ws.readyState === this.#ws.OPEN;
	}

	/** The socket has ended, for whoever holds it; harmless when called twice. */
	end(code: number, reason: string): void {
		if (!this.#isOpen) return;
		this.#isOpen = false;
		this.#topics.leave(this);
		this.#reports.close(code, reason);
	}

	send(data: SocketData, compress: boolean): SendResult {
		if (!this.isOpen || this.#ws.bufferedAmount > this.#maxBackpressure) return 'dropped';
		this.#ws.send(data, { binary: typeof data !== 'string', compress }, () => this.#sent());
		if (this.#ws.bufferedAmount === 0) return 'sent';
		this.#isQueued = true;
		return 'queued';
	}

	publish(topic: string, data: SocketData, compress: boolean): void {
		this.#topics.publish(topic, data, compress, this);
	}

	subscribe(topic: string): void {
		if (this.isOpen) this.#topics.join(topic, this);
	}

	unsubscribe(topic: string): void {
		this.#topics.part(topic, this);
	}

	get bufferedAmount(): number {
		return this.isOpen ? this.#ws.bufferedAmount : 0;
	}

	ping(): void {
		if (this.isOpen) this.#ws.ping();
	}

	/** As on uWS it has ended with that, whatever the client answers. */
	close(code: number, reason: string): void {
		if (!this.isOpen) return;
		this.#ws.close(code, reason);
		this.end(code, reason);
	}

	terminate(): void {
		this.#ws.terminate();
		this.end(1006, '');
	}

	#sent(): void {
		if (!this.#isQueued || !this.isOpen || this.#ws.bufferedAmount > 0) return;
		this.#isQueued = false;
		this.#reports.drain();
	}
}

/** `ws` gives text as bytes, and bytes as a view that is nobody else's. */
function toData(data: RawData, isBinary: boolean): SocketData {
	const bytes = Buffer.isBuffer(data)
		? data
		: Buffer.concat([data].flat().map((each) => new Uint8Array(each)));
	if (!isBinary) return bytes.toString();
	return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
