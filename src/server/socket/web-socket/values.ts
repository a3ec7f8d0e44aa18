import type { Caller } from '../../../shared/errors.ts';
import { unsendable } from '../../../shared/json.ts';
import type { CloseCause, SocketData } from '../../engine/engine.ts';
import { bytesOf, isBinary } from '../encode.ts';
import type { Sent } from './outlet.ts';

/** Bytes that a ping may carry: RFC 6455, section 5.5. */
const maxPayload = 125;

/**
 * What `ws` takes, as one of two things. Nothing at all is an empty message of bytes, as there.
 * @throws {AdapterError} `bad_value`
 */
export function plain(data: unknown, caller: Caller): SocketData {
	if (typeof data === 'string') return data;
	if (typeof data === 'number') return String(data);
	if (isBinary(data)) return bytesOf(data, caller);
	if (data === undefined || data === null) return new Uint8Array();
	if (Array.isArray(data)) return Uint8Array.from(data as number[]);
	throw unsendable(typeof data, caller, { todo: 'Send a string, or bytes.' });
}

/** The same as text or as bytes. */
export function toData(data: SocketData, isBytes: boolean): SocketData {
	if (isBytes) return typeof data === 'string' ? Buffer.from(data) : data;
	return typeof data === 'string' ? data.toWellFormed() : toBuffer(data).toString();
}

/** @returns a view of the same bytes */
export function toBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
	return Buffer.from(buffer, byteOffset, byteLength);
}

/** @throws {RangeError} for more than fits into a ping, as in `ws` */
export function payloadOf(data: unknown): Uint8Array | undefined {
	if (data === undefined || data === null) return undefined;
	const bytes = toData(plain(data, payloadOf), true);
	if (bytes.length > maxPayload) {
		throw new RangeError('The data size must not be greater than 125 bytes');
	}
	return bytes as Uint8Array;
}

/** It is closed, which only a callback hears of, as in `ws`. */
export function refused(done: Sent | undefined, readyState: number): void {
	const state = readyState === 2 ? '2 (CLOSING)' : '3 (CLOSED)';
	const error = new Error(`WebSocket is not open: readyState ${state}`);
	if (done) queueMicrotask(() => done(error));
}

/** Why a socket has ended, as `ws` says it. */
export function errorOf(cause: CloseCause): Error {
	const code = cause === 'too_big' ? 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' : undefined;
	const messages = {
		too_big: 'Max payload size exceeded',
		invalid: 'Invalid WebSocket frame',
		idle: 'The client was silent for longer than websocket.idleTimeout',
		backpressure: 'The client was too slow'
	};
	const Kind = cause === 'too_big' ? RangeError : Error;
	return Object.assign(new Kind(messages[cause]), code && { code });
}
