import { BROWSER } from 'esm-env';
import { basePath } from '../base-path.ts';
import { CookieChanges, watchRequests } from './cookie-changes.ts';
import { LiveFetch } from './live-fetch.ts';
import { livePage } from './live-page.ts';
import { LiveSockets } from './live-sockets.ts';

/** Where a page remembers that its `fetch` is ours: code that was edited, or is there twice, does not take its place again. */
const mark: unique symbol = Symbol.for('svelte-adapter-ws:live');

/**
 * Let every `query.live` of SvelteKit come over a WebSocket of this server instead of an HTTP stream of its own, of which browsers
 * open six at a time over HTTP/1.1. Nothing else changes: the server answers each query as it would answer the request, through
 * `handle`, with the cookies that the page has when the query begins. Where no socket can be had within a second the request
 * goes its usual way.
 *
 * @example
 * // src/hooks.client.ts
 * import { liveOverWebSocket } from 'svelte-adapter-ws/client';
 * export const init = () => liveOverWebSocket();
 */
export function liveOverWebSocket(): void {
	if (!BROWSER) return;
	const scope: typeof window & { [mark]?: boolean } = window;
	if (scope[mark]) return;
	scope[mark] = true;
	const page = livePage(scope, basePath);
	const changes = new CookieChanges();
	const sockets = new LiveSockets(page, changes);
	watchRequests(scope, changes);
	scope.fetch = new LiveFetch(page, sockets, changes).fetch;
	scope.addEventListener('online', sockets.retry);
	// What was open may be dead, and nobody would know for long. And a page with an open socket does not go into the back/forward cache.
	for (const event of ['offline', 'online', 'pagehide'])
		scope.addEventListener(event, sockets.retire);
}
