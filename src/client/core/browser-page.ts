import type { Page, PageEvents } from './page.ts';

/**
 * The page this runs in. Nothing is touched before it is used, so it may be made on a server.
 * @param run runs listeners, apart from whoever happens to be running
 * @param base asked for the path below which the app is
 */
export function browserPage(run: Page['run'], base: () => string): Page {
	return {
		run,
		get base() {
			return base();
		},
		get url() {
			return location.href;
		},
		get WebSocket() {
			return WebSocket;
		},
		fetch: (url, init) => fetch(url, init),
		listen
	};
}

function listen(
	{ wake, online, doubt, hide, show, abort }: PageEvents,
	aborting: AbortSignal | undefined
): () => void {
	const controller = new AbortController();
	const { signal } = controller;
	const whenVisible = () => document.visibilityState === 'visible' && wake();
	aborting?.addEventListener('abort', abort, { signal });
	addEventListener('online', online, { signal });
	addEventListener('offline', doubt, { signal });
	document.addEventListener('visibilitychange', whenVisible, { signal });
	addEventListener('pagehide', (event) => event.persisted && hide(), { signal });
	addEventListener('pageshow', (event) => event.persisted && show(), { signal });
	return () => controller.abort();
}
