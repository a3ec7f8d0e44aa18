import type { ConnectionError } from './errors.ts';
import { reasonOf } from './reasons.ts';
import type { AttemptEnd, ConnectionOptions } from './types.ts';

/** Errors after which another attempt would end in the same way. */
const finalErrors = ['bad_protocol', 'bad_url', 'redirected'];

/** Close codes for which that is so: a policy, or the app's 401 and 403. */
const finalCodes = [1008, 4401, 4403];

/** Close codes that mean "not now": RFC 6455's registry has 1013, and the app its 429. */
const busyCodes = [1013, 4429];

/** Answers that mean it too. */
const passing = [408, 425, 429];

/** How much longer it takes than otherwise to come back to a server that has said so. */
const patience = 10;

const growth = 1.6;

/** Milliseconds. */
const longestDelay = 30_000;

/** What the end of an attempt means. */
export interface Verdict {
	/** Undefined if nothing has failed: there was nothing to connect to. */
	error: ConnectionError | undefined;
	/** The next attempt would end in the same way, or is not wanted. */
	isFatal: boolean;
	/** There is none, for that or because they are used up. */
	isOver: boolean;
}

/** @param retries attempts since the last connection that has lasted */
export function judge(
	end: AttemptEnd,
	retries: number,
	{
		reconnect,
		maxReconnectAttempts = Infinity
	}: Pick<ConnectionOptions<unknown>, 'reconnect' | 'maxReconnectAttempts'>
): Verdict {
	const isIdle = !end.url && !end.cause;
	const error = isIdle ? undefined : reasonOf(end);
	const isFatal = !error || reconnect === false || isFinal(error);
	return { error, isFatal, isOver: isFatal || retries >= maxReconnectAttempts };
}

/** Whether whatever has failed would fail in the same way again. */
export function isFinal({ code, status = 500, closeCode = 0 }: ConnectionError): boolean {
	return finalErrors.includes(code) || finalCodes.includes(closeCode) || isFinalStatus(status);
}

/** Whether a handshake that is answered so would be answered so again. */
export function isFinalStatus(status: number): boolean {
	return status >= 400 && status < 500 && !passing.includes(status);
}

/** How a server says "not now". */
export interface Refrain {
	closeCode?: number | undefined;
	status?: number | undefined;
	/** Milliseconds. */
	retryAfter?: number | undefined;
}

/**
 * How long a server is to be left alone.
 * @param retries attempts since the last connection that has lasted
 * @param interval milliseconds before the second attempt. Default: 1000.
 * @returns milliseconds; 0 for one that has not said "not now"
 */
export function restFor(
	{ closeCode = 0, status = 0, retryAfter }: Refrain,
	retries: number,
	interval = 1000
): number {
	// Never before the time that it has named.
	if (retryAfter !== undefined && [429, 503].includes(status)) {
		return retryAfter * (1 + Math.random() / 2);
	}
	if (status !== 429 && !busyCodes.includes(closeCode)) return 0;
	const usual = Math.min(interval * growth ** retries, Math.max(interval, longestDelay));
	return patience * usual * jitter();
}

/**
 * Milliseconds before an attempt, never the same twice: thousands of clients that have lost one server are not to come back in
 * one moment.
 * @param retries attempts since the last connection that has lasted
 */
export function delayBefore(retries: number, interval = 1000): number {
	const usual = interval * jitter() * growth ** (retries - 1);
	return Math.min(usual, Math.max(interval, longestDelay) * jitter());
}

function jitter(): number {
	return 0.5 + Math.random();
}
