import { applyAction, deserialize } from '$app/forms';
import { onDestroy, untrack } from 'svelte';
import { ConnectionError } from './core/errors.ts';
import type { ReactiveWebSocket } from './create-websocket.svelte.ts';

/** Milliseconds for one answer. */
const timeout = 12_000;

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

	/** @throws {ConnectionError} `refused` with the status of a failure, an error or a redirect; `bad_url` if there is no URL */
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

/**
 * The URL that a form action returns: `{ url }`, as `websockets.use` makes it. A redirect is followed.
 * @param gone nobody wants it any more
 * @throws {ConnectionError} `refused` with the status of a failure, an error or a redirect; `bad_url` if there is no URL
 */
async function actionUrl(action: string, gone: AbortSignal): Promise<string> {
	const response = await fetch(action, {
		method: 'POST',
		body: new FormData(),
		headers: { accept: 'application/json', 'x-sveltekit-action': 'true' },
		cache: 'no-store',
		signal: AbortSignal.any([gone, AbortSignal.timeout(timeout)])
	});
	const result = deserialize<{ url?: unknown }, never>(await response.text());
	if (result.type === 'redirect') await applyAction(result);
	if (result.type !== 'success') throw refusedBy(action, result.status ?? response.status);
	const { url } = result.data ?? {};
	if (typeof url === 'string') return url;
	throw new ConnectionError('bad_url', {
		what: 'The form action of a socket has returned no URL',
		value: action,
		todo: 'Return { url: websockets.use(event, handler) } from it.'
	});
}

function refusedBy(action: string, status: number): ConnectionError {
	return new ConnectionError('refused', {
		what: `The form action of a socket has answered with the status ${status}`,
		value: action,
		status
	});
}
