import type { ServerResponse } from 'node:http';
import type { HeaderPairs } from '../engine.ts';
import { isHttp2, isSendableOverHttp2 } from './http2.ts';

/** To these an answer adds what it has to say: others that have set one meant theirs as well. */
const shared = new Set(['set-cookie', 'vary']);

/**
 * Over HTTP/2 the host is one of the pseudo headers, which are no headers. A client or a proxy may say it once more (RFC
 * 9113, section 8.3.1).
 */
export function toPairs(rawHeaders: string[]): HeaderPairs {
	const headers: [string, string][] = [];
	let authority: string | undefined;
	for (let index = 0; index < rawHeaders.length; index += 2) {
		const name = (rawHeaders[index] ?? '').toLowerCase();
		const value = rawHeaders[index + 1] ?? '';
		if (name === ':authority') {
			authority = value.toLowerCase();
			headers.push(['host', value]);
		} else if (name === 'host' && value.toLowerCase() === authority) continue;
		else if (!name.startsWith(':')) headers.push([name, value]);
	}
	return headers;
}

/** By the one method that whoever stands in front of the app knows of: middleware looks at `setHeader`, or takes it over. */
export function setHeaders(res: ServerResponse, headers: readonly [string, string][]): void {
	const values = new Map<string, string | string[]>();
	const overHttp2 = isHttp2(res.req);
	for (const [name, value] of headers) {
		const key = name.toLowerCase();
		if (overHttp2 && !isSendableOverHttp2(key)) continue;
		const before = values.get(key) ?? (shared.has(key) ? toList(res.getHeader(key)) : undefined);
		values.set(key, before === undefined ? value : [before, value].flat());
	}
	for (const [name, value] of values) res.setHeader(name, value);
}

function toList(value: number | string | string[] | undefined): string[] | undefined {
	return value === undefined ? undefined : [value].flat().map(String);
}
