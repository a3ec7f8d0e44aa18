import { Batches } from '../batches.ts';
import type { Dispatcher } from '../dispatch.ts';
import type { SocketData, SocketOptions } from '../engine.ts';
import type { Heartbeat } from '../heartbeat.ts';
import { causeOf } from '../inherited.ts';
import { Leaving } from '../leaving.ts';
import { startPulses, type Pulse } from '../pulse.ts';
import { Topics } from '../../topic-members.ts';
import type { BunSocketHandlers, BunWebSocket } from './runtime.ts';
import { BunSocket, type BunHub, type BunSocketData } from './socket.ts';

type Native = BunWebSocket<BunSocketData>;

/** The sockets of one server of Bun. */
export class BunSockets implements BunHub {
	/** Not Bun's own: it would not say whom a published message did not reach. */
	readonly topics = new Topics<BunSocket>();
	readonly leaving: Leaving;
	readonly maxBackpressure: number;
	readonly batches = new Batches();
	readonly #options: SocketOptions;
	readonly #dispatcher: Dispatcher;
	/** Bun pings by itself, but later than proxies wait. */
	readonly heartbeat: Heartbeat<Pulse>;
	readonly patience: number;
	/** Those that are leaving too. */
	readonly #all = new Set<BunSocket>();

	constructor(options: SocketOptions, dispatcher: Dispatcher) {
		this.maxBackpressure = options.maxBackpressure;
		this.#options = options;
		this.#dispatcher = dispatcher;
		this.leaving = new Leaving(options.closeTimeout);
		const { heartbeat, patience } = startPulses(options.idleTimeout);
		this.heartbeat = heartbeat;
		this.patience = patience;
	}

	publish(topic: string, data: SocketData, compress: boolean, sender?: BunSocket): void {
		const published = { data, compress };
		for (const member of this.topics.members(topic) ?? []) {
			if (member !== sender) member.deliver(published);
		}
	}

	size(topic: string): number {
		return this.topics.members(topic)?.size ?? 0;
	}

	ended(socket: BunSocket, tell: () => void): void {
		this.topics.leave(socket);
		this.#dispatcher.guard('close', tell);
	}

	overflown(socket: BunSocket, tell: () => void): void {
		setImmediate(() => {
			if (socket.isOpen) this.#dispatcher.guard('overflow', tell);
		});
	}

	/** Cut every socket, which Bun itself would close with 1001. */
	close(): void {
		this.heartbeat.stop();
		for (const socket of this.#all) socket.terminate();
	}

	/** How Bun is to treat sockets, and where it reports. */
	handlers(): BunSocketHandlers<BunSocketData> {
		const { maxPayload, maxBackpressure, compression } = this.#options;
		return {
			maxPayloadLength: maxPayload,
			// Bun takes its own pings, and whatever else is sent, for a sign of life.
			idleTimeout: 0,
			backpressureLimit: maxBackpressure,
			closeOnBackpressureLimit: false,
			sendPings: false,
			// Shared windows cost no memory per socket.
			perMessageDeflate: compression && { compress: 'shared', decompress: 'shared' },
			open: (ws) => this.#open(ws),
			message: (ws, message) => this.#message(ws, message),
			ping: (ws) => hear(ws),
			pong: (ws, data) => this.#pong(ws, data),
			drain: (ws) => this.#drain(ws),
			close: (ws, code, reason) => this.#close(ws, code, reason)
		};
	}

	#open(ws: Native): void {
		const { data } = ws;
		const socket = new BunSocket(this, ws);
		data.socket = socket;
		ws.binaryType = 'uint8array';
		this.#all.add(socket);
		this.#dispatcher.guard('open', () => data.events.open(socket));
	}

	#message(ws: Native, message: SocketData): void {
		hear(ws);
		const { events, socket } = ws.data;
		if (socket?.isOpen) this.#dispatcher.guard('message', () => events.message(message));
	}

	#pong(ws: Native, data: Uint8Array): void {
		hear(ws);
		const { events, socket } = ws.data;
		if (!socket?.isOpen || events.pong === undefined) return;
		const bytes = new Uint8Array(data);
		this.#dispatcher.guard('pong', () => events.pong?.(bytes));
	}

	#drain(ws: Native): void {
		const { events, socket } = ws.data;
		if (socket === undefined || ws.getBufferedAmount() > 0) return;
		if (socket.isOpen) this.#dispatcher.guard('drain', () => events.drain());
		else socket.leave();
	}

	#close(ws: Native, code: number, reason: string): void {
		const { events, socket } = ws.data;
		if (socket === undefined) return;
		const { isOpen } = socket;
		const cause = socket.gone();
		this.#all.delete(socket);
		if (!isOpen) return;
		// For 1006 Bun gives its own view of what happened, where the protocol has none.
		this.ended(socket, () =>
			code === 1006 ? events.close(code, '', cause ?? causeOf(reason)) : events.close(code, reason)
		);
	}
}

function hear({ data: { socket } }: Native): void {
	if (socket) socket.bytesRead += 1;
}
