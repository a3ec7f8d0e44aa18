import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
	Extent,
	HistoryLimits,
	NewEntry,
	TopicLog
} from '../../../src/server/bus/topic-log.ts';
import { Member } from './member.ts';
import type { BusSubject, Meeting } from './subject.ts';

const limits: HistoryLimits = { size: 100, bytes: 1024 * 1024, ttl: 60 };

const bytes = (length: number) => Uint8Array.from({ length }, (_, index) => index % 256);

const entryOf = (data: NewEntry['data'], more: Partial<NewEntry> = {}): NewEntry => ({
	data,
	compress: false,
	author: '',
	...more
});

const contents: [string, NewEntry][] = [
	['a text of nothing', entryOf('')],
	['bytes of nothing', entryOf(new Uint8Array())],
	['a text of four bytes a character', entryOf('\u{1f600}'.repeat(100))],
	['a text with line breaks and a zero', entryOf('a\r\n\u0000b\r\n')],
	['a text that looks like an answer of a broker', entryOf('-ERR no\r\n+PONG\r\n')],
	['every byte', entryOf(bytes(256))],
	['bytes that are no text', entryOf(Uint8Array.of(0xff, 0xfe, 0x00, 0xc0))],
	['900,000 bytes', entryOf(bytes(900_000))],
	['an author', entryOf('a', { author: 'abcd0123wxyz' })],
	['that it is to be compressed', entryOf('a', { compress: true, author: 'abcd0123' })],
	['bytes to be compressed', entryOf(bytes(3), { compress: true })]
];

const topics: [string, string][] = [
	['of nothing', ''],
	['with brackets, as patterns and slots have', '{a}[b]?{}'],
	['that is a wildcard', '*'],
	['that would mean all', '>'],
	['with line breaks', 'a\r\nPUB x 1\r\nb'],
	['of other scripts', 'gr\u00fc\u00df \u65e5\u672c \u{1f600}'],
	['that an object has already', '__proto__'],
	['of 65,000 characters', 'long/'.repeat(13_000)]
];

/** The log of a bus, which has to have one. */
export function logOf({ bus }: Member): TopicLog {
	if (bus.log === undefined) throw new Error('It has no log');
	return bus.log;
}

export const textsOf = ({ entries }: Extent) => entries.map(({ data }) => String(data));

const offsetsOf = ({ entries }: Extent) => entries.map(({ offset }) => offset);

/** What every log must do, as its contract says. */
export function logSuite(subject: BusSubject): void {
	describe(`the log of the bus ${subject.name}`, () => {
		let meeting: Meeting;
		let alice: Member;
		let bob: Member;
		let count = 0;
		/** A topic that no other test has. */
		const fresh = () => `topic ${(count += 1)}`;
		const append = (member: Member, topic: string, data: NewEntry['data'], bounds = limits) =>
			logOf(member).append(topic, entryOf(data), bounds);
		const read = (member: Member, topic: string, after = 0, bounds = limits) =>
			logOf(member).read(topic, after, bounds);

		beforeAll(async () => {
			meeting = await subject.start();
			alice = await Member.open(meeting);
			bob = await Member.open(meeting);
		});

		afterAll(async () => {
			await alice[Symbol.asyncDispose]();
			await bob[Symbol.asyncDispose]();
			await meeting[Symbol.asyncDispose]();
		});

		it('is there, and has a description without credentials', async () => {
			await expect(logOf(alice).prepare()).resolves.toBeUndefined();
			expect(logOf(alice).description).toMatch(/./);
			expect(logOf(alice).description).not.toMatch(/secret/);
		});

		it.each(contents)('remembers %s', async (_, entry) => {
			const topic = fresh();
			const { epoch, offset, time } = await logOf(alice).append(topic, entry, limits);
			const extent = await read(bob, topic);
			expect(extent).toMatchObject({ epoch, last: 1 });
			const [found] = extent.entries;
			expect(found).toMatchObject({ offset, author: entry.author, compress: entry.compress });
			expect(typeof found?.data).toBe(typeof entry.data);
			// Not by vitest, which compares a million of bytes one by one.
			expect(Buffer.compare(Buffer.from(found?.data ?? 'x'), Buffer.from(entry.data))).toBe(0);
			expect(offset).toBe(1);
			expect(Math.abs((found?.time ?? 0) - time)).toBeLessThan(5000);
			expect(Math.abs(extent.now - time)).toBeLessThan(10_000);
		});

		it.each(topics)('has topics %s', async (_, topic) => {
			const other = await append(alice, `${topic}.`, 'other');
			const { epoch } = await append(alice, topic, 'this');
			expect(textsOf(await read(bob, topic))).toEqual(['this']);
			expect(textsOf(await read(bob, `${topic}.`))).toEqual(['other']);
			expect(other.epoch).not.toBe(epoch);
		});

		it('has an epoch before the first entry, which stays that of the first entry, and nobody guesses it', async () => {
			const topic = fresh();
			const before = await read(alice, topic);
			expect(before).toMatchObject({ last: 0, entries: [] });
			expect(before.epoch).toMatch(/^[\da-f]{32,}$/);
			expect((await read(bob, topic)).epoch).toBe(before.epoch);
			expect(await append(bob, topic, 'a')).toMatchObject({ epoch: before.epoch, offset: 1 });
			expect((await read(alice, topic)).epoch).toBe(before.epoch);
		});

		it('gives processes that ask for a new topic at the same time one epoch', async () => {
			const topic = fresh();
			const answers = await Promise.all([
				...[alice, bob, alice, bob].map(async (each) => (await read(each, topic)).epoch),
				...[alice, bob].map(async (each) => (await append(each, topic, 'a')).epoch)
			]);
			expect(new Set(answers).size).toBe(1);
			expect((await read(alice, topic)).last).toBe(2);
		});

		it('numbers what several processes append at once without a hole, each in its order', async () => {
			const topic = fresh();
			const bounds = { ...limits, size: 1000 };
			const members = [alice, bob, await Member.open(meeting)];
			const appended = await Promise.all(
				members.flatMap((member, who) =>
					Array.from({ length: 100 }, (_, index) =>
						append(member, topic, `${who} ${index}`, bounds)
					)
				)
			);
			await members[2]?.[Symbol.asyncDispose]();
			const offsets = appended.map(({ offset }) => offset);
			const all = Array.from({ length: 300 }, (_, index) => index + 1);
			expect(offsets.toSorted((a, b) => a - b)).toEqual(all);
			const extent = await read(bob, topic, 0, bounds);
			expect(offsetsOf(extent)).toEqual(all);
			expect(extent.last).toBe(300);
			for (const who of [0, 1, 2]) {
				const own = textsOf(extent).filter((text) => text.startsWith(`${who} `));
				expect(own).toEqual(Array.from({ length: 100 }, (_, index) => `${who} ${index}`));
			}
			for (const [index, { offset }] of appended.entries())
				expect(textsOf(extent)[offset - 1]).toBe(`${Math.floor(index / 100)} ${index % 100}`);
		});

		it('keeps the order of what one process appends turn by turn, whatever the size', async () => {
			const topic = fresh();
			const bounds = { ...limits, bytes: 100_000_000, size: 1000 };
			const appended: Promise<unknown>[] = [];
			const sent = Array.from({ length: 150 }, (_, index) =>
				String(index).padEnd(index % 50 === 0 ? 300_000 : 10)
			);
			for (const [index, text] of sent.entries()) {
				appended.push(append(alice, topic, text, bounds));
				if (index % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
			}
			await Promise.all(appended);
			expect(textsOf(await read(bob, topic, 0, bounds)).map((text) => text.trim())).toEqual(
				sent.map((text) => text.trim())
			);
		});

		it('reads what comes after any offset', async () => {
			const topic = fresh();
			const bounds = { ...limits, size: 5 };
			for (const text of 'abcdefgh') await append(alice, topic, text, bounds);
			const after = async (offset: number) =>
				textsOf(await read(bob, topic, offset, bounds)).join('');
			expect(await after(0)).toBe('defgh');
			expect(await after(2)).toBe('defgh');
			expect(await after(3)).toBe('defgh');
			expect(await after(4)).toBe('efgh');
			expect(await after(7)).toBe('h');
			expect(await after(8)).toBe('');
			expect(await after(9)).toBe('');
			expect(await after(1e9)).toBe('');
			expect(await after(-5)).toBe('defgh');
			expect(await read(bob, topic, 20, bounds)).toMatchObject({ last: 8, entries: [] });
		});

		it('forgets the oldest above a number of messages', async () => {
			const topic = fresh();
			const bounds = { ...limits, size: 3 };
			for (const text of 'abcde') await append(alice, topic, text, bounds);
			const extent = await read(bob, topic, 0, bounds);
			expect(extent.last).toBe(5);
			expect(offsetsOf(extent)).toEqual([3, 4, 5]);
			expect(textsOf(extent)).toEqual(['c', 'd', 'e']);
		});

		it('forgets the oldest above a number of bytes, and all if the newest alone is above it', async () => {
			const topic = fresh();
			const bounds = { ...limits, bytes: 1000 };
			for (const text of 'abcde') await append(alice, topic, text.repeat(300), bounds);
			expect(offsetsOf(await read(bob, topic, 0, bounds))).toEqual([3, 4, 5]);
			await append(alice, topic, bytes(900), bounds);
			expect(offsetsOf(await read(bob, topic, 0, bounds))).toEqual([6]);
			await append(alice, topic, bytes(1001), bounds);
			expect(await read(bob, topic, 0, bounds)).toMatchObject({ last: 7, entries: [] });
			await append(alice, topic, 'small', bounds);
			expect(offsetsOf(await read(bob, topic, 0, bounds))).toEqual([8]);
		});

		it('forgets what is too old, and numbers go on', async () => {
			const topic = fresh();
			const bounds = { ...limits, ttl: 0.5 };
			const { epoch } = await append(alice, topic, 'a', bounds);
			await append(alice, topic, 'b', bounds);
			expect((await read(bob, topic, 0, bounds)).last).toBe(2);
			await expect.poll(async () => (await read(bob, topic, 0, bounds)).entries).toEqual([]);
			expect(await read(bob, topic, 0, bounds)).toMatchObject({ epoch, last: 2 });
			expect(await append(bob, topic, 'c', bounds)).toMatchObject({ epoch, offset: 3 });
			expect(textsOf(await read(alice, topic, 0, bounds))).toEqual(['c']);
		});

		it('takes other limits for a topic that it knows', async () => {
			const topic = fresh();
			for (const text of 'abc') await append(alice, topic, text, { ...limits, size: 2 });
			await using later = await Member.open(meeting);
			for (const text of 'def') await append(later, topic, text, { ...limits, size: 4 });
			expect(textsOf(await read(bob, topic, 0, { ...limits, size: 4 })).join('')).toBe('cdef');
		});

		it('has copied the bytes when append returns', async () => {
			const topic = fresh();
			const sent = Uint8Array.of(1, 2, 3);
			const appended = append(alice, topic, sent);
			sent.fill(9);
			await appended;
			expect((await read(bob, topic)).entries[0]?.data).toEqual(Uint8Array.of(1, 2, 3));
		});

		it('refuses what is too large for it, and numbers what stands beside it', async () => {
			const topic = fresh();
			const [before, huge, after] = await Promise.allSettled([
				append(alice, topic, 'before'),
				append(alice, topic, new Uint8Array(100 * 1024 * 1024)),
				append(alice, topic, 'after')
			]);
			expect(before).toMatchObject({ value: { offset: 1 } });
			expect(huge).toMatchObject({
				reason: { message: expect.stringContaining('104857600 bytes') }
			});
			expect(after).toMatchObject({ value: { offset: 2 } });
			expect(textsOf(await read(bob, topic))).toEqual(['before', 'after']);
		});

		it('remembers many megabytes where it may, and gives them to several at once', async () => {
			const topic = fresh();
			const bounds = { ...limits, bytes: 20_000_000 };
			for (let index = 0; index < 10; index += 1)
				await append(alice, topic, String(index).padEnd(900_000), bounds);
			const extents = await Promise.all(
				Array.from({ length: 6 }, () => read(bob, topic, 0, bounds))
			);
			for (const extent of extents)
				expect(textsOf(extent).map((text) => text.trim())).toEqual([...'0123456789']);
		});

		it('has nothing of a topic that was only read by the time it is asked for many of them', async () => {
			const many = Array.from({ length: 200 }, () => fresh());
			const extents = await Promise.all(many.map((topic) => read(alice, topic)));
			expect(new Set(extents.map(({ epoch }) => epoch)).size).toBe(200);
		});

		it('rejects when the bus is closed, also what waits', async () => {
			const topic = fresh();
			const carol = await Member.open(meeting);
			const waiting = append(carol, topic, 'a');
			const settled = Promise.allSettled([waiting]);
			await carol.bus.close();
			await settled;
			await expect(append(carol, topic, 'b')).rejects.toThrow(/no connection/);
			await expect(read(carol, topic)).rejects.toThrow(/no connection/);
		});

		it('rejects before the bus is open', async () => {
			await using carol = await Member.create(meeting);
			await expect(append(carol, fresh(), 'a')).rejects.toThrow(/no connection/);
			await expect(read(carol, fresh())).rejects.toThrow(/no connection/);
		});
	});
}
