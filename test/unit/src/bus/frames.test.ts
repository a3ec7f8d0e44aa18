import { describe, expect, it } from 'vitest';
import { frameLength, pack, unpack } from '../../../../src/server/bus/frames.ts';

const sender = '00ff12ab34cd';
const text = (data: string) => ({ kind: 0, data });

describe('frames', () => {
	it('carry several messages of both sorts, and who has sent them', () => {
		const messages = [text('gr\u00fc\u00df'), { kind: 255, data: Uint8Array.of(0, 1) }, text('')];
		const frames = [...pack(sender, messages, 1000)];
		expect(frames.map(unpack)).toEqual([{ sender, messages }]);
	});

	it('are as long as was said, and split no message', () => {
		const messages = ['aaaa', 'bbbb', '\u00fc\u00fc', 'dddd'].map(text);
		const maxFrame = frameLength(text('12345678901234'));
		const frames = [...pack(sender, messages, maxFrame)];
		expect(frames.map(({ byteLength }) => byteLength)).toEqual([maxFrame, maxFrame]);
		expect(frames.flatMap((frame) => unpack(frame)?.messages ?? [])).toEqual(messages);
		expect([...pack(sender, messages, maxFrame - 1)].length).toBe(4);
	});

	it('are none without messages', () => {
		expect([...pack(sender, [], 1000)]).toEqual([]);
	});

	it('are read out of a part of a buffer, and data out of the frame itself', () => {
		const [frame = new Uint8Array()] = pack(sender, [{ kind: 1, data: Uint8Array.of(7) }], 1000);
		const around = new Uint8Array(frame.byteLength + 20);
		around.set(frame, 10);
		const [message] = unpack(around.subarray(10, 10 + frame.byteLength))?.messages ?? [];
		expect(message?.data).toEqual(Uint8Array.of(7));
		expect(message?.data).toHaveProperty('buffer', around.buffer);
	});

	it('are known from anything else, wherever it ends', () => {
		const [frame = new Uint8Array()] = pack(sender, [text('hello')], 1000);
		// What ends behind the head is a frame without messages.
		for (let end = 0; end < frame.byteLength; end += 1) {
			expect(unpack(frame.subarray(0, end))?.messages.length ?? 0, `${end} bytes`).toBe(0);
		}
		for (const at of [0, 1, 2]) {
			const other = new Uint8Array(frame);
			other[at] = 0x20;
			expect(unpack(other)).toBeUndefined();
		}
	});
});
