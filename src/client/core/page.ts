/** What happens to a page that matters to its connections. */
export interface PageEvents {
	/** This is a good moment to try: there is a network again, or somebody looks at the page again. */
	wake(): void;
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
	readonly WebSocket: typeof WebSocket;
	fetch(url: string, init: RequestInit): Promise<Response>;
	/** @returns stops it */
	listen(events: PageEvents, signal: AbortSignal | undefined): () => void;
}
