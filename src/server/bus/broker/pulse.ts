import type { Link } from './link.ts';

/** Milliseconds between two looks at whether the broker still answers. */
const interval = 4000;

/** Looks without an answer after which a link is given up. More than one: a process that was busy has not read what is there. */
const patience = 2;

/** Notices a broker that keeps the connection and does nothing. */
export class Pulse {
	readonly #link: Pick<Link, 'ping'>;
	readonly #lost: (reason: unknown) => void;
	/** Looks since the ping that is not answered. */
	#silence = 0;

	constructor(link: Pick<Link, 'ping'>, lost: (reason: unknown) => void) {
		this.#link = link;
		this.#lost = lost;
	}

	run(signal: AbortSignal): void {
		const timer = setInterval(() => this.#look(), interval).unref();
		signal.addEventListener('abort', () => clearInterval(timer), { once: true });
	}

	#look(): void {
		if (this.#silence === 0) {
			this.#link.ping().then(
				() => (this.#silence = 0),
				(error: unknown) => this.#lost(error)
			);
		}
		if (this.#silence === patience) this.#lost(new Error('It does not answer any more'));
		this.#silence += 1;
	}
}
