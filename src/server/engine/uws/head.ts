import { statusLine } from '../headers.ts';
import { encodeValue } from './latin1.ts';

/** A status and headers as uWS takes them for a status: one piece costs less than many. They are known to be sendable. */
export function joinHead(
	status: number,
	headers: readonly (readonly [string, string])[]
): string | Uint8Array {
	let head = statusLine(status);
	for (const [name, value] of headers) head += `\r\n${name}: ${value}`;
	return encodeValue(head);
}
