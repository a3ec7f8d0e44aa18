import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Member } from './member.ts';
import type { BusSubject } from './subject.ts';

/** What every bus must do when the broker is away, hangs, or is no friend. */
export function outageSuite(subject: BusSubject): void {
	describe(`the bus ${subject.name}, when something is wrong`, () => {
		it('goes on alone while the broker is away, says so once, and hears everything again after it', async () => {
			await using meeting = await subject.start();
			await using alice = await Member.open(meeting);
			await using bob = await Member.open(meeting);
			for (const topic of ['a', 'b', 'c']) bob.bus.subscribe(topic);
			for (const topic of ['a', 'b', 'c']) await bob.hears(alice, topic);
			await meeting.breakConnection?.();
			for (const member of [alice, bob]) {
				await expect.poll(() => member.states).toEqual(['connected', 'reconnecting']);
				expect(member.bus.state).toBe('reconnecting');
			}
			alice.publish('a', 'lost');
			bob.bus.unsubscribe('b');
			bob.bus.subscribe('d');
			await sleep(500);
			await meeting.restore?.();
			for (const member of [alice, bob]) {
				await expect.poll(() => member.states).toEqual(['connected', 'reconnecting', 'connected']);
			}
			for (const topic of ['a', 'c', 'd']) await bob.hears(alice, topic);
			expect(await meeting.listeners('b')).toBe(0);
			alice.publish('a', 'kept');
			await bob.until('a', 'kept');
			expect(bob.data()).toEqual(['kept']);
			expect(alice.reasons).toEqual([undefined, expect.stringMatching(/./), undefined]);
			expect(alice.lines).toEqual([]);
		});

		it('can publish and subscribe the moment it is back', async () => {
			await using meeting = await subject.start();
			await using alice = await Member.open(meeting);
			await using bob = await Member.open(meeting);
			bob.bus.subscribe('a');
			bob.onState = (state) => {
				if (state === 'connected') bob.bus.subscribe('b');
			};
			await meeting.breakConnection?.();
			await expect.poll(() => bob.bus.state).toBe('reconnecting');
			await meeting.restore?.();
			await bob.hears(alice, 'a');
			await bob.hears(alice, 'b');
		});

		it('opens without a broker, says so once, and connects when there is one', async () => {
			await using meeting = await subject.start();
			await meeting.breakConnection?.();
			await using alice = await Member.create(meeting);
			alice.bus.subscribe('a');
			await alice.bus.open();
			expect(alice.bus.state).toBe('reconnecting');
			expect(alice.states).toEqual(['reconnecting']);
			alice.publish('a', 'lost');
			await sleep(500);
			expect(alice.states).toEqual(['reconnecting']);
			await meeting.restore?.();
			await expect.poll(() => alice.states).toEqual(['reconnecting', 'connected']);
			await using bob = await Member.open(meeting);
			await alice.hears(bob, 'a');
			expect(alice.lines).toEqual([]);
		});

		it('survives a broker that goes several times, and restores 10,000 topics', async () => {
			await using meeting = await subject.start();
			await using alice = await Member.open(meeting);
			await using bob = await Member.open(meeting);
			const many = Array.from({ length: 10_000 }, (_, index) => `topic ${index}`);
			for (const topic of many) bob.bus.subscribe(topic);
			for (let times = 0; times < 3; times += 1) {
				await meeting.breakConnection?.();
				for (const { bus } of [alice, bob]) await expect.poll(() => bus.state).toBe('reconnecting');
				await meeting.restore?.();
				for (const index of [0, 5000, 9999]) await bob.hears(alice, many[index] ?? '');
			}
			expect(bob.states).toEqual([
				'connected',
				...Array.from({ length: 3 }, () => ['reconnecting', 'connected'] as const).flat()
			]);
		});

		it('is closed within two seconds while the broker is away, and stays so when it is back', async () => {
			await using meeting = await subject.start();
			const alice = await Member.open(meeting);
			await meeting.breakConnection?.();
			await expect.poll(() => alice.bus.state).toBe('reconnecting');
			expect(await closesInTime(alice)).toBe(true);
			await meeting.restore?.();
			await using bob = await Member.open(meeting);
			await using carol = await Member.open(meeting);
			bob.bus.subscribe('a');
			await bob.hears(carol, 'a');
			expect(alice.states).toEqual(['connected', 'reconnecting', 'closed']);
		});

		it('is closed within two seconds while the broker hangs', async () => {
			await using meeting = await subject.start();
			const alice = await Member.open(meeting);
			meeting.hang?.();
			alice.bus.subscribe('a');
			alice.publish('a', 'x'.repeat(1_000_000));
			expect(await closesInTime(alice)).toBe(true);
			expect(alice.bus.state).toBe('closed');
		});

		it('ignores what is no frame, says so once, and hears the rest', async () => {
			await using meeting = await subject.start();
			await using alice = await Member.open(meeting);
			await using bob = await Member.open(meeting);
			bob.bus.subscribe('a');
			await bob.hears(alice, 'a');
			for (const bytes of garbage) await meeting.disturb?.('a', bytes);
			alice.publish('a', 'fine');
			await bob.until('a', 'fine');
			await expect.poll(() => bob.lines.length).toBe(meeting.disturb ? 1 : 0);
			expect(bob.data()).toEqual(['fine']);
			expect(bob.states).toEqual(['connected']);
		});
	});
}

const garbage = [
	Uint8Array.of(),
	Uint8Array.of(0),
	Buffer.from('hello'),
	Buffer.from('sw'),
	// a frame that ends within a message, and one whose message would be longer than it is
	Buffer.from('737701aaaaaaaaaaaa0000', 'hex'),
	Buffer.from('737701aaaaaaaaaaaa0000ffffffff', 'hex')
];

async function closesInTime({ bus }: Member): Promise<boolean> {
	return Promise.race([bus.close().then(() => true), sleep(2000, false)]);
}
