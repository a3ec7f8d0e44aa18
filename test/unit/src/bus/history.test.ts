import { describe, expect, it } from 'vitest';
import { History } from '../../../../src/server/bus/history.ts';

const limits = { size: 5, bytes: 1000, ttl: 60 };

function create(changes: Partial<typeof limits> = {}) {
	const clock = { now: 1000 };
	const history = new History({ ...limits, ...changes }, { now: () => clock.now });
	const add = (...added: string[]) => {
		for (const data of added) history.append({ data, compress: false, author: '' });
	};
	return { history, clock, add };
}

function texts(entries: readonly { data: string | Uint8Array }[] | undefined) {
	return entries?.map(({ data }) => data);
}

describe('History', () => {
	it('numbers what is published from 1 on', () => {
		const { history, add } = create();
		expect(history.last).toBe(0);
		add('a', 'b');
		expect(history.last).toBe(2);
		expect(history.newest(9).map(({ offset }) => offset)).toEqual([1, 2]);
	});

	it('begins with an epoch that nobody guesses', () => {
		const epochs = new Set(Array.from({ length: 100 }, () => create().history.epoch));
		expect(epochs.size).toBe(100);
		for (const epoch of epochs) expect(epoch).toMatch(/^[\da-f]{32}$/);
	});

	it('keeps bytes as they were, whatever becomes of them', () => {
		const { history } = create();
		const data = new Uint8Array([1, 2]);
		history.append({ data, compress: true, author: 'me' });
		data[0] = 9;
		expect(history.newest(1)).toEqual([
			{ offset: 1, time: 1000, data: new Uint8Array([1, 2]), compress: true, author: 'me' }
		]);
	});

	it('has what follows an offset', () => {
		const { history, add } = create();
		add('a', 'b', 'c');
		expect(texts(history.after(0))).toEqual(['a', 'b', 'c']);
		expect(texts(history.after(2))).toEqual(['c']);
		expect(texts(history.after(3))).toEqual([]);
	});

	it('says where something is missing after an offset, or it has never been', () => {
		const { history, add } = create({ size: 2 });
		expect(history.after(1)).toBeUndefined();
		add('a', 'b', 'c');
		expect(history.after(0)).toBeUndefined();
		expect(texts(history.after(1))).toEqual(['b', 'c']);
		expect(history.after(4)).toBeUndefined();
	});

	it('has the newest, as many as there are', () => {
		const { history, add } = create();
		add('a', 'b', 'c');
		expect(texts(history.newest(0))).toEqual([]);
		expect(texts(history.newest(2))).toEqual(['b', 'c']);
		expect(texts(history.newest(Infinity))).toEqual(['a', 'b', 'c']);
	});

	it('forgets the oldest above a number of messages, for as long as it goes on', () => {
		const { history, add } = create({ size: 3 });
		for (let each = 1; each <= 1000; each += 1) {
			add(String(each));
			expect(texts(history.newest(9))).toEqual(
				[each - 2, each - 1, each].filter((number) => number > 0).map(String)
			);
		}
		expect(history.size).toBe(3);
	});

	it('forgets the oldest above a number of bytes, and one that is larger alone', () => {
		const { history, add } = create({ bytes: 10 });
		add('12345', 'ä345', '1');
		expect(texts(history.newest(9))).toEqual(['ä345', '1']);
		expect(history.bytes).toBe(6);
		add('12345678901');
		expect(history.newest(9)).toEqual([]);
		expect(history.bytes).toBe(0);
		expect(history.last).toBe(4);
		expect(history.after(3)).toBeUndefined();
		expect(history.after(4)).toEqual([]);
	});

	it('forgets what is older than its time', () => {
		const { history, clock, add } = create({ ttl: 10 });
		add('a');
		clock.now += 6000;
		add('b');
		clock.now += 4000;
		expect(texts(history.newest(9))).toEqual(['b']);
		expect(history.after(0)).toBeUndefined();
		clock.now += 6000;
		history.expire();
		expect(history.size).toBe(0);
		add('c');
		expect(history.last).toBe(3);
	});

	it('remembers nothing where nothing may be', () => {
		const { history, add } = create({ size: 0 });
		add('a');
		expect(history.newest(1)).toEqual([]);
		expect(history.last).toBe(1);
	});

	it('takes numbers of somebody else, and has no hole', () => {
		const { history } = create();
		const entry = { time: 1000, data: 'x', compress: false, author: '' };
		history.adopt({ ...entry, offset: 7 });
		history.adopt({ ...entry, offset: 8 });
		expect(history.after(6)).toHaveLength(2);
		history.adopt({ ...entry, offset: 10 });
		expect(history.newest(9).map(({ offset }) => offset)).toEqual([10]);
		expect(history.last).toBe(10);
		expect(history.bytes).toBe(1);
	});

	it('goes on from where another one was', () => {
		const history = new History(limits, { epoch: 'e', last: 41 });
		expect(history.append({ data: '', compress: false, author: '' }).offset).toBe(42);
		expect(history.epoch).toBe('e');
	});
});
