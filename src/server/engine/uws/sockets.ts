import type { WebSocket, WebSocketBehavior } from 'uWebSockets.js';
import { pingInterval } from '../../../shared/heartbeat.ts';
import type { Dispatcher } from '../dispatch.ts';
import type { SocketData, SocketOptions } from '../engine.ts';
import { Heartbeat } from '../heartbeat.ts';
import { causeOf, toIdleTimeout } from '../inherited.ts';
import { Leaving } from '../leaving.ts';
import { Topics } from '../../topic-members.ts';
import type { Uws, UwsApp } from './load.ts';
import { UwsSocket, type User, type UserData, type UwsHub } from './socket.ts';
import { encodeTopic, TextEncoding } from './text.ts';

type Native = WebSocket<UserData>;

/** So much more patience is needed with TLS, of which uWS does not say how much a client has taken before it has taken all. */
const blind = 4;

/** The sockets of one uWS app. */
export class UwsSockets implements UwsHub {
	readonly text = new TextEncoding();
	readonly slow = new Topics<UwsSocket>();
	readonly leaving: Leaving;
	readonly #app: UwsApp;
	readonly #options: SocketOptions;
	readonly #dispatcher: Dispatcher;
	/** uWS pings by itself, but later than proxies wait. */
	readonly #heartbeat: Heartbeat<UwsSocket>;
	/** Who has lost messages in this turn of the event loop. */
	readonly #losers = new Set<User>();
	/** Who was the last of them. */
	#loser: UwsSocket | undefined;
	/** Made, and not reported yet: one at most. */
	readonly #newcomers: Native[] = [];
	#isClosed = false;

	constructor(app: UwsApp, options: SocketOptions, dispatcher: Dispatcher, isTls = false) {
		this.#app = app;
		this.#options = options;
		this.#dispatcher = dispatcher;
		this.leaving = new Leaving(options.closeTimeout, isTls ? blind : 1);
		this.#heartbeat = new Heartbeat(pingInterval(options.idleTimeout), (socket) => socket.beat());
	}

	publish(topic: string, data: SocketData, compress: boolean, sender?: UwsSocket): void {
		// After the end this would end the process.
		if (this.#isClosed) return;
		for (const { socket } of this.#losers) socket?.slowDown();
		const isBinary = typeof data !== 'string';
		const bytes = isBinary ? data : this.text.encode(data);
		const name = encodeTopic(topic);
		const isPublished = sender?.publishTo(name, bytes, isBinary, compress) ?? false;
		if (!isPublished) this.#app.publish(name, bytes, isBinary, compress);
		for (const socket of this.slow.members(topic) ?? []) {
			if (socket !== sender) socket.deliver(bytes, isBinary, compress);
		}
	}

	size(topic: string): number {
		if (this.#isClosed) return 0;
		return this.#app.numSubscribers(encodeTopic(topic)) + (this.slow.members(topic)?.size ?? 0);
	}

	ended(socket: UwsSocket, tell: () => void): void {
		this.slow.leave(socket);
		this.#heartbeat.delete(socket);
		this.#dispatcher.guard('close', tell);
	}

	/** To be called before the app is closed. */
	close(): void {
		this.#isClosed = true;
		this.#heartbeat.stop();
	}

	/** How uWS is to treat sockets, and where it reports. */
	behavior(uws: Uws): WebSocketBehavior<UserData> {
		const { maxPayload, idleTimeout, maxBackpressure, compression } = this.#options;
		// No function of ours: V8 would compile it amid the upgrade, which takes memory (see `UwsExchange.accept`).
		const open: (ws: Native) => void = Array.prototype.push.bind(this.#newcomers);
		return {
			maxPayloadLength: maxPayload,
			idleTimeout: toIdleTimeout(idleTimeout),
			maxBackpressure,
			maxLifetime: 0,
			sendPingsAutomatically: false,
			closeOnBackpressureLimit: false,
			// Shared windows cost no memory per socket.
			compression: compression ? uws.SHARED_COMPRESSOR | uws.SHARED_DECOMPRESSOR : 0,
			open,
			message: (ws, message, isBinary) => this.#message(ws, message, isBinary),
			ping: (ws) => this.#ping(ws),
			pong: (ws, data) => this.#pong(ws, data),
			dropped: (ws) => this.#dropped(ws),
			drain: (ws) => this.#drain(ws),
			close: (ws, code, reason) => this.#close(ws, code, reason)
		};
	}

	/**
	 * Report the socket that has just been made.
	 * @returns false if it is gone already
	 */
	begin(): boolean {
		const ws = this.#newcomers.pop();
		if (ws === undefined) return false;
		const data = ws.getUserData().user;
		const socket = new UwsSocket(this, ws);
		data.socket = socket;
		this.#heartbeat.add(socket);
		this.#dispatcher.guard('open', () => data.events.open(socket));
		return true;
	}

	#message(ws: Native, message: ArrayBuffer, isBinary: boolean): void {
		const { events, socket } = ws.getUserData().user;
		if (!socket?.isOpen) return;
		this.#dispatcher.guard('message', () => events.message(copyMessage(message, isBinary)));
	}

	#drain(ws: Native): void {
		if (ws.getBufferedAmount() > 0) return;
		const { events, socket } = ws.getUserData().user;
		if (socket === undefined) return;
		if (!socket.isOpen) return socket.leave();
		socket.speedUp();
		this.#dispatcher.guard('drain', () => events.drain());
	}

	/** uWS is amid its own work: whatever was asked of it in here would end the process. */
	#dropped(ws: Native): void {
		const data = ws.getUserData().user;
		if (!data.socket?.isOpen) return;
		data.socket.dropped += 1;
		this.#loser = data.socket;
		if (this.#losers.size === 0) setImmediate(() => this.#tellLosers());
		this.#losers.add(data);
	}

	/** Called when a ping was answered, or when the answer was dropped, which has looked like a message. */
	#ping(ws: Native): void {
		const { socket } = ws.getUserData().user;
		const isLost = ws.getBufferedAmount() > this.#options.maxBackpressure;
		if (isLost && socket && socket === this.#loser) socket.dropped -= 1;
		this.#loser = undefined;
	}

	#pong(ws: Native, data: ArrayBuffer): void {
		const { events, socket } = ws.getUserData().user;
		if (!socket?.isOpen || events.pong === undefined) return;
		const bytes = new Uint8Array(data.slice(0));
		this.#dispatcher.guard('pong', () => events.pong?.(bytes));
	}

	#tellLosers(): void {
		const losers = [...this.#losers];
		this.#losers.clear();
		for (const { socket, events } of losers) {
			if (!socket?.isOpen || socket.dropped === 0) continue;
			socket.slowDown();
			if (socket.hasOverflown) continue;
			socket.hasOverflown = true;
			this.#dispatcher.guard('overflow', () => events.overflow());
		}
	}

	#close(ws: Native, code: number, reason: ArrayBuffer): void {
		if (ws === this.#newcomers[0]) this.#newcomers.pop();
		const { events, socket } = ws.getUserData().user;
		if (socket === undefined) return;
		const { isOpen } = socket;
		socket.gone();
		this.leaving.delete(socket);
		if (!isOpen) return;
		const said = Buffer.from(reason).toString();
		// For 1006 uWS gives its own view of what happened, where the protocol has none.
		this.ended(socket, () =>
			code === 1006 ? events.close(code, '', causeOf(said)) : events.close(code, said)
		);
	}
}

/** uWS detaches the buffer when the listener returns. */
function copyMessage(message: ArrayBuffer, isBinary: boolean): SocketData {
	return isBinary ? new Uint8Array(message.slice(0)) : Buffer.from(message).toString();
}
