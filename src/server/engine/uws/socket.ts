import type { WebSocket, WebSocketBehavior } from 'uWebSockets.js';
import type { Dispatcher } from '../dispatch.ts';
import type {
	EngineSocket,
	SendResult,
	SocketData,
	SocketEvents,
	SocketOptions
} from '../engine.ts';
import type { Uws, UwsApp } from './load.ts';

/** What a uWS socket carries. uWS copies the properties onto the socket object itself. */
export interface UserData {
	events: SocketEvents;
	socket?: UwsSocket;
}

const results: readonly SendResult[] = ['queued', 'sent', 'dropped'];

/** A socket on uWS, whose own methods throw once it is closed. */
export class UwsSocket implements EngineSocket {
	readonly #app: UwsApp;
	readonly #ws: WebSocket<UserData>;
	#isOpen = true;

	constructor(app: UwsApp, ws: WebSocket<UserData>) {
		this.#app = app;
		this.#ws = ws;
	}

	/** To be called before `SocketEvents.close`: from then on the uWS socket must not be touched. */
	markClosed(): void {
		this.#isOpen = false;
	}

	send(data: SocketData, compress: boolean): SendResult {
		if (!this.#isOpen) return 'dropped';
		return results[this.#ws.send(data, typeof data !== 'string', compress)] ?? 'dropped';
	}

	publish(topic: string, data: SocketData, compress: boolean): void {
		// Whoever is on no topic publishes nothing by itself; and everyone on this one is someone else.
		const isOnIt = this.#isOpen && this.#ws.isSubscribed(topic);
		const sender = isOnIt ? this.#ws : this.#app;
		sender.publish(topic, data, typeof data !== 'string', compress);
	}

	subscribe(topic: string): void {
		if (this.#isOpen) this.#ws.subscribe(topic);
	}

	unsubscribe(topic: string): void {
		if (this.#isOpen) this.#ws.unsubscribe(topic);
	}

	get bufferedAmount(): number {
		return this.#isOpen ? this.#ws.getBufferedAmount() : 0;
	}

	ping(): void {
		if (this.#isOpen) this.#ws.ping();
	}

	close(code: number, reason: string): void {
		if (this.#isOpen) this.#ws.end(code, reason);
	}

	terminate(): void {
		if (this.#isOpen) this.#ws.close();
	}
}

/** How uWS is to treat sockets, and where it reports. */
export function socketBehavior(
	uws: Uws,
	app: UwsApp,
	options: SocketOptions,
	dispatcher: Dispatcher
): WebSocketBehavior<UserData> {
	return {
		maxPayloadLength: options.maxPayload,
		idleTimeout: options.idleTimeout,
		maxBackpressure: options.maxBackpressure,
		maxLifetime: 0,
		sendPingsAutomatically: true,
		closeOnBackpressureLimit: false,
		// Shared windows cost no memory per socket.
		compression: options.compression ? uws.SHARED_COMPRESSOR | uws.SHARED_DECOMPRESSOR : 0,
		open(ws) {
			const data = ws.getUserData();
			const socket = new UwsSocket(app, ws);
			data.socket = socket;
			dispatcher.guard('open', () => data.events.open(socket));
		},
		message(ws, message, isBinary) {
			const { events } = ws.getUserData();
			dispatcher.guard('message', () => events.message(copyMessage(message, isBinary)));
		},
		drain(ws) {
			if (ws.getBufferedAmount() > 0) return;
			dispatcher.guard('drain', () => ws.getUserData().events.drain());
		},
		close(ws, code, reason) {
			const { events, socket } = ws.getUserData();
			socket?.markClosed();
			// For 1006 uWS gives its own view of what happened, where the protocol has none.
			const given = code === 1006 ? '' : Buffer.from(reason).toString();
			dispatcher.guard('close', () => events.close(code, given));
		}
	};
}

/** uWS detaches the buffer when the listener returns. */
function copyMessage(message: ArrayBuffer, isBinary: boolean): SocketData {
	return isBinary ? new Uint8Array(message.slice(0)) : Buffer.from(message).toString();
}
