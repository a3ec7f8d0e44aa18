import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds; a timer fires at once above this. */
const longestTimer = 2_147_483_647;

/** A time that is up some day, unless nobody waits for it any more. */
export class Deadline {
	/** When it is. */
	readonly late: Promise<void>;
	readonly #up = new AbortController();
	readonly #over = new AbortController();
	readonly #end: number;

	/** @param time milliseconds */
	constructor(time: number) {
		this.#end = performance.now() + time;
		const { signal } = this.#over;
		this.late = sleep(Math.min(time, longestTimer), undefined, { signal }).then(
			() => this.#up.abort(),
			() => {}
		);
	}

	/** Aborts when it is up. */
	get signal(): AbortSignal {
		return this.#up.signal;
	}

	/** Milliseconds. */
	get left(): number {
		return Math.max(this.#end - performance.now(), 0);
	}

	[Symbol.dispose](): void {
		this.#over.abort();
	}
}
