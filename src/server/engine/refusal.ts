import type { HeaderPairs } from './engine.ts';
import { token } from './headers.ts';

/** Headers that decide where a request ends: said twice, two servers in a row read two different requests. */
const single = new Set(['host', 'content-length', 'transfer-encoding']);

/**
 * Requests that must not reach the app because another server on the way may have read them differently
 * (RFC 9112, sections 3.2, 5.1, 6.1 and 6.3). Engines let some of them through.
 */
export function isRefused(method: string, headers: HeaderPairs): boolean {
	if (!token.test(method)) return true;
	const seen = new Set<string>();
	for (const [name, value] of headers) {
		if (name === '') return true;
		if (name === 'transfer-encoding' && value.toLowerCase() !== 'chunked') return true;
		if (name === 'content-length' && !/^\d+$/.test(value)) return true;
		if (!single.has(name)) continue;
		if (seen.has(name)) return true;
		seen.add(name);
	}
	return false;
}
