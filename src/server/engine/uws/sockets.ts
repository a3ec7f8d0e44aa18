import type { WebSocket, WebSocketBehavior } from 'uWebSockets.js';
import type { Dispatcher } from '../dispatch.ts';
import { pingInterval } from '../../../shared/heartbeat.ts';
import type { SocketData, SocketOptions } from '../engine.ts';
import { Heartbeat } from '../heartbeat.ts';
import type { Uws, UwsApp } from './load.ts';
import { UwsSocket, type UserData, type UwsHub } from './socket.ts';
import { encodeTopic, TextEncoding } from './text.ts';

/** The sockets of one uWS app. */
export class UwsSockets implements UwsHub {
	readonly text = new TextEncoding();
	readonly #app: UwsApp;
	readonly #options: SocketOptions;
	readonly #dispatcher: Dispatcher;
	/** uWS pings by itself, but later than proxies wait. */
	readonly #heartbeat: Heartbeat<UwsSocket>;
	#isClosed = false;

	constructor(app: UwsApp, options: SocketOptions, dispatcher: Dispatcher) {
		this.#app = app;
		this.#options = options;
		this.#dispatcher = dispatcher;
		this.#heartbeat = new Heartbeat(pingInterval(options.idleTimeout), (socket) => socket.beat());
	}

	publish(topic: string, data: SocketData, compress: boolean, sender?: WebSocket<UserData>): void {
		// After the end this would end the process.
		if (this.#isClosed) return;
		const isBinary = typeof data !== 'string';
		const bytes = isBinary ? data : this.text.encode(data);
		const name = encodeTopic(topic);
		// Whoever is on no topic publishes nothing by itself; and everyone on this one is someone else.
		const isOnIt = sender?.isSubscribed(name) ?? false;
		(sender && isOnIt ? sender : this.#app).publish(name, bytes, isBinary, compress);
	}

	size(topic: string): number {
		return this.#isClosed ? 0 : this.#app.numSubscribers(encodeTopic(topic));
	}

	/** To be called before the app is closed. */
	close(): void {
		this.#isClosed = true;
		this.#heartbeat.stop();
	}

	#ended(socket: UwsSocket): void {
		socket.markClosed();
		this.#heartbeat.delete(socket);
	}

	/** How uWS is to treat sockets, and where it reports. */
	behavior(uws: Uws): WebSocketBehavior<UserData> {
		const { guard } = this.#dispatcher;
		const { maxPayload, idleTimeout, maxBackpressure, compression } = this.#options;
		return {
			maxPayloadLength: maxPayload,
			idleTimeout: toUws(idleTimeout),
			maxBackpressure,
			maxLifetime: 0,
			sendPingsAutomatically: false,
			closeOnBackpressureLimit: false,
			// Shared windows cost no memory per socket.
			compression: compression ? uws.SHARED_COMPRESSOR | uws.SHARED_DECOMPRESSOR : 0,
			open: (ws) => {
				const data = ws.getUserData();
				const socket = new UwsSocket(this, ws);
				data.socket = socket;
				this.#heartbeat.add(socket);
				guard('open', () => data.events.open(socket));
			},
			message(ws, message, isBinary) {
				const { events } = ws.getUserData();
				guard('message', () => events.message(copyMessage(message, isBinary)));
			},
			drain(ws) {
				if (ws.getBufferedAmount() > 0) return;
				guard('drain', () => ws.getUserData().events.drain());
			},
			close: (ws, code, reason) => {
				const { events, socket } = ws.getUserData();
				if (socket) this.#ended(socket);
				// For 1006 uWS gives its own view of what happened, where the protocol has none.
				const given = code === 1006 ? '' : Buffer.from(reason).toString();
				guard('close', () => events.close(code, given));
			}
		};
	}
}

/** uWS counts silence in steps of four seconds, of which the first may be a short one, and ends the process above 960. */
function toUws(idleTimeout: number): number {
	return idleTimeout === 0 ? 0 : Math.min(idleTimeout + 4, 960);
}

/** uWS detaches the buffer when the listener returns. */
function copyMessage(message: ArrayBuffer, isBinary: boolean): SocketData {
	return isBinary ? new Uint8Array(message.slice(0)) : Buffer.from(message).toString();
}
