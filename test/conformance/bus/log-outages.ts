import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { logOf, textsOf } from './log-suite.ts';
import { Member } from './member.ts';
import type { BusSubject } from './subject.ts';

const limits = { size: 100, bytes: 1024 * 1024, ttl: 60 };
const entry = (data: string) => ({ data, compress: false, author: '' });

/** What every log must do when the broker is away, or hangs. */
export function logOutageSuite(subject: BusSubject): void {
	describe(`the log of the bus ${subject.name}, when something is wrong`, () => {
		it('rejects while the broker is away, and goes on after it, with a new epoch where it has forgotten', async () => {
			await using meeting = await subject.start();
			await using alice = await Member.open(meeting);
			await using bob = await Member.open(meeting);
			const before = await logOf(alice).append('a', entry('1'), limits);
			await logOf(alice).append('a', entry('2'), limits);
			const empty = await logOf(alice).read('nothing yet', 0, limits);
			const waiting = Promise.allSettled([
				logOf(bob).append('waiting', entry('a'), limits),
				logOf(bob).read('a', 0, limits)
			]);
			await meeting.breakConnection?.();
			await waiting;
			for (const { bus } of [alice, bob]) await expect.poll(() => bus.state).toBe('reconnecting');
			await expect(logOf(alice).append('a', entry('3'), limits)).rejects.toThrow(/no connection/);
			await expect(logOf(bob).read('a', 0, limits)).rejects.toThrow(/no connection/);
			await meeting.restore?.();
			for (const { bus } of [alice, bob]) await expect.poll(() => bus.state).toBe('connected');
			const after = await logOf(bob).append('a', entry('4'), limits);
			const extent = await logOf(alice).read('a', 0, limits);
			expect(after.epoch).toBe(extent.epoch);
			if (subject.isForgetful) {
				expect(after.epoch).not.toBe(before.epoch);
				expect(after.offset).toBe(1);
				expect(textsOf(extent)).toEqual(['4']);
				expect((await logOf(alice).read('nothing yet', 0, limits)).epoch).not.toBe(empty.epoch);
			} else {
				expect(after).toMatchObject({ epoch: before.epoch, offset: 3 });
				expect(textsOf(extent)).toEqual(['1', '2', '4']);
				expect((await logOf(alice).read('nothing yet', 0, limits)).epoch).toBe(empty.epoch);
			}
		});

		it('can be asked the moment the bus is back', async () => {
			await using meeting = await subject.start();
			await using alice = await Member.open(meeting);
			const answers: Promise<unknown>[] = [];
			alice.onState = (state) => {
				if (state === 'connected') answers.push(logOf(alice).append('a', entry('1'), limits));
			};
			await meeting.breakConnection?.();
			await expect.poll(() => alice.bus.state).toBe('reconnecting');
			await meeting.restore?.();
			await expect.poll(() => alice.bus.state).toBe('connected');
			expect(await Promise.all(answers)).toMatchObject([{ offset: 1 }]);
		});
	});
}

/** What every log of a broker must do when that hangs. */
export function logHangSuite(subject: BusSubject): void {
	describe(`the log of the bus ${subject.name}, when its broker hangs`, () => {
		it('rejects within five seconds while the broker hangs, the rest at once, and goes on after it', async () => {
			await using meeting = await subject.start();
			await using alice = await Member.open(meeting);
			await logOf(alice).append('a', entry('1'), limits);
			meeting.hang?.();
			// One of many threads needs a moment to stop, and nothing says that it has.
			await sleep(50);
			const since = performance.now();
			const outcomes = await Promise.allSettled([
				logOf(alice).append('a', entry('too late'), limits),
				logOf(alice).append('b', entry('too late'), limits),
				logOf(alice).read('a', 0, limits)
			]);
			expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
			expect(performance.now() - since).toBeLessThan(5000);
			const again = performance.now();
			await expect(logOf(alice).append('a', entry('no'), limits)).rejects.toThrow(
				/not answer|no conn/
			);
			await expect(logOf(alice).read('a', 0, limits)).rejects.toThrow(/not answer|no conn/);
			expect(performance.now() - again).toBeLessThan(1000);
			meeting.wake?.();
			await expect
				.poll(() =>
					logOf(alice)
						.append('a', entry('2'), limits)
						.catch(() => {})
				)
				.toMatchObject({ offset: expect.any(Number) });
			const extent = await logOf(alice).read('a', 0, limits);
			expect(textsOf(extent).slice(0, 1)).toEqual(['1']);
			expect(textsOf(extent).at(-1)).toBe('2');
			if (subject.name !== 'nats') expect(textsOf(extent)).not.toContain('too late');
		});
	});
}
