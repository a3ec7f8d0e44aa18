import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type Server } from 'ws';
import type { Dispatcher } from '../dispatch.ts';
import type { AcceptHead, SocketData, SocketEvents, SocketOptions } from '../engine.ts';
import type { Heartbeat } from '../heartbeat.ts';
import { Leaving } from '../leaving.ts';
import { Topics } from '../../topic-members.ts';
import { Batches } from '../batches.ts';
import { toFrame } from './frame.ts';
import type { SocketGroup } from './group.ts';
import { startPulses, type Pulse } from '../pulse.ts';
import { OwnedWebSocket } from './owned.ts';
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
	readonly batches = new Batches();
	/** Those whose connection is not closed yet. */
	readonly connected = new Set<NodeSocket>();
	readonly #server: Server<typeof OwnedWebSocket>;
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
			// we do so ourselves
			clientTracking: false,
			WebSocket: OwnedWebSocket,
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
		writeAsLatin1(socket, head, () => {
			this.#server.handleUpgrade(req, socket, early, (ws) => {
				isOpen = true;
				this.#listen(ws, socket, events, group);
			});
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
		for (const socket of this.connected) socket.cut();
	}

	#listen(
		ws: OwnedWebSocket,
		connection: Duplex,
		events: SocketEvents,
		group: SocketGroup | undefined
	): void {
		const socket = new NodeSocket(ws, connection, this, events);
		ws.tell(socket);
		this.connected.add(socket);
		group?.opened(connection, socket);
		this.dispatcher.guard('open', () => events.open(socket));
	}
}

/** A client may name other protocols beside this one (RFC 9110, section 7.8): the engine has looked, `ws` would refuse it. */
function namingOne(req: IncomingMessage): IncomingMessage {
	if (req.headers.upgrade?.toLowerCase() === 'websocket') return req;
	const headers = { value: { ...req.headers, upgrade: 'websocket' } };
	return Object.create(req, { headers }) as IncomingMessage;
}

/** `ws` writes the head as one text. A connection whose encoding was ever changed takes more memory for good. */
function writeAsLatin1(socket: Duplex, { headers }: AcceptHead, write: () => void): void {
	const isAscii = [...headers].every(([, value]) => !/[^\t\u0020-\u007e]/.test(value));
	if (!isAscii) socket.setDefaultEncoding('latin1');
	write();
	if (!isAscii) socket.setDefaultEncoding('utf8');
}

/** In how many pieces one message may come: that many are kept, and each takes more than its bytes. */
function mostChunks(maxPayload: number): number {
	return 16 * 1024 + Math.ceil(maxPayload / 128);
}
