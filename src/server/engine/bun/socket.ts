import type { Batches } from '../batches.ts';
import type { CloseCause, EngineSocket, SendResult, SocketData, SocketEvents } from '../engine.ts';
import type { Heartbeat } from '../heartbeat.ts';
import type { Leaver, Leaving } from '../leaving.ts';
import { Pulse } from '../pulse.ts';
import type { Topics } from '../../topic-members.ts';
import type { BunWebSocket } from './runtime.ts';

/** What a socket of Bun carries. */
export interface BunSocketData {
	readonly events: SocketEvents;
	socket?: BunSocket;
}

/** A message as all get it who are on its topic. */
export interface Published {
	readonly data: SocketData;
	readonly compress: boolean;
}

/** Bytes of what leaves together, or characters, above which it leaves at once. */
const maxBatch = 16 * 1024;

/** What a socket needs of its engine. */
export interface BunHub {
	readonly batches: Batches;
	readonly topics: Topics<BunSocket>;
	readonly leaving: Leaving;
	readonly heartbeat: Heartbeat<Pulse>;
	/** Looks at a silent socket after which it is dropped. */
	readonly patience: number;
	readonly maxBackpressure: number;
	/** @param sender who does not get it */
	publish(topic: string, data: SocketData, compress: boolean, sender: BunSocket): void;
	/** The socket has ended, for whoever holds it. */
	ended(socket: BunSocket, tell: () => void): void;
	/** The socket has dropped its first message. */
	overflown(socket: BunSocket, tell: () => void): void;
}

/** A socket on Bun. */
export class BunSocket implements EngineSocket, Leaver {
	dropped = 0;
	/** Of bytes Bun says nothing: messages, pings and answers to them. */
	bytesRead = 0;
	readonly #pulse: Pulse;
	/** Why it will have ended. */
	#cause: CloseCause | undefined;
	readonly #hub: BunHub;
	readonly #ws: BunWebSocket<BunSocketData>;
	#isOpen = true;
	/** What is said to the peer when its queue is empty. */
	#goodbye: (() => void) | undefined;
	/** What was published to it in this turn: most turns have one message. */
	#first: Published | undefined;
	#others: Published[] | undefined;
	/** How long all of that is. */
	#batched = 0;

	constructor(hub: BunHub, ws: BunWebSocket<BunSocketData>) {
		this.#hub = hub;
		this.#ws = ws;
		this.#pulse = new Pulse(this, this, hub.patience);
		hub.heartbeat.add(this.#pulse);
	}

	get isOpen(): boolean {
		return this.#isOpen;
	}

	send(data: SocketData, compress: boolean): SendResult {
		if (!this.#isOpen) return 'dropped';
		this.flush();
		return this.#send(data, compress);
	}

	/** Send what others get too: more of it may follow before the turn is over, and leaves together with it. */
	deliver(published: Published): void {
		if (!this.#isOpen) return;
		if (this.#first === undefined) {
			this.#first = published;
			this.#hub.batches.add(this);
		} else (this.#others ??= []).push(published);
		this.#batched += published.data.length;
		if (this.#batched > maxBatch) this.flush();
	}

	/** What was to leave together leaves now. */
	flush(): void {
		const first = this.#first;
		if (first === undefined) return;
		const others = this.#others;
		this.#forget();
		if (others === undefined) this.#send(first.data, first.compress);
		else this.#sendAll([first, ...others]);
	}

	#sendAll(all: Published[]): void {
		const send = () => all.forEach(({ data, compress }) => this.#send(data, compress));
		// The end of a cork writes what waits, and may let a message through amid those that a slow peer loses.
		if (this.#ws.getBufferedAmount() > 0) send();
		else this.#ws.cork(send);
	}

	#forget(): void {
		this.#first = undefined;
		this.#others = undefined;
		this.#batched = 0;
	}

	#send(data: SocketData, compress: boolean): SendResult {
		const sent = this.#ws.send(data, compress);
		if (sent > 0) return 'sent';
		if (sent < 0) return 'queued';
		return this.#isFull(data) ? this.#drop() : 'sent';
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

	get bufferedAmount(): number {
		return this.#isOpen ? this.#ws.getBufferedAmount() : 0;
	}

	ping(data?: Uint8Array): void {
		if (this.#isOpen) this.#ws.ping(data);
	}

	/** The peer has been silent for too long. */
	silent(): void {
		this.#cause = 'idle';
		this.terminate();
	}

	close(code: number, reason: string, cause?: CloseCause): void {
		if (!this.#isOpen) return;
		const ws = this.#ws;
		const { events } = ws.data;
		this.flush();
		this.#end();
		const end = () => ws.close(code, reason);
		// Bun would not wait for a client that takes its time, and not let go of one that takes nothing.
		if (ws.getBufferedAmount() > 0) {
			this.#goodbye = end;
			this.#hub.leaving.add(this);
		} else end();
		this.#hub.ended(this, () => events.close(code, reason, cause));
	}

	terminate(): void {
		this.flush();
		if (this.#isOpen || this.#goodbye) this.#ws.terminate();
	}

	leave(): void {
		this.#goodbye?.();
	}

	get pending(): number {
		return this.#isOpen || this.#goodbye ? this.#ws.getBufferedAmount() : 0;
	}

	/** Bun has closed it. @returns why, if it was we who wanted it */
	gone(): CloseCause | undefined {
		this.#end();
		this.#goodbye = undefined;
		this.#hub.leaving.delete(this);
		return this.#cause;
	}

	#end(): void {
		this.#isOpen = false;
		this.#forget();
		this.#hub.heartbeat.delete(this.#pulse);
	}

	/** For nothing Bun says the same as for an empty message that was sent. */
	#isFull(data: SocketData): boolean {
		return data.length > 0 || this.#ws.getBufferedAmount() > this.#hub.maxBackpressure;
	}

	#drop(): SendResult {
		this.dropped += 1;
		const { events } = this.#ws.data;
		if (this.dropped === 1) this.#hub.overflown(this, () => events.overflow());
		return 'dropped';
	}
}
