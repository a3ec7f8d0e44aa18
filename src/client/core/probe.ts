import { pageOriginHeader, probeHeader, redirectHeader } from '../../shared/probe.ts';
import type { Page } from './page.ts';
import { retryAfter } from './retry-after.ts';
import type { Protocols } from './types.ts';
import { parseUrl, toProbeUrl } from './url.ts';

/** Milliseconds. */
const timeout = 10_000;

/** How a handshake would be answered. */
export interface Answer {
	/** Of a server of this package: everybody else may have another reason to answer so. */
	isOurs: boolean;
	status: number;
	/** Where a redirect leads, absolute; undefined if that cannot be told. */
	location: string | undefined;
	/** The subprotocol that would be spoken. */
	protocol: string | undefined;
	/** Milliseconds to wait, if it says so. */
	retryAfter: number | undefined;
}

/**
 * Browsers hide why a handshake failed: ask with a plain request.
 * @param protocols those that the handshake has offered
 * @returns undefined if there is no answer
 */
export async function probe(
	page: Page,
	socketUrl: URL,
	protocols: Protocols
): Promise<Answer | undefined> {
	const url = toProbeUrl(socketUrl);
	try {
		const response = await page.fetch(url, {
			headers: headersFor(page, url, protocols),
			cache: 'no-store',
			credentials: 'include',
			redirect: 'manual',
			signal: AbortSignal.timeout(timeout)
		});
		return read(response, url);
	} catch {
		return undefined;
	}
}

/** A request cannot have the headers of a handshake, and of its own page's server the browser names no origin. */
function headersFor(page: Page, url: string, protocols: Protocols): Record<string, string> {
	const { origin } = new URL(page.url);
	return {
		[probeHeader]: protocols ? `1,${protocols}` : '1',
		...(new URL(url).origin === origin && { [pageOriginHeader]: origin })
	};
}

function read({ headers, status }: Response, url: string): Answer {
	const mark = headers.get(probeHeader);
	const redirect = headers.get(redirectHeader);
	return {
		isOurs: mark !== null,
		status: Number(redirect ?? status),
		location: redirect === null ? undefined : toPage(headers.get('location'), url),
		protocol: mark?.slice('1,'.length) || undefined,
		retryAfter: retryAfter(headers)
	};
}

/** Nobody is to be led to anything but a page. */
function toPage(location: string | null, url: string): string | undefined {
	const target = location === null ? undefined : parseUrl(location, url);
	return target && /^https?:$/.test(target.protocol) ? target.href : undefined;
}
