/** Handshakes a second, as long as nobody knows better: what one core does, more or less. */
const usual = 1000;

/** So many wait: the server does all that it can. */
const crowd = 8;

/** Milliseconds in which it has to do so. */
const shortest = 200;

/** How many handshakes a second this process can answer, by what it has done when there was a crowd. */
export class Pace {
	#best = 0;
	/** Since when there is one. */
	#since: number | undefined;
	#count = 0;

	get perSecond(): number {
		return this.#best || usual;
	}

	/** One was answered. @param waiting how many others are not yet */
	answered(waiting: number): void {
		if (waiting < crowd) {
			this.#since = undefined;
			return;
		}
		const now = performance.now();
		if (this.#since === undefined) {
			this.#since = now;
			this.#count = 0;
			return;
		}
		this.#count += 1;
		const time = now - this.#since;
		if (time < shortest) return;
		this.#best = Math.max(this.#best, (this.#count * 1000) / time);
		this.#since = now;
		this.#count = 0;
	}
}
