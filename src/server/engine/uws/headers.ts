import { STATUS_CODES } from 'node:http';
import { AdapterError } from '../../../shared/errors.ts';

export type EncodedHeaders = [name: string, value: string | Uint8Array][];

/** uWS writes these itself. */
const engineHeaders = new Set([
	'connection',
	'content-length',
	'date',
	'keep-alive',
	'transfer-encoding'
]);

// oxlint-disable-next-line no-control-regex -- all of ASCII but NUL, CR and LF
const plain = /^[\u0001-\u0009\u000b\u000c\u000e-\u007f]*$/;
// oxlint-disable-next-line no-control-regex -- RFC 9110, section 5.5: these three end or break a field line
const breaking = /[\u0000\r\n]/;

/**
 * What `writeHeader` takes: uWS writes strings as UTF-8 and checks nothing, headers are latin1.
 * @throws {AdapterError} `bad_value` for a header that would break the line
 */
export function encodeHeaders(headers: Iterable<readonly [string, string]>): EncodedHeaders {
	const encoded: EncodedHeaders = [];
	for (const [name, value] of headers) {
		if (engineHeaders.has(name.toLowerCase())) continue;
		if (plain.test(value) && plain.test(name)) encoded.push([name, value]);
		else if (breaking.test(value) || !plain.test(name)) throw badHeader(name, value);
		else encoded.push([name, Buffer.from(value, 'latin1')]);
	}
	return encoded;
}

/** The declared length of the body, if there is one and it is a number. */
export function declaredLength(headers: Iterable<readonly [string, string]>): number | undefined {
	for (const [name, value] of headers) {
		if (name.toLowerCase() === 'content-length' && /^\d+$/.test(value)) return Number(value);
	}
	return undefined;
}

export function statusLine(status: number): string {
	return `${status} ${STATUS_CODES[status] ?? 'Unknown'}`;
}

function badHeader(name: string, value: string): AdapterError {
	return new AdapterError('bad_value', {
		what: 'A response header holds a line break or a NUL',
		value: `${JSON.stringify(name)}: ${JSON.stringify(value)}`,
		todo: 'Encode the value before it becomes a header.'
	});
}
