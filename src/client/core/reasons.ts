import { AdapterError } from '../../shared/errors.ts';
import { ConnectionError } from './errors.ts';
import type { AttemptEnd } from './transport.ts';

/** Why an attempt, or the connection it led to, has ended. */
export function reasonOf({ url, wasOpen, code, reason, cause }: AttemptEnd): ConnectionError {
	if (wasOpen) {
		const value = reason === '' ? String(code) : `${code}: ${reason}`;
		return new ConnectionError('closed', {
			what: 'The connection was closed',
			value,
			closeCode: code
		});
	}
	if (cause instanceof ConnectionError) return cause;
	return new ConnectionError('unreachable', {
		what: url ? 'A connection could not be opened' : 'The URL of a connection could not be had',
		value: url?.href ?? String(cause),
		cause
	});
}

/** What a probe has found out. */
export function refused(status: number, url: URL): ConnectionError {
	return new ConnectionError('refused', {
		what: `The server refuses this connection with the status ${status}`,
		value: url.href,
		status
	});
}

export function silent(): ConnectionError {
	return new ConnectionError('silent', {
		what: 'The server has not answered for too long, and the connection was replaced'
	});
}

/** @throws {AdapterError} `bad_value` for what browsers do not let a page close with */
export function checkClose(code: number, reason: string): void {
	const isAllowed = code === 1000 || (Number.isInteger(code) && code >= 3000 && code <= 4999);
	if (isAllowed && new TextEncoder().encode(reason).byteLength <= 123) return;
	throw new AdapterError('bad_value', {
		what: 'A page cannot close a socket with this code and reason',
		value: JSON.stringify([code, reason]),
		todo: 'The code is 1000, or 3000 to 4999; the reason has up to 123 bytes.'
	});
}
