import { types } from 'node:util';
import type { SocketData } from '../engine/engine.ts';
import type { Caller } from '../../shared/errors.ts';
import { toJson, unsendable } from '../../shared/json.ts';

/**
 * What travels for a value: strings as text, binary as bytes, anything else as JSON.
 * @param caller the method that the app has called
 * @throws {AdapterError} `bad_value` for what is neither
 */
export function encode(value: unknown, caller: Caller): SocketData {
	// A lone surrogate is no UTF-8: a browser ends the connection over it.
	if (typeof value === 'string') return value.toWellFormed();
	if (value instanceof Uint8Array) return value;
	if (types.isAnyArrayBuffer(value)) return new Uint8Array(value);
	if (ArrayBuffer.isView(value))
		return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
	if (value instanceof Blob) {
		throw unsendable('a Blob', caller, { todo: 'Send its bytes: await blob.bytes().' });
	}
	return toJson(value, caller);
}
