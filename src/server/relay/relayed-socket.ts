import type {
	CloseCause,
	EngineSocket,
	SendResult,
	SocketData,
	SocketEvents
} from '../engine/engine.ts';
import type { Topics } from '../topic-members.ts';
import { ops } from './frames.ts';
import type { Link } from './link.ts';
import { encodeMessage } from './messages.ts';
import { windowSize } from './room.ts';

/**
 * Bytes that may be under way to the other process, as they may to the system's own buffers: whether the client is slow shows there,
 * and is known here a little later.
 */
export const transit = 4 * 1024 * 1024;

/** What relayed sockets share. */
export interface RelayedHub {
	readonly topics: Topics<RelayedSocket>;
	readonly maxBackpressure: number;
	/** @param sender who does not get it */
	publish(topic: string, data: SocketData, compress: boolean, sender: RelayedSocket): void;
	/** Run a listener: what it throws is reported. */
	guard(where: string, run: () => void): void;
}

/** A socket whose connection another process has. */
export class RelayedSocket implements EngineSocket {
	readonly #link: Link;
	readonly #hub: RelayedHub;
	readonly #events: SocketEvents;
	readonly #onEnd: () => void;
	#isOpen = true;
	/** `queued` was said, and `drain` is to follow. */
	#hasQueued = false;
	#hasOverflown = false;
	#dropped = 0;

	/** @param onEnd it has ended */
	constructor(link: Link, hub: RelayedHub, events: SocketEvents, onEnd: () => void) {
		this.#link = link;
		this.#hub = hub;
		this.#events = events;
		this.#onEnd = onEnd;
	}

	open(): void {
		this.#hub.guard('open', () => this.#events.open(this));
	}

	received(data: SocketData): void {
		if (this.#isOpen) this.#hub.guard('message', () => this.#events.message(data));
	}

	answered(data: Uint8Array): void {
		if (this.#isOpen) this.#hub.guard('pong', () => this.#events.pong?.(data));
	}

	/** The other end has taken more. */
	advanced(): void {
		if (!this.#isOpen || !this.#hasQueued || this.#link.waiting > 0) return;
		this.#hasQueued = false;
		this.#hub.guard('drain', () => this.#events.drain());
	}

	/** The connection has ended it. */
	ended(code: number, reason: string, cause?: CloseCause): void {
		if (!this.#isOpen) return;
		this.#isOpen = false;
		this.#hub.topics.leave(this);
		this.#onEnd();
		this.#hub.guard('close', () => this.#events.close(code, reason, cause));
	}

	get dropped(): number {
		return this.#dropped;
	}

	get bufferedAmount(): number {
		return this.#isOpen ? this.#link.waiting : 0;
	}

	send(data: SocketData, compress: boolean): SendResult {
		if (!this.#isOpen) return 'dropped';
		if (this.#isFull) return this.#drop();
		this.#link.tellData(data, compress);
		if (this.#link.waiting <= windowSize) return 'sent';
		this.#hasQueued = true;
		return 'queued';
	}

	publish(topic: string, data: SocketData, compress: boolean): void {
		this.#hub.publish(topic, data, compress, this);
	}

	subscribe(topic: string): void {
		if (this.#isOpen) this.#hub.topics.join(topic, this);
	}

	unsubscribe(topic: string): void {
		this.#hub.topics.part(topic, this);
	}

	ping(data?: Uint8Array): void {
		if (this.#isOpen) this.#link.tell(ops.ping, data);
	}

	close(code: number, reason: string, cause?: CloseCause): void {
		if (!this.#isOpen) return;
		this.#link.tell(ops.close, encodeMessage({ code, reason, cause }));
		this.ended(code, reason, cause);
	}

	terminate(): void {
		this.#link.tell(ops.terminate);
		this.ended(1006, '');
	}

	/** What is on its way says nothing of the client yet, but may not be any amount. */
	get #isFull(): boolean {
		const { waiting, stuck } = this.#link;
		const { maxBackpressure } = this.#hub;
		return stuck > maxBackpressure || waiting > maxBackpressure + transit;
	}

	#drop(): SendResult {
		this.#dropped += 1;
		setImmediate(() => this.#overflow());
		return 'dropped';
	}

	#overflow(): void {
		if (!this.#isOpen || this.#hasOverflown) return;
		this.#hasOverflown = true;
		this.#hub.guard('overflow', () => this.#events.overflow());
	}
}
