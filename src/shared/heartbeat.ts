/**
 * Browsers show a page no pings. A client that asks for it in the query of its URL gets a heartbeat that it can see: the
 * first message of the server is a beat with the milliseconds after which the client should ask whether anybody is there.
 * Every beat of the client is sent back as it came, once the messages before it were handed to the app: so it also says
 * what has arrived. Neither end shows beats to the app. A client that does not ask gets none.
 */
export const heartbeatParam = 'x-websocket-heartbeat=1';

/** What a beat begins with: SYN, "synchronous idle". JSON never does. */
export const beat = '\u0016';

/** Beats hold a number, which is all that either end needs to send. */
export function isBeat(data: unknown): data is string {
	return (
		typeof data === 'string' && data.startsWith(beat) && /^\d{1,15}$/.test(data.slice(beat.length))
	);
}
