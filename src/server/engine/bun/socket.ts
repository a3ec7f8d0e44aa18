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

/** What a socket needs of its engine. */
export interface BunHub {
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

	ping(): void {
		if (this.#isOpen) this.#ws.ping();
	}

	/** The peer has been silent for too long. */
	silent(): void {
		this.#cause = 'idle';
		this.#ws.terminate();
	}

	close(code: number, reason: string, cause?: CloseCause): void {
		if (!this.#isOpen) return;
		const ws = this.#ws;
		const { events } = ws.data;
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
