/** Milliseconds, however long a server asks for. */
const longest = 3_600_000;

/**
 * What the header `retry-after` says (RFC 9110, section 10.2.3): seconds, or a date.
 * @returns milliseconds, up to an hour
 */
export function retryAfter(headers: Headers): number | undefined {
	const value = headers.get('retry-after')?.trim();
	if (!value) return undefined;
	const delay = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - dateOf(headers);
	return Number.isNaN(delay) ? undefined : Math.min(Math.max(delay, 0), longest);
}

/** The server's own clock is the one that its date is about. */
function dateOf(headers: Headers): number {
	return Date.parse(headers.get('date') ?? '') || Date.now();
}
