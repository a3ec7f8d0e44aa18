/** Who has something to send, in fair order: whoever has had a turn comes after all others who wait. */
export class Turns<T> {
	/** Those who have had no turn since they had nothing to send: a little of them is not to wait behind a lot of others. */
	readonly #fresh = new Set<T>();
	/** Those who have had one, also if there is nothing left of them: until the others have had theirs they are not fresh. */
	readonly #others = new Set<T>();

	/** Harmless for who waits already, and keeps the place. */
	add(who: T): void {
		if (!this.#others.has(who)) this.#fresh.add(who);
	}

	delete(who: T): void {
		this.#fresh.delete(who);
		this.#others.delete(who);
	}

	clear(): void {
		this.#fresh.clear();
		this.#others.clear();
	}

	/**
	 * Whose turn it is.
	 * @param isReady whether somebody has something to send: who has not, when it is their turn, does not wait any more
	 */
	next(isReady: (who: T) => boolean): T | undefined {
		for (const waiting of [this.#fresh, this.#others]) {
			for (const who of waiting) {
				if (isReady(who)) return who;
				waiting.delete(who);
			}
		}
		return undefined;
	}

	/** It has had it, and waits on in the last place. */
	had(who: T): void {
		this.delete(who);
		this.#others.add(who);
	}
}
