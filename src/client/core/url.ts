import { heartbeatParam, noticeParam } from '../../shared/heartbeat.ts';
import { protocolParam, version } from '../../shared/protocol.ts';
import { ConnectionError } from './errors.ts';
import type { Page } from './page.ts';
import type { UrlSource } from './types.ts';

type Place = Pick<Page, 'url' | 'base'>;

/**
 * Where the next attempt goes, if anywhere.
 * @throws {ConnectionError} `bad_url`; and whatever the function throws
 */
export async function nextUrl(source: UrlSource, page: Place): Promise<URL | undefined> {
	const url = await (typeof source === 'function' ? source() : source);
	return url == null ? undefined : toSocketUrl(url, page);
}

/**
 * The URL of a socket: paths are below the app's base, and what else is relative is so to the page.
 * @throws {ConnectionError} `bad_url`
 */
function toSocketUrl(url: string | URL, page: Place): URL {
	const parsed = parseUrl(url, page.url);
	if (parsed === undefined || !/^(ws|http)s?:$/.test(parsed.protocol)) {
		throw new ConnectionError('bad_url', {
			what: 'A socket is at a path, or a URL with ws: or wss:',
			value: JSON.stringify(String(url))
		});
	}
	parsed.protocol = parsed.protocol.replace('http', 'ws');
	parsed.hash = '';
	if (typeof url === 'string' && /^\/(?![/\\])/.test(url)) {
		parsed.pathname = below(page.base, parsed.pathname);
	}
	return parsed;
}

/** `URL.canParse` is younger than the browsers that apps are built for. */
export function parseUrl(url: string | URL, base: string): URL | undefined {
	try {
		return new URL(url, base);
	} catch {
		return undefined;
	}
}

/** Kit's `resolve` has put the base before a path, somebody who writes one down has not. */
function below(base: string, pathname: string): string {
	return `${pathname}/`.startsWith(`${base}/`) ? pathname : base + pathname;
}

/** Where a plain request asks what a handshake would be answered. */
export function toProbeUrl(url: URL): string {
	return url.href.replace('ws', 'http');
}

/** Whether the server may be one that speaks of heartbeats: another one could stumble over the query. */
export function isOwnHost(url: URL, page: string): boolean {
	return url.host === new URL(page).host;
}

/**
 * The rest of the query stays as it is, byte by byte: it may be signed.
 * @param name what this client calls itself
 * @param isResuming whether its first message says what it has received before
 */
export function withProtocol({ href }: URL, name: string, isResuming: boolean): string {
	const protocol = `${protocolParam}=${version}.${name}${isResuming ? '.r' : ''}`;
	return `${href}${href.includes('?') ? '&' : '?'}${heartbeatParam}&${noticeParam}&${protocol}`;
}
