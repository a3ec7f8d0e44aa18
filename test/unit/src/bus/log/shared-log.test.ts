import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LogLink, Numbered, Page } from '../../../../../src/server/bus/log/link.ts';
import { SharedLog } from '../../../../../src/server/bus/log/shared-log.ts';
import type { NewEntry } from '../../../../../src/server/bus/topic-log.ts';

const limits = { size: 100, bytes: 1024 * 1024, ttl: 60 };
const entry = (data: string): NewEntry => ({ data, compress: false, author: '' });

/** What was appended at once, and is answered when the test says so. */
interface Call {
	readonly topic: string;
	readonly data: string[];
	readonly patience: number;
	answer(): void;
	fail(error: Error): void;
	outcomes(outcomes: (Numbered | Error)[]): void;
}

class FakeLink implements LogLink {
	readonly maxEntry = 100;
	readonly calls: Call[] = [];
	readonly reads: { after: number; answer(page: Page): void; fail(error: Error): void }[] = [];
	#last = 0;

	append(topic: string, entries: readonly NewEntry[], _: object, patience: number) {
		const { promise, resolve, reject } = Promise.withResolvers<(Numbered | Error)[]>();
		const data = entries.map((each) => String(each.data));
		const answer = () =>
			resolve(entries.map(() => ({ epoch: 'e', offset: (this.#last += 1), time: 0 })));
		this.calls.push({ topic, data, patience, answer, fail: reject, outcomes: resolve });
		return promise;
	}

	read(_: string, after: number) {
		const { promise, resolve, reject } = Promise.withResolvers<Page>();
		this.reads.push({ after, answer: resolve, fail: reject });
		return promise;
	}
}

function connect() {
	const log = new SharedLog('somewhere');
	const link = new FakeLink();
	log.connected(link);
	return { log, link };
}

const page = (epoch: string, last: number, ...offsets: number[]): Page => ({
	epoch,
	last,
	now: 0,
	entries: offsets.map((offset) => ({ ...entry(`${offset}`), offset, time: 0 }))
});

/** What was called in this turn has left, and its answers have come. */
const turn = () => vi.advanceTimersByTimeAsync(0);

beforeEach(
	() =>
		void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'performance'] })
);
afterEach(() => void vi.useRealTimers());

describe('what is appended', () => {
	it('leaves together with the rest of the turn, topic by topic, and is numbered in the order of the calls', async () => {
		const { log, link } = connect();
		const appended = ['1', '2', '3'].map((data) => log.append('a', entry(data), limits));
		void log.append('b', entry('4'), limits);
		await turn();
		expect(link.calls.map(({ topic, data }) => [topic, data])).toEqual([
			['a', ['1', '2', '3']],
			['b', ['4']]
		]);
		link.calls[0]?.answer();
		expect((await Promise.all(appended)).map(({ offset }) => offset)).toEqual([1, 2, 3]);
	});

	it('waits until what was appended to the topic before has a number', async () => {
		const { log, link } = connect();
		void log.append('a', entry('1'), limits);
		await turn();
		void log.append('a', entry('2'), limits);
		void log.append('a', entry('3'), limits);
		await turn();
		expect(link.calls).toHaveLength(1);
		link.calls[0]?.answer();
		await turn();
		expect(link.calls[1]?.data).toEqual(['2', '3']);
	});

	it('leaves in several calls where it is too much for one', async () => {
		const { log, link } = connect();
		const appended = [60, 30, 20, 100].map((size) =>
			log.append('a', entry('x'.repeat(size)), limits)
		);
		const answers = Promise.all(appended);
		for (let index = 0; index < 3; index += 1) {
			await turn();
			link.calls[index]?.answer();
		}
		await answers;
		expect(link.calls.map(({ data }) => data.map(({ length }) => length))).toEqual([
			[60, 30],
			[20],
			[100]
		]);
	});

	it('fails one by one where only some cannot be kept', async () => {
		const { log, link } = connect();
		const settled = Promise.allSettled(
			['1', '2'].map((data) => log.append('a', entry(data), limits))
		);
		await turn();
		link.calls[0]?.outcomes([new Error('no'), { epoch: 'e', offset: 1, time: 0 }]);
		expect(await settled).toMatchObject([{ status: 'rejected' }, { value: { offset: 1 } }]);
	});

	it('fails in time where there is no answer, with all that waits behind it and at once what comes then, until there is one', async () => {
		const { log, link } = connect();
		const settled = Promise.allSettled([log.append('a', entry('1'), limits)]);
		await vi.advanceTimersByTimeAsync(3000);
		const behind = Promise.allSettled([log.append('a', entry('2'), limits)]);
		await vi.advanceTimersByTimeAsync(1999);
		for (const each of [settled, behind])
			expect(await each).toMatchObject([{ reason: { message: /does not answer/ } }]);
		await expect(log.append('b', entry('3'), limits)).rejects.toThrow(/does not answer/);
		await expect(log.read('b', 0, limits)).rejects.toThrow(/does not answer/);
		expect(link.calls).toHaveLength(1);
		link.calls[0]?.answer();
		await turn();
		const later = log.append('a', entry('4'), limits);
		await turn();
		link.calls[1]?.answer();
		expect(await later).toMatchObject({ epoch: 'e' });
	});

	it('says how long it waits, which is shorter for what has waited', async () => {
		const { log, link } = connect();
		void log.append('a', entry('1'), limits);
		await turn();
		void log.append('a', entry('2'), limits);
		await vi.advanceTimersByTimeAsync(2000);
		link.calls[0]?.answer();
		await turn();
		expect(link.calls[0]?.patience).toBeGreaterThan(4000);
		expect(link.calls[1]?.patience).toBeLessThan(2600);
	});

	it('fails at once when the connection is lost, and goes on with the next one', async () => {
		const { log } = connect();
		const settled = Promise.allSettled([
			log.append('a', entry('1'), limits),
			log.read('a', 0, limits)
		]);
		await turn();
		log.disconnected();
		expect(await settled).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
		await expect(log.append('a', entry('2'), limits)).rejects.toThrow(/no connection/);
		const link = new FakeLink();
		log.connected(link);
		const appended = log.append('a', entry('3'), limits);
		await turn();
		link.calls[0]?.answer();
		expect(await appended).toMatchObject({ offset: 1 });
	});
});

describe('what is read', () => {
	async function read(...pages: Page[]) {
		const { log, link } = connect();
		const extent = log.read('a', 0, limits);
		for (const [index, each] of pages.entries()) {
			await turn();
			link.reads[index]?.answer(each);
		}
		const { entries, ...rest } = await extent;
		return {
			...rest,
			offsets: entries.map(({ offset }) => offset),
			asked: link.reads.map(({ after }) => after)
		};
	}

	it('is put together from pages', async () => {
		expect(await read(page('e', 4, 1, 2), page('e', 5, 3, 4), page('e', 5, 5))).toMatchObject({
			epoch: 'e',
			last: 5,
			offsets: [1, 2, 3, 4, 5],
			asked: [0, 2, 4]
		});
	});

	it('has no hole where something was forgotten between two pages', async () => {
		expect(await read(page('e', 4, 1, 2), page('e', 9, 6, 7, 8, 9))).toMatchObject({
			offsets: [6, 7, 8, 9]
		});
		expect(await read(page('e', 4, 1, 2), page('e', 9))).toMatchObject({ last: 9, offsets: [] });
	});

	it('is of one epoch where numbers begin anew between two pages', async () => {
		expect(await read(page('e', 4, 1, 2), page('f', 2), page('f', 2, 1, 2))).toMatchObject({
			epoch: 'f',
			offsets: [1, 2],
			asked: [0, 2, 0]
		});
	});

	it('is asked for eight topics at a time', async () => {
		const { log, link } = connect();
		const extents = Array.from({ length: 20 }, () => log.read('a', 0, limits));
		await turn();
		expect(link.reads).toHaveLength(8);
		link.reads[0]?.answer(page('e', 0));
		link.reads[1]?.fail(new Error('no'));
		await expect(extents[1]).rejects.toThrow('no');
		await turn();
		expect(link.reads).toHaveLength(10);
		for (const extent of extents.slice(2)) extent.catch(() => {});
		log.disconnected();
	});
});
