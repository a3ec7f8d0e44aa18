/** What live queries need of the page that they are in. */
export interface LivePage {
	/** As it was before this package has taken its place. */
	readonly fetch: typeof fetch;
	readonly WebSocket: typeof WebSocket;
	/** Absolute, of the page. */
	readonly url: string;
	/** The path below which the app is, encoded: empty, or with a slash at its start and none at its end. */
	readonly base: string;
	/** Below which remote functions are: `paths.base` and `appDir`, encoded, with a slash at the end. */
	readonly remote: string;
	/** The cookies that a page can see. */
	readonly cookies: string;
	/** Milliseconds of a clock that nobody sets. */
	now(): number;
}

/** Kit's Vite defines it, as what `_app` is called. */
// oxlint-disable-next-line no-underscore-dangle -- it is Kit's name
declare const __SVELTEKIT_APP_DIR__: string | undefined;

/** @param base asked for the path below which the app is */
export function livePage(scope: typeof window, base: () => string): LivePage {
	const appDir = typeof __SVELTEKIT_APP_DIR__ === 'string' ? __SVELTEKIT_APP_DIR__ : '_app';
	return {
		fetch: scope.fetch.bind(scope),
		get WebSocket() {
			return scope.WebSocket;
		},
		get url() {
			return scope.location.href;
		},
		get base() {
			return base();
		},
		get remote() {
			return `${base()}/${encodeURI(appDir)}/remote/`;
		},
		get cookies() {
			return scope.document.cookie;
		},
		now: () => performance.now()
	};
}
