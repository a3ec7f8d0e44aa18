import { beat, isBeat } from '../../shared/heartbeat.ts';
import { frame, isFrame, kinds, version } from '../../shared/protocol.ts';
import type { SocketData } from './codec.ts';
import type { Line } from './host.ts';

/** Milliseconds after something was sent until the server is asked whether it has arrived. */
const confirmDelay = 1000;

/** Milliseconds in which something has to come back. */
const patience = 10_000;

/** A timer that fires this much late, in milliseconds, did not run while the page was asleep. */
const late = 1000;

export interface HeartbeatEvents {
	/** It is known whether the server knows of frames, and has not been before. */
	onKnown(line: Line): void;
	/** The connection is dead. */
	onSilent(): void;
	/** The server leaves, and nobody should come back to it before so many milliseconds. */
	onNotice(delay: number): void;
	/** All that was sent has arrived. */
	onConfirmed(line: Line): void;
}

/**
 * Whether anybody is at the other end of a connection, and what has arrived there. It starts once the server says that it
 * knows of heartbeats: `shared/heartbeat.ts`.
 */
export class Heartbeat<Out> implements Line {
	/** What the app sends may go: whatever has to be said before was said. */
	isReady = false;
	isFramed: boolean | undefined;
	readonly send: (data: SocketData) => boolean;
	readonly #events: HeartbeatEvents;
	/** Milliseconds of silence after which the server is asked; 0 until it has said so. */
	#interval = 0;
	#isOver = false;
	#lastSeen = performance.now();
	/** Until the answer is there. */
	#isAsking = false;
	#isConfirming = false;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#unconfirmed: Out[] = [];
	/** Messages that were sent on this connection. */
	#count = 0;

	/**
	 * @param send on the connection
	 * @param isAsked whether the server was asked for frames
	 */
	constructor(send: (data: SocketData) => boolean, events: HeartbeatEvents, isAsked: boolean) {
		this.send = send;
		this.#events = events;
		if (!isAsked) this.isFramed = false;
		this.#arm(patience, () => this.#know(false));
	}

	/** @returns whether it was a beat: not for the app */
	received(data: unknown): boolean {
		if (this.#isOver) return false;
		this.#lastSeen = performance.now();
		if (!this.#interval) return this.#greeted(data);
		// More than was sent is nobody's answer: the text is the app's, unless it would come in its escape.
		const isOurs = isBeat(data) && (this.isFramed || +data.slice(1) <= this.#count);
		if (isOurs) this.#beaten(+data.slice(1));
		return isOurs;
	}

	/** The first message of a server that knows of heartbeats, or even of frames, says so. */
	#greeted(data: unknown): boolean {
		const hello = frame(kinds.hello, version, '');
		const isHello = this.isFramed === undefined && isFrame(data) && data.startsWith(hello);
		const isOurs = isHello || isBeat(data);
		if (isOurs) {
			const interval = Number.parseInt(data.slice(isHello ? hello.length : 1));
			this.#interval = Math.max(interval, patience);
			this.#isAsking = false;
			this.#rest();
		}
		this.#know(isHello, isOurs);
		return isOurs;
	}

	#know(isFramed: boolean, hasBeats = false): void {
		if (!hasBeats) this.end();
		const isNews = this.isFramed === undefined;
		this.isFramed = isFramed;
		if (isNews) this.#events.onKnown(this);
	}

	sent(value: Out): void {
		if (this.#isOver) return;
		this.#unconfirmed.push(value);
		this.#count += 1;
		if (this.#interval && !this.#isAsking) this.#rest();
	}

	/** Ask now. */
	ask(): void {
		if (this.#isOver || !this.#interval) return;
		const asked = performance.now();
		this.#isAsking = true;
		this.#isConfirming = false;
		this.send(beat + this.#count);
		this.#arm(patience, () => this.#judge(asked));
	}

	/** @returns what was sent and not confirmed */
	end(): Out[] {
		this.#isOver = true;
		clearTimeout(this.#timer);
		return this.#unconfirmed.splice(0);
	}

	#beaten(number: number): void {
		if (number < 0) return this.#events.onNotice(-number);
		this.#unconfirmed.splice(0, this.#unconfirmed.length - (this.#count - number));
		this.#isAsking = false;
		this.#rest();
		if (!this.#unconfirmed.length) this.#events.onConfirmed(this);
	}

	/** Until it is time to ask: soon, where something waits to be confirmed. */
	#rest(): void {
		if (this.#isConfirming) return;
		this.#isConfirming = this.#unconfirmed.length > 0;
		const silence = performance.now() - this.#lastSeen;
		const delay = this.#isConfirming ? confirmDelay : this.#interval - silence;
		if (delay > 0) this.#arm(delay, () => (this.#isConfirming ? this.ask() : this.#rest()));
		else this.ask();
	}

	#judge(asked: number): void {
		// What came while the page was asleep is delivered after its timers have run.
		const hasSlept = performance.now() - asked > patience + late;
		if (this.#lastSeen >= asked || hasSlept) this.ask();
		else this.#events.onSilent();
	}

	#arm(delay: number, run: () => void): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(run, delay);
	}
}
