import type { Attempt, MaybePromise, Protocols } from './types.ts';

/** One try to connect, with all that is asked for before it, and the connection that it leads to. */
export class RunningAttempt implements Attempt {
	url: URL | undefined;
	protocols: Protocols;
	cause: unknown;
	wasOpen = false;
	/** The browser's own, as soon as there is one. */
	socket: WebSocket | undefined;
	/** Rejects when it has taken too long. */
	readonly #late: Promise<never>;
	#timer: ReturnType<typeof setTimeout> | undefined;

	/**
	 * @param patience milliseconds until it is open
	 * @param giveUp where it has come as far as a handshake
	 */
	constructor(patience: number, giveUp: () => void) {
		this.#late = new Promise((_, reject) => {
			this.#timer = setTimeout(() => {
				if (this.socket) giveUp();
				else reject(new Error(`An attempt may take ${patience / 1000} seconds`));
			}, patience);
		});
		// It matters to questions only.
		this.#late.catch(() => {});
	}

	async ask<T>(question: () => MaybePromise<T>): Promise<T> {
		try {
			return await Promise.race([question(), this.#late]);
		} catch (error) {
			// Whatever it is, there is one.
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
