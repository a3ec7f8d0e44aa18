import { SvelteKitError } from '@sveltejs/kit/internal';
import type { Exchange } from '../engine/engine.ts';
import { toHeaders } from './headers.ts';

export interface RequestOptions {
	origin: string;
	/** Bytes; may be `Infinity`. */
	bodySizeLimit: number;
	/** Aborts the request's signal. Absent: only the client does, by leaving. */
	controller?: AbortController;
}

/** What no `Request` may have (https://fetch.spec.whatwg.org/#forbidden-method); that of Bun takes them. */
const forbidden = new Set(['CONNECT', 'TRACE', 'TRACK']);

/**
 * The request as the app sees it. The body is read from the engine as the app reads it.
 * @throws {TypeError} if the origin or the target make no URL, or a header is malformed; the answer to that is 400
 */
export function toRequest(
	exchange: Exchange,
	{ origin, bodySizeLimit, controller }: RequestOptions
): Request {
	if (forbidden.has(exchange.method)) throw new TypeError(`'${exchange.method}' is unsupported`);
	// The star of OPTIONS is no path (RFC 9112, section 3.2.4); behind the origin it would be read as a part of the host.
	const url = exchange.target === '*' ? origin : origin + exchange.target;
	return (
		(controller === undefined && exchange.request?.(url)) ||
		buildRequest(exchange, url, bodySizeLimit, controller ?? new AbortController())
	);
}

function buildRequest(
	exchange: Exchange,
	url: string,
	bodySizeLimit: number,
	controller: AbortController
): Request {
	exchange.onAbort((reason) => controller.abort(reason));
	const init: RequestInit & { duplex: 'half' } = {
		method: exchange.method,
		headers: toHeaders(exchange.headers),
		signal: controller.signal,
		duplex: 'half'
	};
	if (exchange.method !== 'GET' && exchange.method !== 'HEAD') {
		init.body = limitBody(exchange, bodySizeLimit);
	}
	return new Request(url, init);
}

/** Kit turns the error of a body that is too large into a 413, wherever the app reads it. */
function limitBody(exchange: Exchange, limit: number): ReadableStream<Uint8Array> | null {
	const length = Number(exchange.header('content-length') ?? NaN);
	if (length > limit)
		return failedStream(tooLarge(`Content-length of ${length} exceeds limit of ${limit} bytes.`));
	const body = exchange.body()?.stream ?? null;
	// The engine reads no further than a declared length.
	if (body === null || limit === Infinity || !Number.isNaN(length)) return body;
	let size = 0;
	const counter = new TransformStream<Uint8Array, Uint8Array>({
		transform(chunk, controller) {
			size += chunk.byteLength;
			if (size > limit)
				controller.error(tooLarge(`request body size exceeded BODY_SIZE_LIMIT of ${limit}`));
			else controller.enqueue(chunk);
		}
	});
	return body.pipeThrough(counter);
}

function failedStream(error: Error): ReadableStream<Uint8Array> {
	return new ReadableStream({ start: (controller) => controller.error(error) });
}

function tooLarge(message: string): Error {
	return new SvelteKitError(413, 'Payload Too Large', message);
}
