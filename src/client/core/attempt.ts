import type { Attempt, MaybePromise, Protocols } from './types.ts';

/** One try to connect, with all that is asked for before it, and the connection that it leads to. */
export class RunningAttempt implements Attempt {
	url: URL | undefined;
	protocols: Protocols;
	cause: unknown;
	wasOpen = false;
	/** The browser's own, as soon as there is one. */
	socket: WebSocket | undefined;
	readonly #timer: ReturnType<typeof setTimeout>;
	readonly #late: Promise<never>;

	/** @param patience milliseconds until it is open */
	constructor(patience: number) {
		let giveUp: (reason: Error) => void;
		this.#late = new Promise((_, reject) => (giveUp = reject));
		// It matters to questions only.
		this.#late.catch(() => {});
		this.#timer = setTimeout(() => {
			// partysocket hears of it as of any attempt that fails.
			if (this.socket) this.socket.dispatchEvent(new Event('error'));
			else giveUp(new Error(`An attempt may take ${patience / 1000} seconds`));
		}, patience);
	}

	async ask<T>(question: () => MaybePromise<T>): Promise<T> {
		try {
			return await Promise.race([question(), this.#late]);
		} catch (error) {
			// partysocket reads the message of whatever it is.
			throw (this.cause = error ?? new Error());
		}
	}

	opened(): void {
		this.wasOpen = true;
		this.end();
	}

	/** Time does not matter any more. */
	end(): void {
		clearTimeout(this.#timer);
	}
}
