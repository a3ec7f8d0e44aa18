/** What happens to a page that matters to its connections. */
export interface PageEvents {
	/** This is a good moment to try: somebody looks at the page again. */
	wake(): void;
	/** There is a network again. */
	online(): void;
	/** The network went away, as far as the browser knows: connections may be dead. */
	doubt(): void;
	/** The page goes into the back/forward cache. */
	hide(): void;
	/** It is back from there. */
	show(): void;
	/** The signal has aborted. */
	abort(): void;
}

/** What a connection needs of the page it runs in. */
export interface Page {
	/** Absolute. */
	readonly url: string;
	/** The path below which the app is, encoded: empty, or with a slash at its start and none at its end. */
	readonly base: string;
	readonly WebSocket: typeof WebSocket;
	/** Run what has nothing to do with whoever happens to be running. */
	run<T>(listeners: () => T): T;
	fetch(url: string, init: RequestInit): Promise<Response>;
	/** @returns stops it */
	listen(events: PageEvents, signal: AbortSignal | undefined): () => void;
}
