/** Milliseconds that an answer may take, with some to spare: a log has five seconds by contract. */
export const patience = 4500;

/** What was asked on one connection and is not answered. */
export class Calls {
	readonly #waiting = new Set<(reason: Error) => void>();
	/** Those that were given up, and that may still be answered. */
	#late = 0;
	#ended: Error | undefined;

	/** Why nothing should be asked now. */
	get trouble(): Error | undefined {
		return this.#ended ?? (this.#late > 0 ? noAnswer() : undefined);
	}

	/**
	 * The answer, or the error of who does not answer in time.
	 * @param time milliseconds
	 */
	wait<T>(answer: Promise<T>, time = patience): Promise<T> {
		return new Promise((resolve, reject) => {
			const giveUp = (reason: Error) => {
				clearTimeout(timer);
				this.#waiting.delete(giveUp);
				reject(reason);
			};
			let isLate = false;
			const timer = setTimeout(() => {
				isLate = true;
				this.#late += 1;
				giveUp(noAnswer());
			}, time);
			this.#waiting.add(giveUp);
			const answered = () => {
				clearTimeout(timer);
				this.#waiting.delete(giveUp);
				if (isLate) this.#late -= 1;
			};
			answer.finally(answered).then(resolve, reject);
		});
	}

	/** The connection is gone. */
	end(reason: Error): void {
		this.#ended = reason;
		for (const giveUp of [...this.#waiting]) giveUp(reason);
	}
}

function noAnswer(): Error {
	return new Error('What keeps the history of topics does not answer');
}
