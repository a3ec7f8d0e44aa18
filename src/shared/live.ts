/**
 * The frames of a socket that carries live queries of SvelteKit, which PROTOCOL.md explains. The client sends texts: a letter
 * that says what it is, and fields. The server sends texts as well, and bodies in binary messages.
 */

/** Where the socket is, relative to `paths.base`. A GET there with `cookiesHeader` sets cookies. */
export const livePath = '/_/live';

/** The subprotocol, with the version of these frames: a server that does not choose it does not know them. */
export const liveProtocol = 'live.1.svelte-adapter-ws';

/**
 * Of a GET of `livePath`: the key of cookies that an answer has set, which only HTTP can bring into a browser. In a header, so that
 * no link and no page of another origin can bring somebody's own cookies to somebody else.
 */
export const cookiesHeader = 'x-live-cookies';

/** What the client sends. */
export const asks = {
	/** A GET that it wants answered. The id is a number from 1, which counts up and is never used again on this socket. `id,LiveRequest` as JSON */
	get: 'g',
	/** It does not want the rest of that answer. `id` */
	cancel: 'c',
	/**
	 * Bytes of bodies that have arrived on this socket since it said so last, also of queries that were cancelled and without
	 * `pieceHeader`: what is under way is what it has not said this of. To be said at once for every piece, at the latest with
	 * the next task: how long that takes says how much may be under way. `bytes`
	 */
	arrived: 'a',
	/** Bytes of that body that the page has read since it said so last: the server sends no more than `bodyWindow` ahead. `id,bytes` */
	read: 'r'
} as const;

/** What the server says. */
export const says = {
	/** The answer, of which the body follows. `id,LiveHead` as JSON */
	head: 'h',
	/** The body is complete. `id` */
	end: 'e',
	/** The answer goes no further, as if the connection were lost; perhaps before its head. `id` */
	lost: 'l',
	/** It is to be fetched over HTTP: nothing of an answer has been sent. `id` */
	declined: 'd'
} as const;

export interface LiveRequest {
	/** Path and query, with the base. */
	path: string;
	/** Those of `sentHeaders` that the page has set, in lower case. */
	headers?: [string, string][];
}

export interface LiveHead {
	status: number;
	statusText: string;
	/** Without `set-cookie`. */
	headers: [string, string][];
	/** Where the answer sets cookies: the value of `cookiesHeader`, once, within 30 seconds. */
	cookies?: string;
}

/**
 * Headers that a page may add. No others: a proxy may have removed from the handshake what it would believe of a request, and
 * nothing but the handshake has passed it.
 */
export const sentHeaders: readonly string[] = [
	'accept',
	'accept-language',
	'baggage',
	'sentry-trace',
	'traceparent',
	'tracestate'
];

/** Queries on one socket at a time. More are declined. */
export const maxLiveQueries = 256;

/** Characters of the longest frame of a client: a query that would need more is fetched. Servers whose `maxPayload` is below that take no such sockets. */
export const maxAsk = 8 * 1024;

/** Bytes of a body that may be on their way before the page has read them. */
export const bodyWindow = 64 * 1024;

/** Bytes of the number in front of a piece of a body: the id, big-endian. */
export const pieceHeader = 4;

/** Bytes of the longest piece of a body: as long as others wait for their turn, at least. */
export const maxPiece = 4 * 1024;

/** @param fields none but the last one may contain a comma */
export function liveFrame(letter: string, ...fields: (string | number)[]): string {
	return letter + fields.join(',');
}

/** A number, and the rest. */
export function liveFieldsOf(text: string): [id: number, rest: string] {
	const comma = text.indexOf(',');
	if (comma === -1) return [Number(text.slice(1)), ''];
	return [Number(text.slice(1, comma)), text.slice(comma + 1)];
}
