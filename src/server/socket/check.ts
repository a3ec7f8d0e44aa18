import { AdapterError, blame, type Caller, type ErrorParts } from '../../shared/errors.ts';

/** What begins so is ours: the topic of a path that was added at run time. */
export const ownTopic = '\u0000';

/**
 * @param caller the method that the app has called
 * @throws {AdapterError} `bad_value` for what is no topic
 */
export function checkTopic(topic: unknown, caller: Caller): asserts topic is string {
	if (typeof topic !== 'string') {
		throw badValue(caller, {
			what: 'This is no topic',
			value: describe(topic),
			todo: 'Use a string.'
		});
	}
	// Engines, and what lies between processes, would each make something else of a lone surrogate.
	if (!topic.isWellFormed() || topic.startsWith(ownTopic)) {
		throw badValue(caller, {
			what: 'This is no topic',
			value: describe(topic),
			todo: 'Use a string that is Unicode and does not begin with U+0000.'
		});
	}
}

/** Bytes of the longest close reason: RFC 6455, sections 5.5 and 5.5.1. */
export const maxReason = 123;

/**
 * RFC 6455, section 7.4: 1004 is reserved, 1005, 1006 and 1015 are never sent.
 * @param caller the method that the app has called
 * @throws {AdapterError} `bad_value` for what cannot be sent
 */
export function checkClose(code: unknown, reason: unknown, caller: Caller): void {
	if (!isCloseCode(code)) {
		throw badValue(caller, {
			what: 'A socket cannot be closed with this code',
			value: describe(code),
			todo: 'Use 1000, another code that RFC 6455 allows, or one of your own from 4000 to 4999.'
		});
	}
	if (typeof reason !== 'string') {
		throw badValue(caller, {
			what: 'A close reason is no text',
			value: describe(reason),
			todo: 'Use a string.'
		});
	}
	if (Buffer.byteLength(reason) > maxReason) {
		throw badValue(caller, {
			what: 'A close reason is too long',
			value: `${Buffer.byteLength(reason)} bytes`,
			todo: `Keep it within ${maxReason} bytes.`
		});
	}
}

/**
 * @param caller the method that the app has called
 * @throws {AdapterError} `bad_value` for what is no filter: to close everybody instead would be worse
 */
export function checkFilter(filter: unknown, caller: Caller): void {
	if (filter === undefined || typeof filter === 'function') return;
	if (typeof filter !== 'object' || filter === null) throw noFilter(filter, caller);
	const { id, topic } = filter as { id?: unknown; topic?: unknown };
	if (topic === undefined && typeof id === 'string') return;
	if (topic === undefined || id !== undefined) throw noFilter(filter, caller);
	checkTopic(topic, caller);
}

function noFilter(filter: unknown, caller: Caller): AdapterError {
	return badValue(caller, {
		what: 'This is no filter',
		value: describe(filter),
		todo: 'Give it a function that is true for those whom it means, { id } of a peer or { topic }, or leave it out to mean everybody.'
	});
}

/**
 * A number from 0 on, which may be Infinity.
 * @param name what the option is called
 * @param caller the method that the app has called
 * @throws {AdapterError} `bad_value` for anything else
 */
export function checkAmount(name: string, amount: unknown, caller: Caller): void {
	if (typeof amount === 'number' && amount >= 0) return;
	throw badValue(caller, {
		what: `The option ${name} is no number from 0 on`,
		value: describe(amount),
		todo: 'Give it one, or leave it out.'
	});
}

export function badValue(caller: Caller, parts: ErrorParts): AdapterError {
	return blame(new AdapterError('bad_value', parts), caller);
}

/** Whether it is a code that may be sent: see `checkClose`. */
export function isCloseCode(code: unknown): code is number {
	if (typeof code !== 'number' || !Number.isInteger(code)) return false;
	if (code >= 3000) return code <= 4999;
	return code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code);
}

/** `undefined`, `7`, `"text"`, `object` */
export function describe(value: unknown): string {
	if (typeof value === 'string') return JSON.stringify(value.slice(0, 100));
	return typeof value === 'function' || (typeof value === 'object' && value !== null)
		? typeof value
		: String(value);
}
