import { describe, expect, test } from 'vitest';
import { LivePieces } from '../../../../src/server/live/live-pieces.ts';
import { bodyWindow, maxPiece, pieceHeader } from '../../../../src/shared/live.ts';

/** All that may be sent. */
function takeAll(pieces: LivePieces): Uint8Array[] {
	const taken = [];
	while (pieces.isReady) taken.push(pieces.take());
	return taken;
}

const bytesOf = (taken: Uint8Array[]) =>
	taken.reduce((sum, { byteLength }) => sum + byteLength - pieceHeader, 0);

describe('the pieces of a body', () => {
	test('have the number of their query in front', () => {
		const pieces = new LivePieces(0x01020304);
		pieces.add(Buffer.from('hi'));
		expect([...pieces.take()]).toEqual([1, 2, 3, 4, 104, 105]);
		expect(pieces.isEmpty).toBe(true);
	});

	test('are short, and all of it', () => {
		const pieces = new LivePieces(1);
		const body = Buffer.from(Array.from({ length: 3 * maxPiece + 5 }, (_, index) => index % 251));
		pieces.add(body);
		const taken = takeAll(pieces);
		expect(taken.map(({ byteLength }) => byteLength - pieceHeader)).toEqual([
			maxPiece,
			maxPiece,
			maxPiece,
			5
		]);
		expect(Buffer.concat(taken.map((piece) => piece.subarray(pieceHeader)))).toEqual(body);
	});

	test('go no further ahead than what was read', () => {
		const pieces = new LivePieces(1);
		pieces.add(new Uint8Array(2 * bodyWindow));
		expect(bytesOf(takeAll(pieces))).toBe(bodyWindow);
		expect(pieces.read(10)).toBe(true);
		expect(bytesOf(takeAll(pieces))).toBe(10);
		expect(pieces.read(bodyWindow)).toBe(true);
		expect(bytesOf(takeAll(pieces))).toBe(bodyWindow - 10);
	});

	test.for([0, -1, 1.5, NaN, 3])('believe nobody who has read %d bytes of two', (bytes) => {
		const pieces = new LivePieces(1);
		pieces.add(new Uint8Array(2));
		pieces.take();
		expect(pieces.read(bytes)).toBe(false);
	});

	test('say when all of them were taken, or are not wanted', async () => {
		for (const end of [takeAll, (pieces: LivePieces) => pieces.drop()]) {
			const pieces = new LivePieces(1);
			pieces.add(new Uint8Array(2 * maxPiece));
			let isEmpty = false;
			const emptied = pieces.empty().then(() => (isEmpty = true));
			pieces.take();
			await Promise.resolve();
			expect(isEmpty).toBe(false);
			end(pieces);
			await emptied;
			expect(pieces.isEmpty).toBe(true);
		}
	});

	test('are not kept for nobody', () => {
		const pieces = new LivePieces(1);
		pieces.drop();
		pieces.add(new Uint8Array(2));
		expect(pieces.isEmpty).toBe(true);
	});
});
