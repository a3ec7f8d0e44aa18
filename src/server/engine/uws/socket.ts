import type { WebSocket } from 'uWebSockets.js';
import type { EngineSocket, SendResult, SocketData, SocketEvents } from '../engine.ts';
import type { Beating } from '../heartbeat.ts';
import { encodeTopic, type TextEncoding } from './text.ts';

/** What a uWS socket carries. uWS copies the properties onto the socket object itself. */
export interface UserData {
	events: SocketEvents;
	socket?: UwsSocket;
}

/** What a socket needs of its app. */
export interface UwsHub {
	readonly text: TextEncoding;
	/** @param sender who does not get it, if it is on the topic */
	publish(topic: string, data: SocketData, compress: boolean, sender?: WebSocket<UserData>): void;
}

const results: readonly SendResult[] = ['queued', 'sent', 'dropped'];

/** A socket on uWS, whose own methods throw once it is closed. */
export class UwsSocket implements EngineSocket, Beating {
	slot = 0;
	readonly #hub: UwsHub;
	readonly #ws: WebSocket<UserData>;
	#isOpen = true;

	constructor(hub: UwsHub, ws: WebSocket<UserData>) {
		this.#hub = hub;
		this.#ws = ws;
	}

	/** To be called before `SocketEvents.close`: from then on the uWS socket must not be touched. */
	markClosed(): void {
		this.#isOpen = false;
	}

	send(data: SocketData, compress: boolean): SendResult {
		if (!this.#isOpen) return 'dropped';
		const isBinary = typeof data !== 'string';
		const bytes = isBinary ? data : this.#hub.text.encode(data);
		return results[this.#ws.send(bytes, isBinary, compress)] ?? 'dropped';
	}

	publish(topic: string, data: SocketData, compress: boolean): void {
		this.#hub.publish(topic, data, compress, this.#isOpen ? this.#ws : undefined);
	}

	subscribe(topic: string): void {
		if (this.#isOpen) this.#ws.subscribe(encodeTopic(topic));
	}

	unsubscribe(topic: string): void {
		if (this.#isOpen) this.#ws.unsubscribe(encodeTopic(topic));
	}

	get bufferedAmount(): number {
		return this.#isOpen ? this.#ws.getBufferedAmount() : 0;
	}

	ping(): void {
		if (this.#isOpen) this.#ws.ping();
	}

	/** What waits to be sent says all that a ping would, and a ping would have to wait behind it. */
	beat(): void {
		if (this.bufferedAmount === 0) this.ping();
	}

	close(code: number, reason: string): void {
		if (this.#isOpen) this.#ws.end(code, Buffer.from(reason));
	}

	terminate(): void {
		if (this.#isOpen) this.#ws.close();
	}
}
