/** Finds the messages of a topic among what comes on one connection, where all frames are short and come from a server. */
export class Deliveries {
	#rest: Buffer = Buffer.alloc(0);

	/** @returns how many were completed by these bytes: as they were published, or in a frame that says their number */
	take(bytes: Buffer): number {
		const all = this.#rest.byteLength === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
		let at = 0;
		let found = 0;
		for (let end = endOf(all, at); end <= all.byteLength; end = endOf(all, at)) {
			if (isDelivery(all, at + 2)) found += 1;
			at = end;
		}
		this.#rest = all.subarray(at);
		return found;
	}
}

/** Of the frame that begins there; beyond the bytes where it is not complete. */
function endOf(bytes: Buffer, at: number): number {
	return at + 2 + (bytes[at + 1] ?? Infinity);
}

/** A control frame of the protocol begins with U+0016; the only one that carries a message goes on with `m`. */
function isDelivery(bytes: Buffer, at: number): boolean {
	return bytes[at] !== 0x16 || bytes[at + 1] === 0x6d;
}
