import type {
	AcceptHead,
	HeaderPairs,
	IncomingBody,
	ResponseBody,
	ResponseHead,
	SocketEvents,
	UpgradeExchange
} from '../../../src/server/engine/engine.ts';
import { collect } from './streams.ts';

export interface Asked {
	method?: string;
	target?: string;
	headers?: Record<string, string> | HeaderPairs;
	address?: string;
	body?: ReadableStream<Uint8Array> | null;
}

/** A request in memory. It keeps what it was answered, and can be told that the client has left. */
export class FakeExchange implements UpgradeExchange {
	readonly method: string;
	readonly target: string;
	readonly headers: HeaderPairs;
	readonly address: string;
	readonly incoming = undefined;
	readonly sent: { head: ResponseHead; body: ResponseBody }[] = [];
	readonly accepted: { head: AcceptHead; events: SocketEvents }[] = [];
	aborted = false;
	abortReason: unknown;
	readonly #body: ReadableStream<Uint8Array> | null;
	readonly #listeners: ((reason: unknown) => void)[] = [];

	constructor({ method = 'GET', target = '/', headers = {}, address, body = null }: Asked = {}) {
		this.method = method;
		this.target = target;
		this.headers = isPairs(headers) ? headers : Object.entries(headers);
		this.address = address ?? '127.0.0.1';
		this.#body = body;
	}

	get isAnswered(): boolean {
		return this.sent.length + this.accepted.length > 0;
	}

	header(name: string): string | undefined {
		const values = this.headers.filter(([key]) => key === name).map(([, value]) => value);
		return values.length === 0 ? undefined : values.join(', ');
	}

	body(): IncomingBody | null {
		const stream = this.#body;
		return stream && { stream, bytes: () => collect(stream) };
	}

	onAbort(listener: (reason: unknown) => void): void {
		this.#listeners.push(listener);
	}

	cut(reason: unknown): void {
		this.aborted = true;
		this.abortReason = reason;
		for (const listener of this.#listeners.splice(0)) listener(reason);
	}

	/** The client leaves. */
	abort(): void {
		this.cut(new DOMException('The client has left', 'AbortError'));
	}

	send(head: ResponseHead, body: ResponseBody): Promise<void> {
		this.sent.push({ head: { ...head, headers: [...head.headers] }, body });
		return Promise.resolve();
	}

	accept(head: AcceptHead, events: SocketEvents): boolean {
		if (this.aborted) return false;
		this.accepted.push({ head, events });
		return true;
	}
}

function isPairs(headers: Record<string, string> | HeaderPairs): headers is HeaderPairs {
	return Array.isArray(headers);
}
