import { STATUS_CODES } from 'node:http';
import { AdapterError } from '../../shared/errors.ts';
import { printable } from '../printable.ts';
import type { AcceptHead } from './engine.ts';

/** What every engine writes itself. */
const engineHeaders = new Set([
	'connection',
	'content-length',
	'date',
	'keep-alive',
	'transfer-encoding'
]);

/** RFC 9110, section 5.6.2: what a header's name is made of. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** RFC 9110, section 5.5, with one byte per character. */
const unsendable = /[^\t\u0020-\u007e\u0080-\u00ff]/;

/**
 * The headers that go over the wire besides the engine's own: those that Node would send.
 * @throws {AdapterError} `bad_value` for a header that holds a control character, such as a line break, or what latin1 does not
 */
export function checkHeaders(headers: Iterable<readonly [string, string]>): [string, string][] {
	const checked: [string, string][] = [];
	for (const [name, value] of headers) {
		if (engineHeaders.has(name.toLowerCase())) continue;
		if (!token.test(name) || unsendable.test(value)) throw badHeader(name, value);
		checked.push([name, value]);
	}
	return checked;
}

/** Whether all headers are the app's own to send, and can be sent. A length may be among them. */
export function areSendable(headers: Iterable<readonly [string, string]>): boolean {
	for (const [name, value] of headers) {
		if (name !== 'content-length' && engineHeaders.has(name)) return false;
		if (!token.test(name) || unsendable.test(value)) return false;
	}
	return true;
}

/**
 * The headers of a 101 besides the engine's own.
 * @throws {AdapterError} `bad_value` as `checkHeaders`, and for a subprotocol that is no token
 */
export function checkAccept({ headers, protocol }: AcceptHead): [string, string][] {
	if (protocol && !token.test(protocol)) throw badHeader('sec-websocket-protocol', protocol);
	return checkHeaders(headers);
}

/** The declared length of the body, if there is one and it is a number. */
export function declaredLength(headers: Iterable<readonly [string, string]>): number | undefined {
	for (const [name, value] of headers) {
		if (name.toLowerCase() === 'content-length' && /^\d+$/.test(value)) return Number(value);
	}
	return undefined;
}

/** `200 OK` */
export function statusLine(status: number): string {
	return `${status} ${STATUS_CODES[status] ?? 'Unknown'}`;
}

function badHeader(name: string, value: string): AdapterError {
	return new AdapterError('bad_value', {
		what: 'A response header holds a control character, or one that latin1 does not have',
		value: placeOf(name, value),
		todo: 'Encode the value before it becomes a header.'
	});
}

/** Without the value: it may be a secret, or as long as a client has made it. */
function placeOf(name: string, value: string): string {
	if (!token.test(name)) return `the name ${JSON.stringify(printable(name, 100))}`;
	const index = value.search(unsendable);
	if (index === -1) return name;
	const code = value.charCodeAt(index).toString(16).toUpperCase().padStart(4, '0');
	return `${name}, character ${index + 1}: U+${code}`;
}
