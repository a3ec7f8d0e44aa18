import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Histories } from '../../../../../src/server/bus/log/histories.ts';

const limits = { size: 100, bytes: 1024 * 1024, ttl: 60 };
const entry = (data: string) => ({ data, compress: false, author: '' });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('forgets the topics that nobody has asked for the longest above its limit, numbers and all', () => {
	const histories = new Histories(10_000);
	const epochs = Object.fromEntries(
		['a', 'b', 'c'].map((topic) => [
			topic,
			histories.append(topic, [entry('x'.repeat(2000))], limits)[0]?.epoch
		])
	);
	expect(histories.read('a', 0, limits)).toMatchObject({ epoch: epochs['a'], last: 1 });
	histories.append('d', [entry('x'.repeat(2000))], limits);
	expect(histories.size).toBe(3);
	expect(histories.read('a', 0, limits)).toMatchObject({ epoch: epochs['a'], last: 1 });
	expect(histories.read('c', 0, limits)).toMatchObject({ epoch: epochs['c'], last: 1 });
	const again = histories.read('b', 0, limits);
	expect(again).toMatchObject({ last: 0, entries: [] });
	expect(again.epoch).not.toBe(epochs['b']);
});

it('keeps the topic that was used last, whatever it weighs', () => {
	const histories = new Histories(1000);
	histories.append('a', [entry('small')], limits);
	histories.append('b', [entry('x'.repeat(5000))], limits);
	expect(histories.size).toBe(1);
	expect(histories.read('b', 0, limits).entries).toHaveLength(1);
});

it('counts what topics and messages need beside their text', () => {
	const histories = new Histories(100_000);
	for (let index = 0; index < 1000; index += 1) histories.read(`topic ${index}`, 0, limits);
	expect(histories.size).toBeLessThan(200);
	for (let index = 0; index < 1000; index += 1)
		histories.append('a', [entry('')], { ...limits, size: 1000 });
	expect(histories.size).toBe(1);
});

it('makes room by itself when messages are too old, and forgets topics that nobody has asked for long after it', () => {
	const histories = new Histories(3000);
	histories.append('a', [entry('x'.repeat(2000))], limits);
	const { epoch } = histories.read('a', 0, limits);
	vi.advanceTimersByTime(100_000);
	histories.append('b', [entry('x'.repeat(1200))], limits);
	expect(histories.read('a', 0, limits)).toMatchObject({ epoch, last: 1, entries: [] });
	vi.advanceTimersByTime(4_000_000);
	expect(histories.size).toBe(0);
	expect(vi.getTimerCount()).toBe(0);
	histories.read('a', 0, limits);
	expect(vi.getTimerCount()).toBe(1);
});

it('gives pages of about a megabyte, and one message at least', () => {
	const histories = new Histories();
	const bounds = { ...limits, bytes: 100_000_000 };
	for (const size of [600_000, 600_000, 5_000_000, 10])
		histories.append('a', [entry('x'.repeat(size))], bounds);
	const offsets = (after: number) =>
		histories.read('a', after, bounds).entries.map(({ offset }) => offset);
	expect(offsets(0)).toEqual([1, 2]);
	expect(offsets(2)).toEqual([3]);
	expect(offsets(3)).toEqual([4]);
});
