import type { ConnectionError } from './errors.ts';
import { reasonOf } from './reasons.ts';
import type { AttemptEnd, ConnectionOptions } from './types.ts';

/** Close codes after which another attempt would end in the same way: a policy, or the app's 401 and 403. */
const finalCodes = [1008, 4401, 4403];

/** Answers that mean "not now". */
const passing = [408, 425, 429];

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

/** Whether whatever has failed would fail in the same way again. A form action that redirects would do so too. */
function isFinal({ code, status = 500, closeCode = 0 }: ConnectionError): boolean {
	return (
		code === 'bad_url' || finalCodes.includes(closeCode) || status < 400 || isFinalStatus(status)
	);
}

/** Whether a handshake that is answered so would be answered so again. */
export function isFinalStatus(status: number): boolean {
	return status >= 400 && status < 500 && !passing.includes(status);
}

/**
 * The delays of partysocket, but never the same twice: thousands of clients that have lost one server are not to come back
 * in one moment. It reads them before every attempt.
 */
export function delays(interval: number) {
	const jitter = () => 0.5 + Math.random();
	return {
		reconnectionDelayGrowFactor: 1.6,
		get minReconnectionDelay() {
			return interval * jitter();
		},
		get maxReconnectionDelay() {
			return Math.max(interval, longestDelay) * jitter();
		}
	};
}
