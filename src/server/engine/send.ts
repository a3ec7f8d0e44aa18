import { AdapterError } from '../../shared/errors.ts';
import type { ByteSource, Exchange, ResponseBody, ResponseHead } from './engine.ts';
import { openFile } from './file.ts';
import { checkHeaders, declaredLength } from './headers.ts';
import type { Sink } from './sink.ts';

/** The sink of one answer, for its status and headers. */
export type CreateSink = (status: number, headers: [string, string][]) => Sink;

/** Send one answer, the same on every engine: see `Exchange.send`. */
export async function sendResponse(
	createSink: CreateSink,
	exchange: Exchange,
	head: ResponseHead,
	body: ResponseBody
): Promise<void> {
	let sink: Sink | undefined;
	try {
		sink = createSink(head.status, checkHeaders(head.headers));
		await sendBody(sink, exchange, head, body);
	} catch (error) {
		(sink ?? createSink(500, [])).fail();
		throw error;
	} finally {
		if (isSource(body)) await cancel(body);
	}
}

async function sendBody(
	sink: Sink,
	exchange: Exchange,
	head: ResponseHead,
	body: ResponseBody
): Promise<void> {
	const length = declaredLength(head.headers);
	if (hasNoBody(exchange.method, head.status)) {
		return sink.endWithoutBody(exchange.method === 'HEAD' ? length : undefined);
	}
	// A 205 has no content either, but says so by its length.
	if (body === null || head.status === 205) return sink.end(new Uint8Array(0));
	if (body instanceof Uint8Array) return sink.end(body);
	if (isSource(body)) return pump(sink, exchange, body, length);
	const file = await openFile(body);
	try {
		await pump(sink, exchange, file, body.length);
	} finally {
		await cancel(file);
	}
}

/** RFC 9112, section 6.3: these end with their head, whatever it announces. */
function hasNoBody(method: string, status: number): boolean {
	return method === 'HEAD' || status === 204 || status === 304;
}

/** @throws the source's own error, or one that says that it ended before its declared length */
async function pump(
	sink: Sink,
	exchange: Exchange,
	source: ByteSource,
	length: number | undefined
): Promise<void> {
	// A read that waits for the next event ends when its source is cancelled.
	exchange.onAbort(() => void cancel(source));
	let sent = 0;
	while (!exchange.aborted && (length === undefined || sent < length)) {
		const { done, value } = await source.read();
		if (exchange.aborted || done) break;
		const chunk = length === undefined ? value : value.subarray(0, length - sent);
		sent += chunk.byteLength;
		await (length === undefined ? sink.write(chunk) : sink.writeSized(chunk, length));
	}
	if (exchange.aborted) return;
	if (length === undefined) sink.finish();
	else if (length === 0) await sink.end(new Uint8Array(0));
	else if (sent < length) throw shortBody(sent, length);
}

function isSource(body: ResponseBody): body is ByteSource {
	return body !== null && 'read' in body;
}

/** A stream that failed rejects this too, with an error that its reader has already seen. */
async function cancel(source: ByteSource): Promise<void> {
	await source.cancel().catch(() => {});
}

function shortBody(sent: number, length: number): AdapterError {
	return new AdapterError('bad_value', {
		what: 'A response body was shorter than its content-length',
		value: `${sent} of ${length} bytes`,
		todo: 'Set the length of what is sent, or leave the header away.'
	});
}
