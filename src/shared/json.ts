import { AdapterError, blame, type Caller, type ErrorParts } from './errors.ts';
import { isThenable } from './thenable.ts';

/**
 * A value as JSON, for either end of a socket.
 * @param caller the method that the app has called
 * @throws {AdapterError} `bad_value` for what JSON cannot hold, and for what it would lose without a word
 */
export function toJson(value: unknown, caller: Caller): string {
	const json = stringify(value, caller);
	if (json === undefined || isLost(value, json)) throw unsendable(describe(value), caller);
	return json;
}

export function unsendable(
	value: string,
	caller: Caller,
	parts: Partial<ErrorParts> = {}
): AdapterError {
	const error = new AdapterError('bad_value', {
		what: 'This cannot be sent to a socket',
		value,
		todo: 'Send a string, binary data, or something that JSON can hold.',
		...parts
	});
	return blame(error, caller);
}

function stringify(value: unknown, caller: Caller): string | undefined {
	let isPromise = false;
	try {
		isPromise = isThenable(value) && !hasToJson(value);
		if (!isPromise) return JSON.stringify(value);
	} catch (cause) {
		throw unsendable(String(cause).split('\n', 1)[0] ?? '', caller, { cause });
	}
	throw unsendable('a Promise', caller, { todo: 'Await it, and send what it resolves to.' });
}

/** JSON says nothing of it, and would not say so: a Map becomes `{}`, NaN becomes `null`. */
function isLost(value: unknown, json: string): boolean {
	if (value === null || (hasToJson(value) && !(value instanceof Date))) return false;
	if (typeof value !== 'object') return json === 'null';
	if (/^\[object (Error|(Weak)?(Map|Set))\]$/.test(tagOf(value))) return true;
	if (json === 'null') return true;
	// A field without a value is left out, as JSON does; what is kept in private is not in there at all.
	return json === '{}' && !isPlain(value) && !Object.values(value).includes(undefined);
}

/** A literal of any realm. */
function isPlain(value: object): boolean {
	const prototype = Object.getPrototypeOf(value) as object | null;
	return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function hasToJson(value: unknown): boolean {
	return typeof (value as { toJSON?: unknown } | null | undefined)?.toJSON === 'function';
}

function tagOf(value: object): string {
	return Object.prototype.toString.call(value);
}

/** `Map`, `NaN`, `function` */
function describe(value: unknown): string {
	if (typeof value === 'number') return String(value);
	if (typeof value !== 'object' || value === null || isPlain(value)) return typeof value;
	// Some classes have no name, and some objects no class.
	const { constructor }: { constructor?: { name?: unknown } } = value;
	return String(constructor?.name ?? '') || 'object';
}
