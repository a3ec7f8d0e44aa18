// oxlint-disable-next-line no-control-regex -- all of ASCII
const ascii = /^[\u0000-\u007f]*$/;

/** uWS decodes targets and header values as UTF-8; the app is to see one character per byte, as in `node:http`. */
export function decodeValue(value: string): string {
	return ascii.test(value) ? value : Buffer.from(value, 'utf8').toString('latin1');
}

/** uWS writes strings as UTF-8; headers are latin1. */
export function encodeValue(value: string): string | Uint8Array {
	return ascii.test(value) ? value : Buffer.from(value, 'latin1');
}
