import { asks, liveFrame, maxAsk, sentHeaders } from '../../shared/live.ts';
import { parseUrl } from '../core/url.ts';
import type { LivePage } from './live-page.ts';

/** A request of the page that is one for a live query, and may go over a socket. */
export interface LiveQuery {
	readonly url: URL;
	/** As JSON: a `LiveRequest`. */
	readonly request: string;
	readonly headers: [string, string][];
	readonly signal: AbortSignal | undefined;
}

/** Of a fetch: what must be as it is if nothing is said. Anything else is more than a socket can do. */
const defaults: Partial<Record<keyof RequestInit, readonly unknown[]>> = {
	cache: [undefined, 'default'],
	credentials: [undefined, 'same-origin', 'include'],
	integrity: [undefined, ''],
	keepalive: [undefined, false],
	mode: [undefined, 'cors', 'same-origin'],
	redirect: [undefined, 'follow'],
	body: [undefined, null]
};

/** Bytes of the longest id, with the commas. */
const maxHead = 16;

/**
 * Kit fetches a live query like no other request: `runtime/client/remote-functions/query-live/iterator.js`.
 * @returns undefined for every other request
 */
export function findLiveQuery(
	input: RequestInfo | URL,
	init: RequestInit | undefined,
	page: Pick<LivePage, 'url' | 'remote'>
): LiveQuery | undefined {
	const given = input instanceof Request ? input : undefined;
	const address = given?.url ?? String(input);
	// Most requests are something else, and cost no more than this.
	if (!address.includes('/remote/')) return undefined;
	const url = parseUrl(address, page.url);
	if (url?.origin !== new URL(page.url).origin) return undefined;
	if (!url.pathname.startsWith(page.remote)) return undefined;
	if ((init?.method ?? given?.method ?? 'GET').toUpperCase() !== 'GET') return undefined;
	if (!isPlain(init) || (given && !isPlain(given))) return undefined;
	const headers = [...new Headers(init?.headers ?? given?.headers)];
	if (!headers.some(([name, value]) => name === 'accept' && value.includes('text/event-stream'))) {
		return undefined;
	}
	if (!headers.every(([name]) => sentHeaders.includes(name))) return undefined;
	const request = JSON.stringify({ path: url.pathname + url.search, headers });
	if (liveFrame(asks.get, request).length + maxHead > maxAsk) return undefined;
	return { url, request, headers, signal: init?.signal ?? given?.signal };
}

/** Whether a request of the page may change cookies. */
export function isUnsafe(input: RequestInfo | URL, init: RequestInit | undefined): boolean {
	const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
	return !['GET', 'HEAD'].includes(method.toUpperCase());
}

function isPlain(options: RequestInit | Request | undefined): boolean {
	const given = options as Record<string, unknown> | undefined;
	return Object.entries(defaults).every(([name, values]) => values.includes(given?.[name]));
}
