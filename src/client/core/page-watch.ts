import type { Page, PageEvents } from './page.ts';

export interface PageWatchEvents extends PageEvents {
	/** The signal of the options has aborted. */
	abort(): void;
}

/** What happens around a connection, told while it wants to be open. */
export class PageWatch {
	readonly #page: Page;
	readonly #signal: AbortSignal | undefined;
	readonly #events: PageWatchEvents;
	#stop: (() => void) | undefined;

	constructor(page: Page, signal: AbortSignal | undefined, events: PageWatchEvents) {
		this.#page = page;
		this.#signal = signal;
		this.#events = events;
	}

	start(): void {
		if (this.#stop) return;
		const { abort } = this.#events;
		const unlisten = this.#page.listen(this.#events);
		this.#signal?.addEventListener('abort', abort);
		this.#stop = () => {
			unlisten();
			this.#signal?.removeEventListener('abort', abort);
		};
	}

	stop(): void {
		this.#stop?.();
		this.#stop = undefined;
	}
}
