import type { SocketData } from '../engine/engine.ts';
import { AdapterError } from '../../shared/errors.ts';

/**
 * What travels for a value: strings as text, binary as bytes, anything else as JSON.
 * @throws {AdapterError} `bad_value` for what is neither
 */
export function encode(value: unknown): SocketData {
	// A lone surrogate is no UTF-8: a browser ends the connection over it.
	if (typeof value === 'string') return value.toWellFormed();
	if (value instanceof Uint8Array) return value;
	if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer)
		return new Uint8Array(value);
	if (ArrayBuffer.isView(value))
		return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
	if (value instanceof Blob) {
		throw unsendable('a Blob', 'Send its bytes: await blob.bytes().');
	}
	const json = stringify(value);
	if (json === undefined) {
		throw unsendable(typeof value, 'Send a string, binary data, or something that JSON can hold.');
	}
	return json;
}

function stringify(value: unknown): string | undefined {
	try {
		return JSON.stringify(value);
	} catch (cause) {
		const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
		throw unsendable(reason, 'Send something that JSON can hold.', cause);
	}
}

function unsendable(value: string, todo: string, cause?: unknown): AdapterError {
	return new AdapterError('bad_value', {
		what: 'This cannot be sent to a socket',
		value,
		todo,
		cause
	});
}
