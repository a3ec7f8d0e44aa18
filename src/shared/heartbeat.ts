/**
 * Browsers show a page no pings. A client that asks for it in the query of its URL gets a heartbeat that it can see: the
 * first message of the server is a beat with the milliseconds after which the client should ask whether anybody is there.
 * Every beat of the client is sent back as it came, which also says that the messages before it were handed to the app;
 * while they wait for the `open` hook it is 0. Neither end shows beats to the app. A client that does not ask gets none.
 */
export const heartbeatParam = 'x-websocket-heartbeat=1';

/**
 * Asked for beside it: a server that is about to stop says so before it closes the connection with 1001, by a beat with a
 * negative number: the milliseconds, 1 or more, before which nobody should come back to it. By then the client may have
 * another connection, and leave this one. Where there is no other server it sends such a beat back, and is closed at once.
 * A client that has not asked is only closed, and a server that does not know of it says nothing.
 */
export const noticeParam = 'x-websocket-heartbeat=2';

/** Milliseconds: proxies cut what is silent for a minute. */
const longest = 30_000;

/**
 * Milliseconds after which a server pings: often enough that three pings may be lost before a peer is dropped.
 * @param idleTimeout seconds; 0 drops nobody
 */
export function pingInterval(idleTimeout: number): number {
	return idleTimeout === 0 ? longest : Math.min(longest, idleTimeout * 250);
}

/** What a beat begins with: SYN, "synchronous idle". JSON never does. */
export const beat = '\u0016';

// oxlint-disable-next-line no-control-regex -- it is what makes a beat
const pattern = /^\u0016-?\d{1,15}$/;

/** Beats hold a number, which is all that either end needs to send. */
export function isBeat(data: unknown): data is string {
	return typeof data === 'string' && pattern.test(data);
}
