import { heartbeatParam } from '../../shared/heartbeat.ts';
import { ConnectionError } from './errors.ts';
import type { UrlSource } from './types.ts';

/**
 * Where the next attempt goes, if anywhere.
 * @param page the page's URL
 * @throws {ConnectionError} `bad_url`; and whatever the function throws
 */
export async function nextUrl(source: UrlSource, page: string): Promise<URL | undefined> {
	const url = await (typeof source === 'function' ? source() : source);
	return url == null ? undefined : toSocketUrl(url, page);
}

/**
 * The URL of a socket: relative ones are on the page's host.
 * @param page the page's URL
 * @throws {ConnectionError} `bad_url`
 */
function toSocketUrl(url: string | URL, page: string): URL {
	const parsed = URL.canParse(url, page) ? new URL(url, page) : undefined;
	if (parsed === undefined || !/^(ws|http)s?:$/.test(parsed.protocol)) {
		throw new ConnectionError('bad_url', {
			what: 'A socket is at a path, or a URL with ws: or wss:, not at this',
			value: JSON.stringify(String(url))
		});
	}
	parsed.protocol = parsed.protocol.replace('http', 'ws');
	parsed.hash = '';
	return parsed;
}

/** Where a plain request asks what a handshake would be answered. */
export function toProbeUrl(url: URL): string {
	return url.href.replace('ws', 'http');
}

/** Whether the server may be one that speaks of heartbeats: another one could stumble over the query. */
export function isOwnHost(url: URL, page: string): boolean {
	return url.host === new URL(page).host;
}

/** The rest of the query stays as it is, byte by byte: it may be signed. */
export function withHeartbeat({ href }: URL): string {
	return href + (href.includes('?') ? '&' : '?') + heartbeatParam;
}
