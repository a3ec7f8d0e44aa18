import type { SocketData } from '../engine.ts';

/** A message on its way out. */
export interface Frame {
	/** All of it, with its header, in bytes that are nobody else's: Node keeps what cannot leave at once. */
	readonly bytes: Buffer;
	/** Where its payload begins. */
	readonly start: number;
	readonly isBinary: boolean;
}

/**
 * One whole message as a server sends it (RFC 6455, section 5.2): one piece to write, where `ws` writes two. What the app
 * gave is the app's again as soon as this returns.
 */
export function toFrame(data: SocketData): Frame {
	const isBinary = typeof data !== 'string';
	const length = isBinary ? data.byteLength : Buffer.byteLength(data);
	const start = headerLength(length);
	const bytes = Buffer.allocUnsafe(start + length);
	bytes[0] = isBinary ? 0x82 : 0x81;
	if (start === 2) {
		bytes[1] = length;
	} else if (start === 4) {
		bytes[1] = 126;
		bytes.writeUInt16BE(length, 2);
	} else {
		bytes[1] = 127;
		bytes.writeBigUInt64BE(BigInt(length), 2);
	}
	if (isBinary) bytes.set(data, start);
	else bytes.write(data, start);
	return { bytes, start, isBinary };
}

function headerLength(payloadLength: number): number {
	if (payloadLength < 126) return 2;
	return payloadLength < 0x1_0000 ? 4 : 10;
}
