import { maxPiece } from '../../shared/live.ts';

/** Bytes. */
const first = 16 * 1024;
const smallest = 8 * 1024;
const largest = 1024 * 1024;

/** Milliseconds that what is sent may have to wait on its way behind what was sent before. */
const target = 25;

/** Milliseconds after which it is looked anew how long the way is. */
const memory = 10_000;

/** One piece whose arrival is waited for. */
interface Timed {
	/** What has been sent when it has, itself included. */
	end: number;
	at: number;
	/** Nothing was under way before it: it takes as long as the way is. */
	isAlone: boolean;
}

/**
 * How many bytes may be under way to one client. What the kernel and the network keep would be in the way of every other query
 * on the socket: so there are to be as many as keep the line busy, and not many more. How many that are shows in the time that
 * a piece takes to arrive, beside the shortest one.
 */
export class Window {
	readonly #now: () => number;
	#size = first;
	#sent = 0;
	#arrived = 0;
	#timed: Timed | undefined;
	/** Milliseconds that the way takes when it is empty. */
	#shortest = Infinity;
	#measured: number;
	/** There was more to send than it let through. */
	#wasShut = false;
	/** By which it grows: fast until it was too large for the first time. */
	#growth = 3 / 2;
	/** What is under way was sent when it was of another size. */
	#isNew = false;

	/** @param now milliseconds */
	constructor(now: () => number = () => performance.now()) {
		this.#now = now;
		this.#measured = now();
	}

	get size(): number {
		return this.#size;
	}

	/** Bytes of a piece: a short one where four long ones would be more than may be under way. */
	get piece(): number {
		return Math.min(maxPiece, this.#size / 4);
	}

	get underWay(): number {
		return this.#sent - this.#arrived;
	}

	/** Whether a piece may be sent, which there is. */
	admits(): boolean {
		const { underWay } = this;
		if (underWay === 0) return true;
		const isRoom = underWay + this.piece <= this.#size;
		// From time to time the way has to be empty, or nobody knows how long it is.
		if (isRoom && this.#now() - this.#measured < memory) return true;
		this.#wasShut = true;
		return false;
	}

	/** @param bytes of a piece */
	sent(bytes: number): void {
		const isAlone = this.underWay === 0;
		this.#sent += bytes;
		// How long one takes that has little before it says nothing of all that there may be.
		const isFull = this.underWay + this.piece > this.#size;
		if (isAlone || isFull) this.#timed ??= { end: this.#sent, at: this.#now(), isAlone };
	}

	/** @returns false for what cannot be */
	arrived(bytes: number): boolean {
		if (!Number.isSafeInteger(bytes) || bytes < 1 || bytes > this.underWay) return false;
		this.#arrived += bytes;
		const timed = this.#timed;
		if (timed === undefined || timed.end > this.#arrived) return true;
		this.#timed = undefined;
		const took = this.#now() - timed.at;
		// What came behind it in one acknowledgement has made it late.
		if (timed.isAlone && timed.end === this.#arrived) this.#measure(took);
		else this.#adapt(took);
		return true;
	}

	#adapt(took: number): void {
		this.#shortest = Math.min(this.#shortest, took);
		const waited = took - this.#shortest;
		if (this.#isNew) this.#isNew = false;
		else if (waited > target) {
			this.#growth = 9 / 8;
			this.#resize(Math.max(target / waited, 1 / 2));
		} else if (this.#wasShut && waited < target / 2) this.#resize(this.#growth);
	}

	/** A way that has become longer is believed in slowly: it may have been the client that was busy. */
	#measure(took: number): void {
		this.#measured = this.#now();
		const isLonger = took > this.#shortest;
		this.#shortest = isLonger ? this.#shortest + (took - this.#shortest) / 4 : took;
	}

	#resize(factor: number): void {
		const size = Math.min(Math.max(this.#size * factor, smallest), largest);
		this.#size = Math.floor(size / 4) * 4;
		this.#isNew = true;
		this.#wasShut = false;
	}
}
