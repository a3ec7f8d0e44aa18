import { AdapterError } from '../../shared/errors.ts';
import { ConnectionError } from './errors.ts';
import type { AttemptEnd } from './types.ts';

/** Why an attempt, or the connection it led to, has ended. */
export function reasonOf({ url, wasOpen, code, reason, cause }: AttemptEnd): ConnectionError {
	if (cause instanceof ConnectionError) return cause;
	if (wasOpen) {
		return new ConnectionError('closed', {
			what: 'The connection was closed',
			value: `${code} ${reason}`.trim(),
			closeCode: code
		});
	}
	return new ConnectionError('unreachable', {
		what: url ? 'A connection failed' : 'There is no URL',
		value: url?.href ?? String(cause),
		cause
	});
}

/** What a probe has found out. */
export function refused(status: number, url: URL): ConnectionError {
	return new ConnectionError('refused', {
		what: `The server refuses this connection: ${status}`,
		value: url.href,
		status
	});
}

export function silent(): ConnectionError {
	return new ConnectionError('silent', {
		what: 'The server does not answer'
	});
}

/** @throws {AdapterError} `bad_value` for what browsers do not let a page close with */
export function checkClose(code: number, reason: string): void {
	const isAllowed = code === 1000 || (code >= 3000 && code < 5000);
	if (isAllowed && new Blob([reason]).size <= 123) return;
	throw new AdapterError('bad_value', {
		what: 'A socket is closed with 1000 or 3000 to 4999, and up to 123 bytes, not with this',
		value: JSON.stringify([code, reason])
	});
}
