import type { ConnectionError } from './errors.ts';

/** Close codes after which another attempt would end in the same way: a policy, or the app's 401 and 403. */
const finalCodes = [1008, 4401, 4403];

/** Answers that mean "not now", or that come from something which does not know what a probe is. */
const passing = [408, 425, 426, 429];

const longestDelay = 30_000;

/** Whether whatever has failed would fail in the same way again. A form action that redirects would do so too. */
export function isFinal({ code, status = 500, closeCode = 0 }: ConnectionError): boolean {
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
