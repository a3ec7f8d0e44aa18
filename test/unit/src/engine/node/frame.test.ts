import { expect, it } from 'vitest';
import { toFrame } from '../../../../../src/server/engine/node/frame.ts';

// RFC 6455, section 5.2
it.each([
	[0, [0]],
	[1, [1]],
	[125, [125]],
	[126, [126, 0, 126]],
	[0xffff, [126, 0xff, 0xff]],
	[0x1_0000, [127, 0, 0, 0, 0, 0, 1, 0, 0]],
	[0x1_0203, [127, 0, 0, 0, 0, 0, 1, 2, 3]]
])('frames %i bytes with their length in as few bytes as it takes', (length, announced) => {
	const payload = Buffer.alloc(length, 'x');
	const text = toFrame(payload.toString());
	const binary = toFrame(payload);
	expect(text.bytes.equals(Buffer.concat([Buffer.of(0x81, ...announced), payload]))).toBe(true);
	expect(binary.bytes.equals(Buffer.concat([Buffer.of(0x82, ...announced), payload]))).toBe(true);
	for (const { bytes, start } of [text, binary])
		expect(bytes.subarray(start).equals(payload)).toBe(true);
});

it('counts the bytes of a text, not its characters', () => {
	const text = 'é€😀'.repeat(20);
	const { bytes } = toFrame(text);
	expect([...bytes.subarray(0, 4)]).toEqual([0x81, 126, 0, 180]);
	expect(bytes.subarray(4).toString()).toBe(text);
});
