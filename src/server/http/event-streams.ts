import type { Exchange } from '../engine/engine.ts';

/** With parameters it is one, too: `text/event-stream; charset=utf-8`. */
const type = /^\s*text\/event-stream\s*(?:;|$)/i;

/** Whether a response is one that ends only when somebody leaves. */
export function isEventStream(response: Response): boolean {
	return type.test(response.headers.get('content-type') ?? '');
}

/** Whether a request can only be answered by such a response: what `EventSource` and `query.live` ask for. */
function asksForEventStream(exchange: Exchange): boolean {
	return exchange.method === 'GET' && type.test(exchange.header('accept') ?? '');
}

interface Open {
	exchange: Exchange;
	/** Stop waiting for its answer. */
	release(): void;
}

/**
 * The event streams that are open. They do not end by themselves, so a shutdown cannot wait for them. It cuts them: a stream
 * that was ended properly would be complete, and its client, such as that of `query.live`, would not come back.
 */
export class EventStreams {
	readonly #open = new Set<Open>();
	/** Why the server cuts those that are still to come. */
	#reason: unknown;

	/** Answer a request: from the start it is an event stream if it asks for one, else if `send` finds that it is one. */
	answer(exchange: Exchange, run: () => Promise<void>): Promise<void> {
		if (!asksForEventStream(exchange)) return run();
		if (this.#reason === undefined) return this.keep(exchange, run);
		exchange.cut(this.#reason);
		return Promise.resolve();
	}

	/**
	 * Answer with a response that is one.
	 * @returns when the exchange is done, or was cut
	 */
	async keep(exchange: Exchange, run: () => Promise<void>): Promise<void> {
		if (this.#reason !== undefined) exchange.cut(this.#reason);
		const { promise, resolve } = Promise.withResolvers<void>();
		const open = { exchange, release: resolve };
		this.#open.add(open);
		try {
			await Promise.race([run(), promise]);
		} finally {
			this.#open.delete(open);
		}
	}

	/** Cut those that are open, and from now on each one that comes. */
	cut(reason: unknown): void {
		this.#reason = reason;
		for (const { exchange, release } of [...this.#open]) {
			exchange.cut(reason);
			release();
		}
	}

	/** Those that are still to come are not cut after all. */
	admit(): void {
		this.#reason = undefined;
	}
}
