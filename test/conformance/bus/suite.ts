import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BusData } from '../../../src/server/bus/bus.ts';
import { Member } from './member.ts';
import type { BusSubject, Meeting } from './subject.ts';

const bytes = (length: number) => Uint8Array.from({ length }, (_, index) => index % 256);

const data: [string, BusData, BusData?][] = [
	['a text of nothing', ''],
	['bytes of nothing', new Uint8Array()],
	['a text of ASCII', 'hello'],
	['a text of latin1', 'gr\u00fc\u00df'],
	['a text of four bytes a character', '\u{1f600}'.repeat(100)],
	['a text with line breaks and a zero', 'a\r\n\u0000b\r\n'],
	['a text that looks like an answer of a broker', '-ERR no\r\n+PONG\r\n'],
	['halves of characters', 'a\ud800b\udc00', 'a\ufffdb\ufffd'],
	['every byte', bytes(256)],
	['bytes that are no text', Uint8Array.of(0xff, 0xfe, 0x00, 0xc0)],
	['a million of bytes', bytes(1_000_000)],
	['a text of 900,000 bytes', 'gr\u00fc\u00df'.repeat(150_000)]
];

const topics: [string, string][] = [
	['of nothing', ''],
	['with spaces and tabs', ' a b\tc '],
	['with dots at its ends', '.a..b.'],
	['that is a wildcard', '*'],
	['that would mean all', '>'],
	['with brackets, as patterns and slots have', '{a}[b]?{}'],
	['with line breaks', 'a\r\nPUB x 1\r\nb'],
	['with zeros', '\u0000a\u0000'],
	['of other scripts', 'gr\u00fc\u00df \u65e5\u672c \u{1f600}'],
	['with what URLs escape', '%2e%2E/../?a=b#c'],
	['that an object has already', '__proto__'],
	['of 65,000 bytes', 'long/'.repeat(13_000)]
];

/** What every bus must do, as its contract says. */
export function busSuite(subject: BusSubject): void {
	describe(`the bus ${subject.name}`, () => {
		let meeting: Meeting;
		let alice: Member;
		let bob: Member;
		let count = 0;
		/** A topic that no other test has. */
		const fresh = () => `topic ${(count += 1)}`;

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

		it('is connected when it was opened, and says so once', () => {
			expect(alice.bus.state).toBe('connected');
			expect(alice.states).toEqual(['connected']);
			expect(alice.lines).toEqual([]);
		});

		it('has a name and a description without credentials', () => {
			expect(alice.bus.name).toMatch(/^(local|cluster|redis|nats)$/);
			expect(alice.bus.description).toContain(alice.bus.name);
			expect(alice.bus.description).not.toMatch(/secret/);
		});

		it.each(data)('carries %s', async (_, sent, arrives = sent) => {
			const topic = fresh();
			bob.bus.subscribe(topic);
			await bob.hears(alice, topic);
			alice.publish(topic, sent);
			await expect.poll(() => bob.data(topic).length).toBe(1);
			const [arrived] = bob.data(topic);
			expect(typeof arrived).toBe(typeof arrives);
			// Not by vitest, which compares a million of bytes one by one.
			expect(Buffer.compare(Buffer.from(arrived ?? 'x'), Buffer.from(arrives))).toBe(0);
		});

		it.each(topics)('has topics %s', async (_, topic) => {
			bob.bus.subscribe(topic);
			bob.bus.subscribe(`${topic}.`);
			await bob.hears(alice, topic);
			await bob.hears(alice, `${topic}.`);
			alice.publish(`${topic}.`, 'other');
			alice.publish(topic, 'this');
			await bob.until(topic, 'this');
			await bob.until(`${topic}.`, 'other');
			expect(bob.data(topic)).toEqual(['this']);
			expect(bob.data(`${topic}.`)).toEqual(['other']);
			bob.bus.unsubscribe(topic);
			await expect.poll(() => meeting.listeners(topic)).toBe(0);
			bob.bus.unsubscribe(`${topic}.`);
		});

		it('says who has sent it and which kind it is', async () => {
			const topic = fresh();
			bob.bus.subscribe(topic);
			await bob.hears(alice, topic);
			for (const kind of [0, 17, 254]) alice.bus.publish(topic, { kind, data: `${kind}` });
			await bob.until(topic, '254');
			expect(bob.received.filter((each) => each.topic === topic)).toEqual(
				[0, 17, 254].map((kind) => ({ topic, kind, data: `${kind}`, sender: alice.id }))
			);
		});

		it('brings a process nothing of its own', async () => {
			const topic = fresh();
			for (const member of [alice, bob]) member.bus.subscribe(topic);
			await bob.hears(alice, topic);
			await alice.hears(bob, topic);
			alice.publish(topic, 'of alice');
			await bob.until(topic, 'of alice');
			bob.publish(topic, 'of bob');
			await alice.until(topic, 'of bob');
			expect(alice.data(topic)).toEqual(['of bob']);
			expect(bob.data(topic)).toEqual(['of alice']);
		});

		it('brings it to each of several processes', async () => {
			const topic = fresh();
			await using carol = await Member.open(meeting);
			for (const member of [bob, carol]) member.bus.subscribe(topic);
			for (const member of [bob, carol]) await member.hears(alice, topic);
			alice.publish(topic, 'to all');
			for (const member of [bob, carol]) {
				await member.until(topic, 'to all');
				expect(member.data(topic)).toEqual(['to all']);
			}
		});

		it('keeps the order of one sender on one topic, whatever the size', async () => {
			const topic = fresh();
			bob.bus.subscribe(topic);
			await bob.hears(alice, topic);
			const sent = Array.from({ length: 1000 }, (_, index) =>
				String(index).padEnd(index % 100 === 0 ? 100_000 : 10)
			);
			for (const [index, text] of sent.entries()) {
				alice.publish(topic, text);
				if (index % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
			}
			await bob.until(topic, sent.at(-1) ?? '');
			expect(bob.data(topic)).toEqual(sent);
		});

		it('carries many large messages of one turn', async () => {
			const topic = fresh();
			bob.bus.subscribe(topic);
			await bob.hears(alice, topic);
			const sent = Array.from({ length: 30 }, (_, index) => String(index).padEnd(500_000));
			alice.publish(topic, ...sent);
			await bob.until(topic, sent.at(-1) ?? '');
			expect(bob.data(topic).map((each) => String(each).trimEnd())).toEqual(
				sent.map((each) => each.trimEnd())
			);
		});

		it('has copied the bytes when publish returns', async () => {
			const topic = fresh();
			bob.bus.subscribe(topic);
			await bob.hears(alice, topic);
			const sent = Uint8Array.of(1, 2, 3);
			alice.publish(topic, sent);
			sent.fill(9);
			await expect.poll(() => bob.data(topic)).toEqual([Uint8Array.of(1, 2, 3)]);
		});

		it('loses a message that is too large for it, says so once, and carries what stands beside it', async () => {
			const topic = fresh();
			await using carol = await Member.open(meeting);
			bob.bus.subscribe(topic);
			await bob.hears(carol, topic);
			const huge = new Uint8Array(100 * 1024 * 1024);
			carol.publish(topic, 'before', huge, 'after');
			await bob.until(topic, 'after');
			expect(bob.data(topic)).toEqual(['before', 'after']);
			expect(carol.lines.length).toBe(1);
			expect(carol.lines[0]).toContain(`on "${topic}"`);
			expect(carol.lines[0]).toMatch(/1048576\d\d bytes/);
			expect(carol.states).toEqual(['connected']);
		});

		it('hears a topic until it was unsubscribed from as often as subscribed to', async () => {
			const topic = fresh();
			bob.bus.subscribe(topic);
			bob.bus.subscribe(topic);
			await bob.hears(alice, topic);
			bob.bus.unsubscribe(topic);
			await new Promise((resolve) => setImmediate(resolve));
			alice.publish(topic, 'still');
			await bob.until(topic, 'still');
			expect(await meeting.listeners(topic)).toBe(1);
			bob.bus.unsubscribe(topic);
			await expect.poll(() => meeting.listeners(topic)).toBe(0);
		});

		it('takes more unsubscriptions than subscriptions, and what was never subscribed to', async () => {
			const topic = fresh();
			bob.bus.unsubscribe(topic);
			bob.bus.unsubscribe(topic);
			bob.bus.subscribe(topic);
			await bob.hears(alice, topic);
			expect(await meeting.listeners(topic)).toBe(1);
		});

		it('brings nothing once unsubscribe has returned, not even the rest of what came together', async () => {
			const topic = fresh();
			const other = fresh();
			for (const each of [topic, other]) bob.bus.subscribe(each);
			for (const each of [topic, other]) await bob.hears(alice, each);
			bob.onMessage = (each) => {
				if (each === topic) bob.bus.unsubscribe(topic);
			};
			alice.publish(topic, 'first', 'second', 'third');
			await bob.until(topic, 'first');
			alice.publish(other, 'last');
			await bob.until(other, 'last');
			bob.onMessage = undefined;
			expect(bob.data(topic)).toEqual(['first']);
			bob.bus.subscribe(topic);
			await bob.hears(alice, topic);
			alice.publish(topic, 'again');
			await bob.until(topic, 'again');
			expect(bob.data(topic)).toEqual(['first', 'again']);
		});

		it('tells the broker nothing of who comes and leaves in one turn, and everything of who stays', async () => {
			const topic = fresh();
			const other = fresh();
			for (let times = 0; times < 3; times += 1) {
				bob.bus.subscribe(topic);
				bob.bus.unsubscribe(topic);
				bob.bus.subscribe(other);
			}
			await bob.hears(alice, other);
			expect(await meeting.listeners(topic)).toBe(0);
			expect(await meeting.listeners(other)).toBe(1);
		});

		it('subscribes to 10,000 topics at once, and leaves them', async () => {
			const many = Array.from({ length: 10_000 }, () => fresh());
			for (const topic of many) bob.bus.subscribe(topic);
			await bob.hears(alice, many.at(-1) ?? '');
			for (const topic of [many[0] ?? '', many[5000] ?? '']) await bob.hears(alice, topic);
			for (const topic of many) bob.bus.unsubscribe(topic);
			for (const topic of [many[0] ?? '', many[5000] ?? '', many.at(-1) ?? '']) {
				await expect.poll(() => meeting.listeners(topic)).toBe(0);
			}
		});

		it('sends what was published before it is closed, and nothing after', async () => {
			const topic = fresh();
			bob.bus.subscribe(topic);
			const carol = await Member.open(meeting);
			await bob.hears(carol, topic);
			carol.publish(topic, 'goodbye');
			const closed = carol.bus.close();
			carol.publish(topic, 'too late');
			await closed;
			await bob.until(topic, 'goodbye');
			expect(carol.bus.state).toBe('closed');
			expect(carol.states).toEqual(['connected', 'closed']);
			alice.publish(topic, 'last');
			await bob.until(topic, 'last');
			expect(bob.data(topic)).toEqual(['goodbye', 'last']);
		});

		it('brings nothing once close was called, and leaves the broker', async () => {
			const topic = fresh();
			const carol = await Member.open(meeting);
			for (const member of [bob, carol]) member.bus.subscribe(topic);
			for (const member of [bob, carol]) await member.hears(alice, topic);
			alice.publish(topic, 'on its way');
			await new Promise((resolve) => setImmediate(resolve));
			const closed = carol.bus.close();
			const { length } = carol.received;
			await bob.until(topic, 'on its way');
			await closed;
			expect(carol.received.length).toBe(length);
			await expect.poll(() => meeting.listeners(topic)).toBe(1);
		});

		it('is closed once, however often it is asked, and harmless after that', async () => {
			const carol = await Member.open(meeting);
			await Promise.all([carol.bus.close(), carol.bus.close()]);
			await carol.bus.close();
			carol.bus.subscribe('a');
			carol.publish('a', 'nothing');
			carol.bus.unsubscribe('a');
			await carol.bus.open();
			expect(carol.bus.state).toBe('closed');
			expect(carol.states).toEqual(['connected', 'closed']);
		});

		it('takes everything before it is open, and brings what was subscribed to by then', async () => {
			const topic = fresh();
			const other = fresh();
			await using carol = await Member.create(meeting);
			bob.bus.subscribe(other);
			await bob.hears(alice, other);
			expect(carol.bus.state).toBe('reconnecting');
			carol.bus.subscribe(topic);
			carol.bus.subscribe(other);
			carol.bus.unsubscribe(other);
			carol.publish(other, 'too early');
			await carol.bus.open();
			await carol.hears(alice, topic);
			carol.publish(other, 'in time');
			await bob.until(other, 'in time');
			expect(bob.data(other)).toEqual(['in time']);
			expect(await meeting.listeners(other)).toBe(1);
		});

		it('can be closed before it was opened, and while it opens', async () => {
			const early = await Member.create(meeting);
			await early.bus.close();
			await early.bus.open();
			expect(early.bus.state).toBe('closed');
			const hasty = await Member.create(meeting);
			const opened = hasty.bus.open();
			await hasty.bus.close();
			await opened;
			expect(hasty.bus.state).toBe('closed');
			expect(hasty.states.at(-1)).toBe('closed');
		});
	});
}
