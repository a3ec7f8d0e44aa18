import type { HttpResponse } from 'uWebSockets.js';
import { AdapterError } from '../../../shared/errors.ts';
import type { ByteSource, ResponseBody, ResponseHead } from '../engine.ts';
import { openFile } from './file.ts';
import { declaredLength, encodeHeaders } from './headers.ts';
import { Writer, type Asked } from './writer.ts';

/** Up to this size a body goes out together with its head; uWS wants a larger one in pieces. */
const largestEnd = 15 * 1024;

/** Send one answer: see `Exchange.send`. */
export async function sendResponse(
	res: HttpResponse,
	asked: Asked,
	head: ResponseHead,
	body: ResponseBody
): Promise<void> {
	let writer: Writer | undefined;
	try {
		writer = new Writer(res, asked, head.status, encodeHeaders(head.headers));
		await sendBody(writer, asked, head, body);
	} catch (error) {
		(writer ?? new Writer(res, asked, 500, [])).fail();
		throw error;
	} finally {
		if (isSource(body)) await cancel(body);
	}
}

async function sendBody(
	writer: Writer,
	asked: Asked,
	head: ResponseHead,
	body: ResponseBody
): Promise<void> {
	const length = declaredLength(head.headers);
	if (hasNoBody(asked.method, head.status)) {
		return writer.endWithoutBody(asked.method === 'HEAD' ? length : undefined);
	}
	if (body === null) return writer.end('');
	if (body instanceof Uint8Array) return sendBytes(writer, body);
	if (isSource(body)) return pump(writer, asked, body, length);
	const file = await openFile(body);
	try {
		await pump(writer, asked, file, body.length);
	} finally {
		await cancel(file);
	}
}

/** RFC 9110, sections 9.3.2 and 15. */
function hasNoBody(method: string, status: number): boolean {
	return method === 'HEAD' || status === 204 || status === 205 || status === 304;
}

async function sendBytes(writer: Writer, body: Uint8Array): Promise<void> {
	if (body.byteLength <= largestEnd) writer.end(body);
	else await writer.writeSized(body, body.byteLength);
}

/** @throws the source's own error, or one that says that it ended before its declared length */
async function pump(
	writer: Writer,
	asked: Asked,
	source: ByteSource,
	length: number | undefined
): Promise<void> {
	// A read that waits for the next event ends when its source is cancelled.
	asked.onAbort(() => void cancel(source));
	let sent = 0;
	while (!asked.aborted && (length === undefined || sent < length)) {
		const { done, value } = await source.read();
		if (asked.aborted || done) break;
		const chunk = length === undefined ? value : value.subarray(0, length - sent);
		sent += chunk.byteLength;
		await (length === undefined ? writer.write(chunk) : writer.writeSized(chunk, length));
	}
	if (asked.aborted) return;
	if (length === undefined || length === 0) writer.end('');
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
