import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { Dispatcher } from '../dispatch.ts';
import type { AcceptHead, CloseCause, SocketData, SocketEvents, SocketOptions } from '../engine.ts';
import type { Heartbeat } from '../heartbeat.ts';
import { Leaving } from '../leaving.ts';
import { Topics } from '../topics.ts';
import { toFrame } from './frame.ts';
import type { SocketGroup } from './group.ts';
import { startPulses, type Pulse } from '../pulse.ts';
import { NodeSocket, type NodeHub } from './socket.ts';

/** Milliseconds that a peer has to answer a close frame. */
const closeTimeout = 5000;

/** A connection that is to become a socket. */
export interface Handover {
	req: IncomingMessage;
	socket: Duplex;
	/** What was read of it already. */
	early: Buffer;
	/** To which it is added. */
	group?: SocketGroup | undefined;
}

/** The sockets of one Node engine, on `ws`. */
export class NodeSockets implements NodeHub {
	readonly topics = new Topics<NodeSocket>();
	readonly leaving: Leaving;
	readonly maxBackpressure: number;
	readonly dispatcher: Dispatcher;
	readonly #server: WebSocketServer;
	readonly heartbeat: Heartbeat<Pulse>;
	readonly patience: number;
	/** What the 101 says, for the listeners of `ws`. */
	readonly #heads = new WeakMap<IncomingMessage, AcceptHead>();

	constructor(options: SocketOptions, dispatcher: Dispatcher) {
		this.leaving = new Leaving(options.closeTimeout);
		this.maxBackpressure = options.maxBackpressure;
		this.dispatcher = dispatcher;
		const { heartbeat, patience } = startPulses(options.idleTimeout);
		this.heartbeat = heartbeat;
		this.patience = patience;
		const serverOptions = {
			noServer: true,
			clientTracking: true,
			maxPayload: options.maxPayload,
			maxBufferedChunks: mostChunks(options.maxPayload),
			perMessageDeflate: options.compression,
			// neither is in the types of ws yet
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
	open(handover: Handover, head: AcceptHead, events: SocketEvents): boolean {
		const { socket, early, group } = handover;
		const req = namingOne(handover.req);
		let isOpen = false;
		this.#heads.set(req, head);
		// `ws` writes the head as a string, which is latin1, and later text, which is not.
		socket.setDefaultEncoding('latin1');
		this.#server.handleUpgrade(req, socket, early, (ws) => {
			isOpen = true;
			socket.setDefaultEncoding('utf8');
			this.#listen(ws, socket, events, group);
		});
		return isOpen;
	}

	/** @param sender who does not get it */
	publish(topic: string, data: SocketData, compress: boolean, sender?: NodeSocket): void {
		const members = this.topics.members(topic);
		if (members === undefined) return;
		const frame = toFrame(data);
		for (const member of members) if (member !== sender) member.deliver(frame, compress);
	}

	size(topic: string): number {
		return this.topics.members(topic)?.size ?? 0;
	}

	/** Cut every socket. */
	close(): void {
		this.heartbeat.stop();
		for (const ws of this.#server.clients) ws.terminate();
	}

	#listen(
		ws: WebSocket,
		connection: Duplex,
		events: SocketEvents,
		group: SocketGroup | undefined
	): void {
		const { guard } = this.dispatcher;
		const socket = new NodeSocket(ws, connection, this, events);
		ws.on('message', (data, isBinary) => {
			if (socket.isOpen) guard('message', () => events.message(toData(data, isBinary)));
		});
		// What goes wrong ends the socket.
		ws.on('error', (error) => socket.blame(causeOf(error)));
		ws.once('close', (code, reason) => socket.closed(code, code === 1006 ? '' : reason.toString()));
		group?.opened(connection, socket);
		guard('open', () => events.open(socket));
	}
}

/** A client may name other protocols beside this one (RFC 9110, section 7.8): the engine has looked, `ws` would refuse it. */
function namingOne(req: IncomingMessage): IncomingMessage {
	if (req.headers.upgrade?.toLowerCase() === 'websocket') return req;
	const headers = { value: { ...req.headers, upgrade: 'websocket' } };
	return Object.create(req, { headers }) as IncomingMessage;
}

/** In how many pieces one message may come: that many are kept, and each takes more than its bytes. */
function mostChunks(maxPayload: number): number {
	return 16 * 1024 + Math.ceil(maxPayload / 128);
}

/** `ws` has the same code for every way in which something is too large; whatever else it finds breaks a rule. */
function causeOf(error: NodeJS.ErrnoException): CloseCause {
	return /^WS_ERR_UNSUPPORTED_\w+_LENGTH$/.test(error.code ?? '') ? 'too_big' : 'invalid';
}

/** `ws` gives text as bytes, and bytes as a part of what was read. The app gets a buffer that holds them and nothing else. */
function toData(data: RawData, isBinary: boolean): SocketData {
	const bytes = Buffer.isBuffer(data)
		? data
		: Buffer.concat([data].flat().map((each) => new Uint8Array(each)));
	if (!isBinary) return bytes.toString();
	// For no bytes at all `ws` always gives the same buffer.
	const isWhole = bytes.byteLength === bytes.buffer.byteLength && bytes.byteLength > 0;
	return isWhole ? new Uint8Array(bytes.buffer) : new Uint8Array(bytes);
}
