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
	if (isBinary(value)) return bytesOf(value, caller);
	if (value instanceof Blob) {
		throw unsendable('a Blob', caller, { todo: 'Send its bytes: await blob.bytes().' });
	}
	return toJson(value, caller);
}

export function isBinary(value: unknown): value is ArrayBufferView | ArrayBufferLike {
	return value instanceof Uint8Array || ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value);
}

/** @throws {AdapterError} `bad_value` for bytes that are gone: their buffer was transferred, or has shrunk */
export function bytesOf(value: ArrayBufferView | ArrayBufferLike, caller: Caller): Uint8Array {
	try {
		if (!(value instanceof Uint8Array)) {
			return ArrayBuffer.isView(value)
				? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
				: new Uint8Array(value);
		}
		// Where there are none it looks empty; only its methods say so.
		if (value.byteLength === 0) value.at(0);
		return value;
	} catch (cause) {
		throw unsendable(String(cause), caller, {
			todo: 'Send bytes while they are there, and as they are.',
			cause
		});
	}
}
