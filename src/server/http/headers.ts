import type { HeaderPairs } from '../engine/engine.ts';

/** Headers of which `node:http` keeps only the first: https://nodejs.org/api/http.html#messageheaders */
const firstOnly = new Set([
	'age',
	'authorization',
	'content-length',
	'content-type',
	'etag',
	'expires',
	'from',
	'host',
	'if-modified-since',
	'if-unmodified-since',
	'last-modified',
	'location',
	'max-forwards',
	'proxy-authorization',
	'referer',
	'retry-after',
	'server',
	'user-agent'
]);

/** The headers of a request as the app is to see them: repeated ones joined, or reduced to the first, as in Node. */
export function toHeaders(pairs: HeaderPairs): Headers {
	const headers = new Headers();
	for (const [name, value] of pairs) {
		if (firstOnly.has(name) && headers.has(name)) continue;
		headers.append(name, value);
	}
	return headers;
}
