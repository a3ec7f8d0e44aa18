import { applyAction, deserialize } from '$app/forms';
import { onDestroy, untrack } from 'svelte';
import { ConnectionError } from './core/errors.ts';
import { redirected } from './core/reasons.ts';
import { retryAfter } from './core/retry-after.ts';
import type { ReactiveWebSocket } from './create-websocket.svelte.ts';

type Result = ReturnType<typeof deserialize<{ url?: unknown }, never>>;

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

	/** @throws {ConnectionError} `refused` with the status of a failure or an error; `redirected`; `bad_url` if there is no URL */
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
 * @throws {ConnectionError} `refused` with the status of a failure or an error; `redirected`; `bad_url` if there is no URL
 */
async function actionUrl(action: string, gone: AbortSignal): Promise<string> {
	const { response, result } = await post(action, gone);
	if (result.type === 'redirect') {
		await applyAction(result);
		const { href } = new URL(result.location, response.url);
		throw redirected(result.status, response.url, href);
	}
	if (result.type !== 'success') throw refusedBy(response, result.status ?? response.status);
	const { url } = result.data ?? {};
	if (typeof url === 'string') return url;
	throw new ConnectionError('bad_url', {
		what: 'The form action of a socket has returned no URL',
		value: action,
		todo: 'Return { url: websockets.use(event, handler) } from it.'
	});
}

async function post(
	action: string,
	gone: AbortSignal
): Promise<{ response: Response; result: Result }> {
	// `AbortSignal.any` is younger than the browsers that apps are built for.
	const controller = new AbortController();
	const abort = () => controller.abort();
	const timer = setTimeout(abort, timeout);
	gone.addEventListener('abort', abort);
	try {
		const response = await fetch(action, {
			method: 'POST',
			body: new FormData(),
			headers: { accept: 'application/json', 'x-sveltekit-action': 'true' },
			cache: 'no-store',
			signal: controller.signal
		});
		return { response, result: await read(response) };
	} finally {
		clearTimeout(timer);
		gone.removeEventListener('abort', abort);
	}
}

/** A redirect that `handle` returns, instead of throwing it, is followed by the browser, and leads to a page. */
async function read(response: Response): Promise<Result> {
	const { redirected: isFollowed, url } = response;
	if (isFollowed) return { type: 'redirect', status: 303, location: url };
	return deserialize(await response.text());
}

function refusedBy({ url, headers }: Response, status: number): ConnectionError {
	return new ConnectionError('refused', {
		what: `The form action of a socket has answered with the status ${status}`,
		value: url,
		status,
		retryAfter: retryAfter(headers)
	});
}
