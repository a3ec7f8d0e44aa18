import type { Exchange } from './engine/engine.ts';
import { keyPath } from './key-path.ts';
import { printable } from './printable.ts';

/** Characters. */
const maxLength = 200;

/**
 * A request as a line of the log names it: the method and the path. A query may hold a token, a one-time key opens a socket,
 * and the target is as long as the client likes.
 */
export function describeRequest({ method, target }: Pick<Exchange, 'method' | 'target'>): string {
	// Of the absolute form (RFC 9112, section 3.2.2) the path as well: the rest may hold a password.
	const [path = ''] = target.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '').split(/[?#]/, 1);
	const key = path.indexOf(keyPath);
	const shown = key === -1 ? path : `${path.slice(0, key + keyPath.length)}\u2026`;
	return printable(`${method} ${shown}`, maxLength);
}
