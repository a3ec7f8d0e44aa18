import type { SocketData } from '../engine/engine.ts';
import { toJson, unsendable } from '../../shared/json.ts';

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
		throw unsendable('a Blob', { todo: 'Send its bytes: await blob.bytes().' });
	}
	return toJson(value);
}
