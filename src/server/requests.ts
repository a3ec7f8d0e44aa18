/** Counts what is under way, so that a shutdown can wait for it. */
export class Requests {
	#active = 0;
	#waiting: (() => void)[] = [];

	/** @param answer never rejects */
	track(answer: Promise<void>): void {
		this.#active += 1;
		void answer.then(() => {
			this.#active -= 1;
			if (this.#active === 0) for (const done of this.#waiting.splice(0)) done();
		});
	}

	/** When nothing is under way. */
	idle(): Promise<void> {
		if (this.#active === 0) return Promise.resolve();
		return new Promise((resolve) => this.#waiting.push(resolve));
	}
}
