import type { Cookies, RequestEvent } from '@sveltejs/kit';
import { CopiedRequest } from '../http/incoming.ts';
import type { RequestParts } from '../socket/peer-request.ts';
import type { Peer } from '../socket/peer.ts';

/**
 * What is kept of a request for as long as its socket lives. Kit's own event holds on to everything on its way through Kit,
 * some 15 KB: here is what it takes to make one like it for those who ask.
 */
export class KeptRequest {
	readonly #event: object;
	/** The platform is one that has the request. */
	readonly #hasRequest: boolean;
	/** Names and values, by turns: no line break can be in one. */
	readonly #headers: string;
	/** With those that were set on the way. */
	readonly #cookies: ReturnType<Cookies['getAll']>;

	constructor(event: RequestEvent) {
		const { request, cookies, platform } = event;
		this.#hasRequest = platform !== undefined && 'req' in platform;
		// To leave them out would take much longer.
		this.#event = {
			...event,
			request: undefined,
			cookies: undefined,
			fetch: undefined,
			setHeaders: undefined,
			getClientAddress: undefined,
			url: undefined
		};
		if (this.#hasRequest) Object.assign(this.#event, { platform: { ...platform, req: undefined } });
		const headers: string[] = [];
		request.headers.forEach((value, name) => void headers.push(name, value));
		this.#headers = headers.join('\n');
		this.#cookies = cookies.getAll();
	}

	/** The event as it was, but that its answer is out. */
	toEvent({ url, address, signal }: Peer): RequestEvent {
		const headers = this.#toHeaders();
		const event = Object.assign({ ...this.#event } as RequestEvent, {
			url,
			request: new Request(url, { headers, signal }),
			getClientAddress: () => address,
			cookies: keptCookies(this.#cookies),
			setHeaders: answered,
			fetch: (...args: Parameters<typeof fetch>) => fetchElsewhere(url, ...args)
		});
		if (!this.#hasRequest) return event;
		const platform = { ...event.platform, req: toIncoming(url, headers, address) };
		return Object.assign(event, { platform });
	}

	/** The request as Node would have it. */
	toIncoming({ url, address }: Peer): RequestParts {
		return toIncoming(url, this.#toHeaders(), address);
	}

	#toHeaders(): Headers {
		return new Headers(toPairs(this.#headers.split('\n')));
	}
}

function toIncoming(url: URL, headers: Headers, address: string): CopiedRequest {
	const target = url.pathname + url.search;
	const header = (name: string) => headers.get(name) ?? undefined;
	return new CopiedRequest({ method: 'GET', target, headers: [...headers], header, address });
}

function toPairs(lines: string[]): [string, string][] {
	const pairs: [string, string][] = [];
	for (let index = 0; index + 1 < lines.length; index += 2) {
		pairs.push([lines[index] ?? '', lines[index + 1] ?? '']);
	}
	return pairs;
}

function keptCookies(all: ReturnType<Cookies['getAll']>): Omit<Cookies, 'parse'> {
	return {
		get: (name) => all.find((cookie) => cookie.name === name)?.value,
		getAll: () => all.map((cookie) => ({ ...cookie })),
		set: answered,
		delete: answered,
		serialize: answered
	};
}

function answered(): never {
	throw new Error(
		'The request that has opened this socket was answered: nothing can be set any more'
	);
}

/** Kit's way to ask the app itself is gone with the request. */
async function fetchElsewhere(
	base: URL,
	input: Parameters<typeof fetch>[0],
	init?: RequestInit
): Promise<Response> {
	const request = new Request(input instanceof Request ? input : new URL(input, base), init);
	if (new URL(request.url).origin === base.origin) {
		throw new Error(
			'The request that has opened this socket was answered: its event.fetch cannot ask the app itself. Call what the endpoint calls'
		);
	}
	return await fetch(request);
}
