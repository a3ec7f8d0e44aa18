import type { IncomingMessage } from 'node:http';
import { pageOriginHeader, probeHeader, redirectHeader } from '../../shared/probe.ts';
import type {
	Exchange,
	HeaderPairs,
	IncomingBody,
	ResponseBody,
	ResponseHead
} from '../engine/engine.ts';

/** Seconds for which a browser need not ask again whether it may probe. */
const maxAge = '600';

/** Of the fetch standard: what a browser shows to no script. */
const redirects = [301, 302, 303, 307, 308];

/** What a page of another origin may read besides the status. */
const exposed = `${probeHeader}, ${redirectHeader}, location, retry-after`;

/** What a request is asked about itself. */
interface Asked {
	method: string;
	header(name: string): string | undefined;
}

/** Whether a request asks how an upgrade would be answered, or whether a page of another origin may ask that. */
export function isProbe(asked: Asked): boolean {
	if (asked.method === 'GET') return /^1(,|$)/.test(asked.header(probeHeader) ?? '');
	return asked.method === 'OPTIONS' && isPreflight(asked.header('access-control-request-headers'));
}

function isPreflight(names = ''): boolean {
	return names.split(',').some((name) => name.trim().toLowerCase() === probeHeader);
}

/** The fetch standard, section 3.3: the probe comes with a header of its own and with cookies, as the handshake does. */
export function allowProbe(exchange: Exchange): Promise<void> {
	const headers: [string, string][] = [
		['access-control-allow-headers', `${probeHeader}, ${pageOriginHeader}`],
		['access-control-max-age', maxAge]
	];
	return new ProbeExchange(exchange).send({ status: 204, headers }, null);
}

/**
 * A probe whose answer pages of every origin may read: a foreign one reads that it is foreign, and nothing else is looked at
 * before that is known.
 */
export class ProbeExchange implements Exchange {
	readonly #exchange: Exchange;
	/** The subprotocol that would be spoken. */
	protocol: string | undefined;

	constructor(exchange: Exchange) {
		this.#exchange = exchange;
	}

	get method(): string {
		return this.#exchange.method;
	}

	get target(): string {
		return this.#exchange.target;
	}

	get headers(): HeaderPairs {
		return this.#exchange.headers;
	}

	get address(): string {
		return this.#exchange.address;
	}

	get incoming(): IncomingMessage | undefined {
		return this.#exchange.incoming;
	}

	get isRemote(): boolean {
		return this.#exchange.isRemote ?? false;
	}

	get aborted(): boolean {
		return this.#exchange.aborted;
	}

	get abortReason(): unknown {
		return this.#exchange.abortReason;
	}

	get isAnswered(): boolean {
		return this.#exchange.isAnswered;
	}

	/** A probe cannot have the headers of a handshake that name its subprotocols and its origin: others stand in for them. */
	header(name: string): string | undefined {
		if (name === 'sec-websocket-protocol') {
			return this.#exchange.header(probeHeader)?.slice('1,'.length) || undefined;
		}
		const value = this.#exchange.header(name);
		return name === 'origin' ? (value ?? this.#exchange.header(pageOriginHeader)) : value;
	}

	body(): IncomingBody | null {
		return this.#exchange.body();
	}

	onAbort(listener: (reason: unknown) => void): void {
		this.#exchange.onAbort(listener);
	}

	cut(reason: unknown): void {
		this.#exchange.cut(reason);
	}

	send({ status, headers }: ResponseHead, body: ResponseBody): Promise<void> {
		const isRedirect = redirects.includes(status);
		const marks = this.#marks(isRedirect ? status : undefined);
		// The app, or Vite, may have its own idea of who may read it.
		const others = [...headers].filter(
			([name]) => !/^access-control-(allow-(origin|cred)|expose)/i.test(name)
		);
		return this.#exchange.send(
			{ status: isRedirect ? 403 : status, headers: [...others, ...marks] },
			body
		);
	}

	/** So that nobody takes the answer of something on the way for ours. */
	#marks(redirect: number | undefined): [string, string][] {
		const origin = this.header('origin');
		const marks: [string, string][] = [
			[probeHeader, this.protocol === undefined ? '1' : `1,${this.protocol}`]
		];
		if (redirect !== undefined) marks.push([redirectHeader, String(redirect)]);
		if (origin === undefined) return marks;
		return [
			...marks,
			['access-control-allow-origin', origin],
			['access-control-allow-credentials', 'true'],
			['access-control-expose-headers', exposed],
			['vary', 'origin']
		];
	}
}
