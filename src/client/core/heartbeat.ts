import { beat, isBeat } from '../../shared/heartbeat.ts';

/** Milliseconds after something was sent until the server is asked whether it has arrived. */
const confirmDelay = 1000;

/** Milliseconds in which something has to come back. */
const patience = 10_000;

/** A timer that fires this much late, in milliseconds, did not run while the page was asleep. */
const late = 1000;

export interface HeartbeatEvents {
	/** The connection is dead. */
	onSilent(): void;
	/** The server leaves, and nobody should come back to it before so many milliseconds. */
	onNotice(delay: number): void;
	/** All that was sent has arrived. */
	onConfirmed(): void;
}

/**
 * Whether anybody is at the other end of a connection, and what has arrived there. It starts once the server says that it
 * knows of heartbeats: `shared/heartbeat.ts`.
 */
export class Heartbeat<Out> {
	readonly #send: (data: string) => void;
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

	/** @param send on the connection */
	constructor(send: (data: string) => void, events: HeartbeatEvents) {
		this.#send = send;
		this.#events = events;
		this.#arm(patience, () => this.end());
	}

	/** @returns whether it was a beat: not for the app */
	received(data: unknown): boolean {
		if (this.#isOver) return false;
		this.#lastSeen = performance.now();
		// More than was sent is nobody's answer: the text is the app's.
		const isOurs = isBeat(data) && (!this.#interval || +data.slice(1) <= this.#count);
		if (isOurs) this.#beaten(+data.slice(1));
		// The first message of a server that knows of heartbeats is one.
		else if (!this.#interval) this.end();
		return isOurs;
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
		this.#send(beat + this.#count);
		this.#arm(patience, () => this.#judge(asked));
	}

	/** @returns what was sent and not confirmed */
	end(): Out[] {
		this.#isOver = true;
		clearTimeout(this.#timer);
		return this.#unconfirmed.splice(0);
	}

	#beaten(number: number): void {
		if (!this.#interval) this.#interval = Math.max(number, patience);
		else if (number < 0) return this.#events.onNotice(-number);
		else this.#unconfirmed.splice(0, this.#unconfirmed.length - (this.#count - number));
		this.#isAsking = false;
		this.#rest();
		if (!this.#unconfirmed.length) this.#events.onConfirmed();
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
