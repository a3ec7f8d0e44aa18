import { describe, expect, it } from 'vitest';
import { Deliveries } from '../../../bench/load/deliveries.ts';

/** A short text frame of a server. */
const frame = (text: string) =>
	Buffer.concat([Buffer.from([0x81, text.length]), Buffer.from(text)]);

describe('deliveries', () => {
	it('are messages as they are, and those that have a number', () => {
		const bytes = Buffer.concat(
			['\u0016v1,30000', 'plain', '\u0016m1,7,text', '\u0016p1,8'].map(frame)
		);
		expect(new Deliveries().take(bytes)).toBe(2);
	});

	it('are counted once, however they are cut', () => {
		const bytes = Buffer.concat([frame('one'), frame('\u0016m1,2,two'), frame('')]);
		for (let at = 0; at <= bytes.byteLength; at += 1) {
			const deliveries = new Deliveries();
			const counts = [bytes.subarray(0, at), bytes.subarray(at)].map((part) =>
				deliveries.take(part)
			);
			expect(counts.reduce((sum, count) => sum + count, 0)).toBe(3);
		}
	});
});
