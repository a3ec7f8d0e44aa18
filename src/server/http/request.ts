import { SvelteKitError } from '@sveltejs/kit/internal';
import type { Exchange } from '../engine/engine.ts';
import { toHeaders } from './headers.ts';
import { lazyRequests, type CreateRequest, type LazyBody } from './lazy-request.ts';

export interface RequestOptions {
	origin: string;
	/** Bytes; may be `Infinity`. */
	bodySizeLimit: number;
	/** Has the signal. Default: one that aborts when the client leaves before it is answered. */
	controller?: Pick<AbortController, 'signal'> | undefined;
}

/** What no `Request` may have (https://fetch.spec.whatwg.org/#forbidden-method); that of Bun takes them. */
const forbidden = new Set(['CONNECT', 'TRACE', 'TRACK']);

/** Methods that a `Request` leaves as they are, and takes for what they are. */
const plain = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);

/** Makes requests as the app sees them. */
export class RequestFactory {
	/** Whoever puts a `Request` of its own into its place after the start has that one made. */
	readonly #native = Request;
	readonly #create: CreateRequest | undefined;
	readonly #isFast: boolean;

	/** @param isFast requests are made as far as somebody asks for them, where that can be done */
	constructor(isFast: boolean) {
		this.#isFast = isFast;
		this.#create = isFast ? lazyRequests(this.#native) : undefined;
	}

	/**
	 * The body is read from the engine as the app reads it.
	 * @throws {TypeError} if the origin or the target make no URL, or a header is malformed; the answer to that is 400
	 */
	create(exchange: Exchange, { origin, bodySizeLimit, controller }: RequestOptions): Request {
		const { method, target } = exchange;
		if (forbidden.has(method)) throw new TypeError(`'${method}' is unsupported`);
		// The star of OPTIONS is no path (RFC 9112, section 3.2.4); behind the origin it would be read as a part of the host.
		const url = target === '*' ? origin : origin + target;
		const engines = this.#isFast && controller === undefined ? exchange.request?.(url) : undefined;
		if (engines) return engines;
		const source = new ExchangeSource(exchange, {
			url,
			body: method === 'GET' || method === 'HEAD' ? null : limitBody(exchange, bodySizeLimit),
			controller
		});
		const isQuick = this.#create && this.#native === Request && plain.has(method);
		return isQuick ? this.#create(source) : source.toRequest();
	}
}

/** What a request is made of. */
class ExchangeSource {
	readonly url: string;
	readonly headers: Headers;
	readonly body: LazyBody | null;
	readonly #exchange: Exchange;
	readonly #controller: RequestOptions['controller'];
	#signal: AbortSignal | undefined;

	constructor(
		exchange: Exchange,
		{
			url,
			body,
			controller
		}: Pick<RequestOptions, 'controller'> & { url: string; body: LazyBody | null }
	) {
		this.url = checkUrl(url);
		this.headers = toHeaders(exchange.headers);
		this.body = body;
		this.#exchange = exchange;
		this.#controller = controller;
	}

	get method(): string {
		return this.#exchange.method;
	}

	get signal(): AbortSignal {
		return (this.#signal ??= this.#controller?.signal ?? abortSignal(this.#exchange));
	}

	toRequest(): Request {
		const { method, url, headers, body, signal } = this;
		const init: RequestInit & { duplex: 'half' } = { method, headers, signal, duplex: 'half' };
		if (body) init.body = body.stream();
		return new Request(url, init);
	}
}

/** @throws {TypeError} for what no `Request` is made of */
function checkUrl(text: string): string {
	const { href, username, password } = new URL(text);
	if (username || password) throw new TypeError('The URL of a request includes credentials');
	return href;
}

/** Aborts when the client leaves before it is answered. */
function abortSignal(exchange: Exchange): AbortSignal {
	const controller = new AbortController();
	if (exchange.aborted) controller.abort(exchange.abortReason);
	else exchange.onAbort((reason) => controller.abort(reason));
	return controller.signal;
}

/** Kit turns the error of a body that is too large into a 413, wherever the app reads it. */
function limitBody(exchange: Exchange, limit: number): LazyBody | null {
	const length = Number(exchange.header('content-length') ?? NaN);
	if (length > limit) {
		const error = tooLarge(`Content-length of ${length} exceeds limit of ${limit} bytes.`);
		return { stream: () => failedStream(error) };
	}
	const body = exchange.body();
	if (body === null) return null;
	const isDeclared = !Number.isNaN(length);
	// The engine reads no further than a declared length.
	if (isDeclared) return { stream: () => body.stream, bytes: () => body.bytes() };
	if (limit === Infinity) return { stream: () => body.stream };
	return { stream: () => body.stream.pipeThrough(counter(limit)) };
}

function counter(limit: number): TransformStream<Uint8Array, Uint8Array> {
	let size = 0;
	return new TransformStream<Uint8Array, Uint8Array>({
		transform(chunk, controller) {
			size += chunk.byteLength;
			if (size > limit)
				controller.error(tooLarge(`request body size exceeded BODY_SIZE_LIMIT of ${limit}`));
			else controller.enqueue(chunk);
		}
	});
}

function failedStream(error: Error): ReadableStream<Uint8Array> {
	return new ReadableStream({ start: (controller) => controller.error(error) });
}

function tooLarge(message: string): Error {
	return new SvelteKitError(413, 'Payload Too Large', message);
}
