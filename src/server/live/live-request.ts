import { sentHeaders, type LiveRequest } from '../../shared/live.ts';
import type { HeaderPairs } from '../engine/engine.ts';

/** RFC 9110, section 5.5, without white space around it. */
const headerValue =
	/^(?:[\u0021-\u007e\u0080-\u00ff](?:[\t\u0020-\u007e\u0080-\u00ff]*[\u0021-\u007e\u0080-\u00ff])?)?$/;

/** What a client asks for, checked. */
export interface CheckedRequest {
	target: string;
	headers: HeaderPairs;
}

/**
 * @param prefix what the paths of remote functions begin with
 * @returns undefined for what is to be fetched in another way, if at all
 */
export function readLiveRequest(json: string, prefix: string): CheckedRequest | undefined {
	const request = parse(json);
	if (request === undefined) return undefined;
	const { path, headers = [] } = request;
	if (typeof path !== 'string' || !isPlain(path, prefix)) return undefined;
	return areHeaders(headers) ? { target: path, headers } : undefined;
}

function parse(json: string): Record<keyof LiveRequest, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(json);
		return typeof value === 'object' && value !== null
			? (value as Record<keyof LiveRequest, unknown>)
			: undefined;
	} catch {
		return undefined;
	}
}

/** Whether it is what a URL makes of it: nothing on the way can take it for another path, or for another host. */
function isPlain(path: string, prefix: string): boolean {
	if (!path.startsWith(prefix)) return false;
	const url = URL.parse(path, 'http://host');
	return url !== null && url.pathname + url.search === path && url.pathname.startsWith(prefix);
}

function areHeaders(headers: unknown): headers is [string, string][] {
	if (!Array.isArray(headers) || headers.length > sentHeaders.length) return false;
	const names = new Set<unknown>();
	for (const header of headers as unknown[]) {
		if (!isHeader(header) || names.has(header[0])) return false;
		names.add(header[0]);
	}
	return true;
}

function isHeader(header: unknown): header is [string, string] {
	if (!Array.isArray(header) || header.length !== 2) return false;
	const [name, value] = header as unknown[];
	if (typeof name !== 'string' || !sentHeaders.includes(name)) return false;
	return typeof value === 'string' && headerValue.test(value);
}
