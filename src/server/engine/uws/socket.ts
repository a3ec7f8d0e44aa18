import type { WebSocket } from 'uWebSockets.js';
import type { CloseCause, EngineSocket, SendResult, SocketData, SocketEvents } from '../engine.ts';
import type { Beating } from '../heartbeat.ts';
import type { Leaver, Leaving } from '../leaving.ts';
import type { Topics } from '../../topic-members.ts';
import { encodeTopic, type TextEncoding } from './text.ts';

/**
 * What a uWS socket carries. uWS copies the properties onto the socket object itself, amid the upgrade: with one of always the
 * same kind V8 has nothing to learn of them there, which takes memory (see `UwsExchange.accept`).
 */
export interface UserData {
	readonly user: User;
}

/** Who has a socket. */
export class User {
	readonly events: SocketEvents;
	socket: UwsSocket | undefined;

	constructor(events: SocketEvents) {
		this.events = events;
		this.socket = undefined;
	}
}

/** What a socket needs of its app. */
export interface UwsHub {
	readonly text: TextEncoding;
	/** What slow sockets are on, instead of the topics of uWS. */
	readonly slow: Topics<UwsSocket>;
	readonly leaving: Leaving;
	/** @param sender who does not get it */
	publish(topic: string, data: SocketData, compress: boolean, sender: UwsSocket): void;
	/** The socket has ended, for whoever holds it. */
	ended(socket: UwsSocket, tell: () => void): void;
}

const results: readonly SendResult[] = ['queued', 'sent', 'dropped'];

/** A socket on uWS, whose own methods throw once uWS has closed it. */
export class UwsSocket implements EngineSocket, Beating, Leaver {
	slot = 0;
	dropped = 0;
	/** `overflow` was called. */
	hasOverflown = false;
	readonly #hub: UwsHub;
	readonly #ws: WebSocket<UserData>;
	#isOpen = true;
	#isSlow = false;
	/** What is said to the peer when its queue is empty. */
	#goodbye: (() => void) | undefined;

	constructor(hub: UwsHub, ws: WebSocket<UserData>) {
		this.#hub = hub;
		this.#ws = ws;
	}

	get isOpen(): boolean {
		return this.#isOpen;
	}

	send(data: SocketData, compress: boolean): SendResult {
		if (!this.#isOpen) return 'dropped';
		const isBinary = typeof data !== 'string';
		const bytes = isBinary ? data : this.#hub.text.encode(data);
		return results[this.#ws.send(bytes, isBinary, compress)] ?? 'dropped';
	}

	/** Send what others get too. */
	deliver(bytes: Uint8Array, isBinary: boolean, compress: boolean): void {
		if (this.#isOpen) this.#ws.send(bytes, isBinary, compress);
	}

	publish(topic: string, data: SocketData, compress: boolean): void {
		this.#hub.publish(topic, data, compress, this);
	}

	/** @returns false if it is on no such topic of uWS: then it publishes nothing by itself, and everyone there is someone else */
	publishTo(
		topic: string | Uint8Array,
		bytes: Uint8Array,
		isBinary: boolean,
		compress: boolean
	): boolean {
		if (!this.#isOpen || !this.#ws.isSubscribed(topic)) return false;
		this.#ws.publish(topic, bytes, isBinary, compress);
		return true;
	}

	subscribe(topic: string): void {
		if (!this.#isOpen) return;
		if (this.#isSlow) this.#hub.slow.join(topic, this);
		else this.#ws.subscribe(encodeTopic(topic));
	}

	unsubscribe(topic: string): void {
		if (!this.#isOpen) return;
		if (this.#isSlow) this.#hub.slow.part(topic, this);
		else this.#ws.unsubscribe(encodeTopic(topic));
	}

	get bufferedAmount(): number {
		return this.#isOpen ? this.#ws.getBufferedAmount() : 0;
	}

	ping(data?: Uint8Array): void {
		// It would be counted as a message.
		if (this.#isOpen && this.#ws.ping(data) === 2) this.dropped -= 1;
	}

	/** What waits to be sent says all that a ping would, and a ping would have to wait behind it. */
	beat(): void {
		if (this.bufferedAmount === 0) this.ping();
	}

	close(code: number, reason: string, cause?: CloseCause): void {
		if (!this.#isOpen) return;
		const ws = this.#ws;
		const { events } = ws.getUserData().user;
		const end = () => ws.end(code, Buffer.from(reason));
		this.#isOpen = false;
		// With too much in the queue uWS would throw it away, and the close frame with it.
		if (ws.getBufferedAmount() > 0) this.#wait(end);
		else end();
		this.#hub.ended(this, () => events.close(code, reason, cause));
	}

	terminate(): void {
		if (this.#isOpen || this.#goodbye) this.#ws.close();
	}

	/**
	 * With the first message that uWS drops it throws away what else was published to the same socket, up to 31 messages, and
	 * tells of one only. From now on it gets one by one what is published.
	 */
	slowDown(): void {
		if (!this.#isOpen || this.#isSlow) return;
		this.#isSlow = true;
		for (const topic of this.#ws.getTopics()) this.#hub.slow.join(topic, this);
		this.#partFromAll();
	}

	leave(): void {
		this.#goodbye?.();
	}

	/** The queue is empty: whatever is published next comes in batches again. */
	speedUp(): void {
		if (!this.#isSlow) return;
		this.#isSlow = false;
		for (const topic of this.#hub.slow.leave(this)) this.subscribe(topic);
	}

	/** From now on the uWS socket must not be touched. */
	gone(): void {
		this.#isOpen = false;
		this.#goodbye = undefined;
	}

	get pending(): number {
		return this.#goodbye ? this.#ws.getBufferedAmount() : 0;
	}

	#wait(end: () => void): void {
		this.#partFromAll();
		this.#goodbye = end;
		this.#hub.leaving.add(this);
	}

	/** What was published before still arrives. */
	#partFromAll(): void {
		for (const topic of this.#ws.getTopics()) this.#ws.unsubscribe(encodeTopic(topic));
	}
}
