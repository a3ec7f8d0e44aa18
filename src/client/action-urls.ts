import { onDestroy, untrack } from 'svelte';
import { actionUrl } from './action-url.ts';
import type { ReactiveWebSocket } from './create-websocket.svelte.ts';

/** How many URLs in a row may be answered 404: one expires, or was made by another process, but not each time. */
const maxStale = 3;

/** The URLs that a form action makes for one component, each for one socket. */
export class ActionUrls {
	readonly #gone = new AbortController();
	/** URLs in a row that led to no connection. */
	#stale = 0;

	/** To be called while a component is made. */
	constructor() {
		onDestroy(() => this.#gone.abort());
	}

	/** @throws {ConnectionError} see `actionUrl` */
	async next(action: string): Promise<string> {
		try {
			const url = await actionUrl(action, this.#gone.signal);
			this.#stale += 1;
			return url;
		} catch (error) {
			// That was the action's own answer.
			this.#stale = 0;
			throw error;
		}
	}

	/** For an effect: where a URL was stale, have another one made. */
	renew({
		status,
		error,
		reconnect
	}: Pick<ReactiveWebSocket, 'status' | 'error' | 'reconnect'>): void {
		if (status === 'open') this.#stale = 0;
		const isStale = error?.status === 404 && this.#stale > 0 && this.#stale < maxStale;
		if (status === 'closed' && isStale) untrack(reconnect);
	}
}
