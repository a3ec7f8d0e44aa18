import { bodyWindow, maxPiece, pieceHeader } from '../../shared/live.ts';
import { settled } from '../settled.ts';

/** The pieces that wait of the body of one answer. */
export class LivePieces {
	readonly #id: number;
	#waiting: Uint8Array[] = [];
	/** Bytes that were sent, and have not been read. */
	#unread = 0;
	#emptied: (() => void)[] = [];
	#isOver = false;

	constructor(id: number) {
		this.#id = id;
	}

	get isEmpty(): boolean {
		return this.#waiting.length === 0;
	}

	/** There is a piece, and the client takes it. */
	get isReady(): boolean {
		return !this.isEmpty && this.#unread < bodyWindow;
	}

	add(bytes: Uint8Array): void {
		if (bytes.byteLength > 0 && !this.#isOver) this.#waiting.push(bytes);
	}

	/** Resolves when all of it was taken, or nobody wants it any more. */
	empty(): Promise<void> {
		if (this.isEmpty) return settled;
		return new Promise((resolve) => this.#emptied.push(resolve));
	}

	/**
	 * To be called when it is ready.
	 * @param longest bytes
	 * @returns the next piece, as it is sent
	 */
	take(longest = maxPiece): Uint8Array {
		const [bytes = new Uint8Array()] = this.#waiting;
		const length = Math.min(bytes.byteLength, longest, bodyWindow - this.#unread);
		const piece = Buffer.allocUnsafe(pieceHeader + length);
		piece.writeUInt32BE(this.#id);
		piece.set(bytes.subarray(0, length), pieceHeader);
		if (length === bytes.byteLength) this.#waiting.shift();
		else this.#waiting[0] = bytes.subarray(length);
		this.#unread += length;
		if (this.isEmpty) this.#release();
		return piece;
	}

	/** @returns false for what cannot be */
	read(bytes: number): boolean {
		if (!Number.isSafeInteger(bytes) || bytes < 1 || bytes > this.#unread) return false;
		this.#unread -= bytes;
		return true;
	}

	/** What waits is not sent. */
	drop(): void {
		this.#isOver = true;
		this.#waiting = [];
		this.#release();
	}

	#release(): void {
		for (const resolve of this.#emptied.splice(0)) resolve();
	}
}
