import { AdapterError } from '../../shared/errors.ts';
import { ConnectionError } from './errors.ts';
import type { AttemptEnd, Protocols } from './types.ts';

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

/** @param location absolute, if it is known */
export function redirected(
	status: number,
	url: string,
	location: string | undefined
): ConnectionError {
	return new ConnectionError('redirected', {
		what: `A socket was redirected (${status}) to ${location ?? 'no page'}`,
		value: url,
		todo: 'Go to error.location.',
		status,
		location
	});
}

export function blocked(url: URL): ConnectionError {
	return new ConnectionError('blocked', {
		what: 'The server accepts this socket, but its handshake does not get through',
		value: url.href,
		todo: 'Let the proxy in between forward Upgrade and Connection.'
	});
}

/** @param who does not speak them: the path, or the browser, which says why */
export function unspoken(protocols: Protocols, who: string, cause?: unknown): ConnectionError {
	return new ConnectionError('bad_protocol', {
		what: `${who} takes none of these subprotocols`,
		value: String(protocols),
		cause
	});
}

/** What the browser's constructor has thrown, for which there are two reasons once a URL could be read. */
export function unacceptable(url: string, protocols: Protocols, cause: unknown): ConnectionError {
	if (protocols && cause instanceof Error && cause.name === 'SyntaxError') {
		return unspoken(protocols, 'The browser', cause);
	}
	return new ConnectionError('bad_url', {
		what: `The browser takes no such URL: ${String(cause)}`,
		value: url,
		cause
	});
}

/** The end of a connection that is dead without a word. */
export function silence(): AttemptEnd {
	const cause = new ConnectionError('silent', { what: 'The server does not answer' });
	return { wasOpen: true, code: 1006, reason: '', cause };
}

/** @throws {AdapterError} `bad_value` for what browsers do not let a page close with */
export function checkClose(code: number, reason: string): void {
	const isAllowed = code === 1000 || (code >= 3000 && code < 5000);
	if (isAllowed && new Blob([reason]).size <= 123) return;
	throw new AdapterError('bad_value', {
		what: 'A socket is closed with 1000 or 3000 to 4999, and up to 123 bytes',
		value: JSON.stringify([code, reason])
	});
}
