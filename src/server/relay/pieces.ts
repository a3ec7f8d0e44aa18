import type { SocketData } from '../engine/engine.ts';
import { ops, type Frame } from './frames.ts';

/** Bytes of one piece: every broker carries a frame of that. */
export const pieceSize = 128 * 1024;

/** What a frame takes on a connection besides its bytes, at the most (RFC 6455, section 5.2). */
const frameHead = 14;

/** What a message, or a piece of one, counts where bytes are counted that wait: many empty ones wait as well. */
export function weightOf(payload: Uint8Array): number {
	return payload.byteLength + frameHead;
}

export function weightOfData(data: SocketData): number {
	return Buffer.byteLength(data) + frameHead;
}

export function* toPieces(bytes: Uint8Array): Iterable<{ payload: Uint8Array; hasMore: boolean }> {
	let start = 0;
	do {
		const end = start + pieceSize;
		yield { payload: bytes.subarray(start, end), hasMore: end < bytes.byteLength };
		start = end;
	} while (start < bytes.byteLength);
}

/** Puts the pieces of one message after the other together. */
export class Pieces {
	#pieces: Uint8Array[] = [];

	/** @returns the message with its last piece, in a buffer of its own */
	add({ op, payload, hasMore }: Frame): SocketData | undefined {
		// Whoever has sent it may use it again, and a message is its owner's.
		if (this.#pieces.length === 0 && !hasMore) return toData(op, payload);
		this.keep(payload);
		return hasMore ? undefined : toData(op, this.take());
	}

	keep(piece: Uint8Array): void {
		this.#pieces.push(piece.slice());
	}

	/** What has come so far. */
	take(): Uint8Array {
		return join(this.#pieces.splice(0));
	}
}

function toData(op: Frame['op'], payload: Uint8Array): SocketData {
	return op === ops.text ? toText(payload) : new Uint8Array(payload);
}

export function toText({ buffer, byteOffset, byteLength }: Uint8Array): string {
	return Buffer.from(buffer, byteOffset, byteLength).toString();
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
	const bytes = new Uint8Array(pieces.reduce((sum, { byteLength }) => sum + byteLength, 0));
	let start = 0;
	for (const piece of pieces) {
		bytes.set(piece, start);
		start += piece.byteLength;
	}
	return bytes;
}
