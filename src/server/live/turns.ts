/** Who has something to send, in fair order: whoever has had a turn comes after all others who wait. */
export class Turns<T> {
	readonly #waiting = new Set<T>();

	get isEmpty(): boolean {
		return this.#waiting.size === 0;
	}

	/** Harmless for who waits already, and keeps the place. */
	add(who: T): void {
		this.#waiting.add(who);
	}

	delete(who: T): void {
		this.#waiting.delete(who);
	}

	clear(): void {
		this.#waiting.clear();
	}

	/** Whose turn it is: who does not wait any more. */
	take(): T | undefined {
		for (const who of this.#waiting) {
			this.#waiting.delete(who);
			return who;
		}
		return undefined;
	}
}
