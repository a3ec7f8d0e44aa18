/** A socket whose connection this process has. */
interface Guest {
	close(code: number, reason: string): void;
}

/** Sockets whose connection this process has and whose session another one. */
export class Guests<G extends Guest = Guest> {
	readonly #open = new Set<G>();
	readonly #countLeaving: () => number;
	#arrivals = 0;

	/** @param countLeaving how many have ended, while something is still held for them */
	constructor(countLeaving: () => number) {
		this.#countLeaving = countLeaving;
	}

	/** Those that are open, and those that have ended while something is still held for them. */
	get size(): number {
		return this.count + this.#countLeaving();
	}

	/** Those that are open. */
	get count(): number {
		return this.#open.size;
	}

	/** How many have ever come. */
	get arrivals(): number {
		return this.#arrivals;
	}

	/** One that comes while this is walked through comes last. */
	open(): Iterable<G> {
		return this.#open.values();
	}

	add(guest: G): void {
		this.#open.add(guest);
		this.#arrivals += 1;
	}

	/** @returns whether it was there */
	delete(guest: G): boolean {
		return this.#open.delete(guest);
	}
}
