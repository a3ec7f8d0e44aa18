import type { WebSocket, WebSocketBehavior } from 'uWebSockets.js';
import type { Dispatcher } from '../dispatch.ts';
import type { SocketData, SocketOptions } from '../engine.ts';
import type { Uws, UwsApp } from './load.ts';
import { UwsSocket, type UserData, type UwsHub } from './socket.ts';
import { encodeTopic, TextEncoding } from './text.ts';

/** The sockets of one uWS app. */
export class UwsSockets implements UwsHub {
	readonly text = new TextEncoding();
	readonly #app: UwsApp;
	readonly #options: SocketOptions;
	readonly #dispatcher: Dispatcher;
	#isClosed = false;

	constructor(app: UwsApp, options: SocketOptions, dispatcher: Dispatcher) {
		this.#app = app;
		this.#options = options;
		this.#dispatcher = dispatcher;
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
	}

	/** How uWS is to treat sockets, and where it reports. */
	behavior(uws: Uws): WebSocketBehavior<UserData> {
		const { guard } = this.#dispatcher;
		const { maxPayload, idleTimeout, maxBackpressure, compression } = this.#options;
		return {
			maxPayloadLength: maxPayload,
			idleTimeout,
			maxBackpressure,
			maxLifetime: 0,
			sendPingsAutomatically: true,
			closeOnBackpressureLimit: false,
			// Shared windows cost no memory per socket.
			compression: compression ? uws.SHARED_COMPRESSOR | uws.SHARED_DECOMPRESSOR : 0,
			open: (ws) => {
				const data = ws.getUserData();
				const socket = new UwsSocket(this, ws);
				data.socket = socket;
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
			close(ws, code, reason) {
				const { events, socket } = ws.getUserData();
				socket?.markClosed();
				// For 1006 uWS gives its own view of what happened, where the protocol has none.
				const given = code === 1006 ? '' : Buffer.from(reason).toString();
				guard('close', () => events.close(code, given));
			}
		};
	}
}

/** uWS detaches the buffer when the listener returns. */
function copyMessage(message: ArrayBuffer, isBinary: boolean): SocketData {
	return isBinary ? new Uint8Array(message.slice(0)) : Buffer.from(message).toString();
}
