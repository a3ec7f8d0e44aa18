import { AdapterError } from '../../shared/errors.ts';
import { settled } from '../settled.ts';
import type { ByteSource, Exchange, FileBody, ResponseBody, ResponseHead } from './engine.ts';
import { openFile } from './file.ts';
import { checkHeaders, declaredLength } from './headers.ts';
import type { Sink } from './sink.ts';

/** The sink of one answer, for its status and headers. */
export type CreateSink = (status: number, headers: [string, string][]) => Sink;

/** A body that is all there. */
type Whole = Extract<ResponseBody, null | string | Uint8Array>;

/** The part of an exchange that its answer needs. */
type Answered = Pick<Exchange, 'method' | 'aborted' | 'onAbort'> & {
	readonly abortReason: unknown;
};

/** Send one answer, the same on every engine: see `Exchange.send`. */
export function sendResponse(
	createSink: CreateSink,
	exchange: Answered,
	head: ResponseHead,
	body: ResponseBody
): Promise<void> {
	return isWhole(body)
		? sendWhole(createSink, exchange, head, body)
		: sendParts(createSink, exchange, head, body);
}

/** Without a promise of its own: most answers are done when this returns. */
function sendWhole(
	createSink: CreateSink,
	exchange: Answered,
	{ status, headers }: ResponseHead,
	body: Whole
): Promise<void> {
	let sink: Sink | undefined;
	try {
		sink = createSink(status, checkHeaders(headers));
		if (!hasNoBody(exchange.method, status)) return sink.end(status === 205 ? '' : (body ?? ''));
		sink.endWithoutBody(exchange.method === 'HEAD' ? declaredLength(headers) : undefined);
		return settled;
	} catch (error) {
		(sink ?? createSink(500, [])).fail();
		return Promise.reject(error as Error);
	}
}

async function sendParts(
	createSink: CreateSink,
	exchange: Answered,
	head: ResponseHead,
	body: ByteSource | FileBody
): Promise<void> {
	let sink: Sink | undefined;
	let reason: unknown;
	try {
		sink = createSink(head.status, checkHeaders(head.headers));
		const rest = await sendBody(sink, exchange, head, body);
		if (rest !== undefined && isSource(body)) reason = abortError(rest);
	} catch (error) {
		reason = error;
		(sink ?? createSink(500, [])).fail();
		throw error;
	} finally {
		// What the app does then is no part of the answer.
		if (isSource(body)) void cancel(body, exchange.abortReason ?? reason);
	}
}

/** What an app is told of something that is not wanted any more: the reason of an `AbortSignal`, of a stream's `cancel`. */
export function abortError(message: string): DOMException {
	return new DOMException(message, 'AbortError');
}

/** @returns why the rest of the body is not sent, where there may be one */
async function sendBody(
	sink: Sink,
	exchange: Answered,
	head: ResponseHead,
	body: ByteSource | FileBody
): Promise<string | undefined> {
	const length = declaredLength(head.headers);
	if (hasNoBody(exchange.method, head.status)) {
		sink.endWithoutBody(exchange.method === 'HEAD' ? length : undefined);
		return unsent(exchange, head);
	}
	// A 205 has no content either, but says so by its length.
	if (head.status === 205) {
		await sink.end('');
		return unsent(exchange, head);
	}
	if (isSource(body)) return pump(sink, exchange, body, length);
	await sendFile(sink, exchange, body);
	return undefined;
}

function unsent({ method }: Answered, { status }: ResponseHead): string {
	return `The response to ${method} with status ${status} has no body`;
}

async function sendFile(sink: Sink, exchange: Answered, body: FileBody): Promise<void> {
	if (sink.sendFile) return sink.sendFile(body);
	const file = await openFile(body);
	try {
		await pump(sink, exchange, file, body.length);
	} finally {
		await cancel(file);
	}
}

/** Whether it is an answer whose body is sent, and does not have to be empty. */
export function hasBody(method: string, status: number): boolean {
	return !hasNoBody(method, status) && status !== 205;
}

/** RFC 9112, section 6.3: these end with their head, whatever it announces. */
function hasNoBody(method: string, status: number): boolean {
	return method === 'HEAD' || status === 204 || status === 304;
}

/**
 * @returns why the rest of the source is not sent, if it has a declared length that was reached
 * @throws the source's own error, or one that says that it ended before its declared length
 */
async function pump(
	sink: Sink,
	exchange: Answered,
	source: ByteSource,
	length: number | undefined
): Promise<string | undefined> {
	// A read that waits for the next event ends when its source is cancelled.
	exchange.onAbort((reason) => void cancel(source, reason));
	let sent = 0;
	while (!exchange.aborted && (length === undefined || sent < length)) {
		const { done, value } = await source.read();
		if (exchange.aborted || done) break;
		const chunk = length === undefined ? value : value.subarray(0, length - sent);
		sent += chunk.byteLength;
		await (length === undefined ? sink.write(chunk) : sink.writeSized(chunk, length));
	}
	if (exchange.aborted) return undefined;
	if (length === undefined) {
		await sink.finish();
		return undefined;
	}
	if (length === 0) await sink.end('');
	else if (sent < length) throw shortBody(sent, length);
	return `The response has reached its declared length of ${length} bytes`;
}

function isWhole(body: ResponseBody): body is Whole {
	return body === null || typeof body === 'string' || body instanceof Uint8Array;
}

function isSource(body: ByteSource | FileBody): body is ByteSource {
	return 'read' in body;
}

/** A stream that failed rejects this too, with an error that its reader has already seen. */
async function cancel(source: ByteSource, reason?: unknown): Promise<void> {
	await source.cancel(reason).catch(() => {});
}

/** An answer ends before its declared length. */
export function shortBody(sent: number, length: number): AdapterError {
	return new AdapterError('bad_value', {
		what: 'A response body was shorter than its content-length',
		value: `${sent} of ${length} bytes`,
		todo: 'Set the length of what is sent, or leave the header away.'
	});
}
