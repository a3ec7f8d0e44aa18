/** Choices that are the same for the same seed. */
export class Random {
	#state: number;

	constructor(seed: number) {
		this.#state = seed >>> 0;
	}

	/** Mulberry32. @returns a number from 0 up to 1 */
	next(): number {
		this.#state = (this.#state + 0x6d2b79f5) >>> 0;
		let mixed = this.#state;
		mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	}

	/** @returns a whole number, both ends included */
	between(least: number, most: number): number {
		return least + Math.floor(this.next() * (most - least + 1));
	}

	/** @throws {RangeError} if there is nothing to choose from */
	pick<T>(all: readonly T[]): T {
		if (all.length === 0) throw new RangeError('There is nothing to choose from');
		return all[this.between(0, all.length - 1)] as T;
	}

	shuffle<T>(all: readonly T[]): T[] {
		const left = [...all];
		const shuffled: T[] = [];
		while (left.length > 0) shuffled.push(...left.splice(this.between(0, left.length - 1), 1));
		return shuffled;
	}
}
