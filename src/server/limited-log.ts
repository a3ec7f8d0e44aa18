import type { Log } from './log.ts';

/** Warnings of one kind that a minute may bring; the rest is counted. */
const limit = 100;
const minute = 60_000;

/** A log that no client can fill: what it warns of is mostly what clients do. */
export class LimitedLog implements Log {
	readonly #log: Log;
	/** How often each kind came in its minute. */
	readonly #counts = new Map<string, number>();

	constructor(log: Log) {
		this.#log = log;
	}

	info(what: string): void {
		this.#log.info(what);
	}

	/** @param what the kind: the same for all that may come often */
	warn(what: string, value?: string, todo?: string): void {
		const count = (this.#counts.get(what) ?? 0) + 1;
		this.#counts.set(what, count);
		if (count === 1) setTimeout(() => this.#end(what), minute).unref();
		if (count <= limit) this.#log.warn(what, value, todo);
	}

	error(what: string, error: unknown): void {
		this.#log.error(what, error);
	}

	mapStack(error: unknown): void {
		this.#log.mapStack(error);
	}

	#end(what: string): void {
		const more = (this.#counts.get(what) ?? 0) - limit;
		this.#counts.delete(what);
		if (more > 0) this.#log.warn(what, `${more} more within a minute`);
	}
}
