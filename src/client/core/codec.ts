import type { StandardSchemaV1 } from '@standard-schema/spec';
import { toJson } from '../../shared/json.ts';
import { ConnectionError } from './errors.ts';
import type { Decode, MaybePromise } from './types.ts';

/** What a socket carries. */
export type SocketData = string | ArrayBuffer | Blob | ArrayBufferView<ArrayBuffer>;

/**
 * Strings and binary data as they are, anything else as JSON.
 * @throws {AdapterError} `bad_value` for what cannot be sent
 */
export function encode(value: unknown): SocketData {
	const isBinary =
		value instanceof ArrayBuffer || value instanceof Blob || ArrayBuffer.isView(value);
	// A view of memory that is shared is refused by the browser itself.
	return isBinary || typeof value === 'string' ? (value as SocketData) : toJson(value, encode);
}

/** What is made of what arrives: binary data stays as it is, and so does text that is not JSON where JSON is expected. */
export function decode(data: unknown, how: Decode = 'json'): unknown {
	if (typeof data !== 'string' || how === 'text') return data;
	if (typeof how === 'function') return how(data);
	try {
		return JSON.parse(data);
	} catch {
		return data;
	}
}

/** @throws {ConnectionError} `bad_message`, with what the schema says */
export function validate<In>(
	schema: StandardSchemaV1<unknown, In>,
	value: unknown
): MaybePromise<In> {
	const result = schema['~standard'].validate(value);
	return result instanceof Promise ? result.then(unwrap) : unwrap(result);
}

function unwrap<In>(result: StandardSchemaV1.Result<In>): In {
	if (result.issues === undefined) return result.value;
	throw badMessage(result.issues.map(({ message }) => message).join('; '), result.issues);
}

/** @param why what the schema says, or what went wrong in it, or in `decode` */
export function badMessage(why: string, cause: unknown): ConnectionError {
	const what = 'A message cannot be read';
	return new ConnectionError('bad_message', { what, value: why, cause });
}
