/** UTF-16 units of the longest text that is encoded in place; each takes at most three bytes. */
const longest = 16 * 1024;

/**
 * Text as the bytes that are sent. Newer builds of uWS send what V8 keeps as latin1, such as `grüß`, byte for byte, which
 * is no UTF-8: they are not given strings.
 */
export class TextEncoding {
	readonly #scratch = Buffer.allocUnsafeSlow(3 * longest);

	/** @returns bytes that are good until the next call: uWS copies at once what it is given */
	encode(text: string): Uint8Array {
		if (text.length > longest) return Buffer.from(text);
		return this.#scratch.subarray(0, this.#scratch.write(text));
	}
}

// oxlint-disable-next-line no-control-regex -- ASCII has them
const ascii = /^[\u0000-\u007f]*$/;

/** The name of a topic. V8 may keep the same text in two ways, of which newer builds of uWS make two topics. */
export function encodeTopic(topic: string): string | Uint8Array {
	return ascii.test(topic) ? topic : Buffer.from(topic);
}
