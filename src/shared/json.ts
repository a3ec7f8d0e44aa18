import { AdapterError, type ErrorParts } from './errors.ts';

/**
 * A value as JSON, for either end of a socket.
 * @throws {AdapterError} `bad_value` for what JSON cannot hold
 */
export function toJson(value: unknown): string {
	const json = stringify(value);
	if (json === undefined) throw unsendable(typeof value);
	return json;
}

function stringify(value: unknown): string | undefined {
	try {
		return JSON.stringify(value);
	} catch (cause) {
		throw unsendable(String(cause).split('\n', 1)[0] ?? '', { cause });
	}
}

export function unsendable(value: string, parts: Partial<ErrorParts> = {}): AdapterError {
	return new AdapterError('bad_value', {
		what: 'This cannot be sent to a socket',
		value,
		todo: 'Send a string, binary data, or something that JSON can hold.',
		...parts
	});
}
