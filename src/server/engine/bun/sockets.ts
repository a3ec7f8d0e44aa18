import { pingInterval } from '../../../shared/heartbeat.ts';
import type { Dispatcher } from '../dispatch.ts';
import type { SocketData, SocketOptions } from '../engine.ts';
import { Heartbeat } from '../heartbeat.ts';
import { causeOf, toIdleTimeout } from '../inherited.ts';
import { Leaving } from '../leaving.ts';
import { Topics } from '../topics.ts';
import type { BunSocketHandlers, BunWebSocket } from './runtime.ts';
import { BunSocket, type BunHub, type BunSocketData } from './socket.ts';

type Native = BunWebSocket<BunSocketData>;

/** The sockets of one server of Bun. */
export class BunSockets implements BunHub {
	/** Not Bun's own: it would not say whom a published message did not reach. */
	readonly topics = new Topics<BunSocket>();
	readonly leaving: Leaving;
	readonly maxBackpressure: number;
	readonly #options: SocketOptions;
	readonly #dispatcher: Dispatcher;
	/** Bun pings by itself, but later than proxies wait. */
	readonly #heartbeat: Heartbeat<BunSocket>;
	/** Those that are leaving too. */
	readonly #all = new Set<BunSocket>();

	constructor(options: SocketOptions, dispatcher: Dispatcher) {
		this.maxBackpressure = options.maxBackpressure;
		this.#options = options;
		this.#dispatcher = dispatcher;
		this.leaving = new Leaving(options.closeTimeout);
		this.#heartbeat = new Heartbeat(pingInterval(options.idleTimeout), (socket) => socket.beat());
	}

	publish(topic: string, data: SocketData, compress: boolean, sender?: BunSocket): void {
		for (const member of this.topics.members(topic) ?? []) {
			if (member !== sender) member.send(data, compress);
		}
	}

	size(topic: string): number {
		return this.topics.members(topic)?.size ?? 0;
	}

	ended(socket: BunSocket, tell: () => void): void {
		this.topics.leave(socket);
		this.#heartbeat.delete(socket);
		this.#dispatcher.guard('close', tell);
	}

	overflown(socket: BunSocket, tell: () => void): void {
		setImmediate(() => {
			if (socket.isOpen) this.#dispatcher.guard('overflow', tell);
		});
	}

	/** Cut every socket, which Bun itself would close with 1001. */
	close(): void {
		this.#heartbeat.stop();
		for (const socket of this.#all) socket.terminate();
	}

	/** How Bun is to treat sockets, and where it reports. */
	handlers(): BunSocketHandlers<BunSocketData> {
		const { maxPayload, idleTimeout, maxBackpressure, compression } = this.#options;
		return {
			maxPayloadLength: maxPayload,
			idleTimeout: toIdleTimeout(idleTimeout),
			backpressureLimit: maxBackpressure,
			closeOnBackpressureLimit: false,
			sendPings: false,
			// Shared windows cost no memory per socket.
			perMessageDeflate: compression && { compress: 'shared', decompress: 'shared' },
			open: (ws) => this.#open(ws),
			message: (ws, message) => this.#message(ws, message),
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
		this.#heartbeat.add(socket);
		this.#dispatcher.guard('open', () => data.events.open(socket));
	}

	#message(ws: Native, message: SocketData): void {
		const { events, socket } = ws.data;
		if (socket?.isOpen) this.#dispatcher.guard('message', () => events.message(message));
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
		socket.gone();
		this.#all.delete(socket);
		if (!isOpen) return;
		// For 1006 Bun gives its own view of what happened, where the protocol has none.
		this.ended(socket, () =>
			code === 1006 ? events.close(code, '', causeOf(reason)) : events.close(code, reason)
		);
	}
}
