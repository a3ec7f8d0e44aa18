import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Heartbeat, type Beating } from '../../../../src/server/engine/heartbeat.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
	vi.restoreAllMocks();
	vi.useRealTimers();
});

class Member implements Beating {
	slot = 0;
	/** When it was added, and when it had a turn. */
	readonly times = [performance.now()];

	/** The longest that it has waited. */
	get longest(): number {
		const times = [...this.times, performance.now()];
		return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? 0)));
	}
}

/** A heartbeat that notes whose turn it was. */
function create(period: number): Heartbeat<Member> {
	return new Heartbeat<Member>(period, (member) => void member.times.push(performance.now()));
}

/** The process does nothing for so long. */
function hold(milliseconds: number): void {
	const now = performance.now.bind(performance);
	vi.spyOn(performance, 'now').mockImplementation(() => now() + milliseconds);
}

describe('a heartbeat', () => {
	it.each([500, 2000, 30_000])(
		'calls everybody once a period, whenever they have come: %d',
		(period) => {
			const heartbeat = create(period);
			const members: Member[] = [];
			for (let index = 0; index < 50; index += 1) {
				const member = new Member();
				members.push(member);
				heartbeat.add(member);
				vi.advanceTimersByTime((index * 37) % 400);
			}
			vi.advanceTimersByTime(5 * period);
			for (const member of members) {
				expect(member.longest).toBeLessThanOrEqual(period);
				expect(member.times.length - 1).toBeGreaterThanOrEqual(5);
				expect(member.times.length - 1).toBeLessThan((performance.now() / period) * 1.1 + 1);
			}
			heartbeat.stop();
		}
	);

	it('calls few of those who have come together at a time', () => {
		const heartbeat = create(30_000);
		const members = Array.from({ length: 10_000 }, () => new Member());
		for (const member of members) heartbeat.add(member);
		vi.advanceTimersByTime(30_000);
		const turns = new Map<number, number>();
		for (const { times } of members) {
			for (const time of times.slice(1)) turns.set(time, (turns.get(time) ?? 0) + 1);
		}
		expect(Math.max(...turns.values())).toBeLessThan(700);
		const firsts = members.map(({ times: [added = 0, first = 0] }) => first - added);
		expect(Math.min(...firsts)).toBeGreaterThan(13_000);
	});

	it('calls nobody who was deleted, by somebody else in the same turn too', () => {
		const [first, second] = [new Member(), new Member()];
		const heartbeat: Heartbeat<Member> = new Heartbeat<Member>(1000, (member) => {
			member.times.push(performance.now());
			if (member === first) heartbeat.delete(second);
		});
		heartbeat.add(first);
		for (let index = 0; index < 15; index += 1) heartbeat.add(new Member());
		heartbeat.add(second);
		// Of 32 turns they have the same.
		expect(second.slot % 32).toBe(first.slot % 32);
		vi.advanceTimersByTime(3000);
		expect(first.times.length).toBeGreaterThan(2);
		expect(second.times).toHaveLength(1);
		heartbeat.stop();
	});

	it('goes on for everybody else, whoever leaves', () => {
		const heartbeat = create(1000);
		const members = Array.from({ length: 100 }, () => new Member());
		for (const member of members) heartbeat.add(member);
		const left = members.filter((_, index) => index % 3 !== 0);
		for (const member of left) heartbeat.delete(member);
		for (const member of left) heartbeat.delete(member);
		vi.advanceTimersByTime(2500);
		for (const member of members) {
			expect(member.times.length > 2).toBe(!left.includes(member));
		}
		for (const member of members) heartbeat.delete(member);
		expect(vi.getTimerCount()).toBe(0);
	});

	it.each([2900, 60_000])('makes up once for turns that were held up for %d ms', (milliseconds) => {
		const heartbeat = create(3000);
		const members = Array.from({ length: 100 }, () => new Member());
		for (const member of members) heartbeat.add(member);
		vi.advanceTimersByTime(10);
		hold(milliseconds);
		vi.advanceTimersByTime(100);
		const counts = members.map(({ times }) => times.length - 1);
		expect(Math.max(...counts)).toBe(1);
		expect(counts.filter((count) => count === 1).length).toBeGreaterThan(95);
		heartbeat.stop();
	});

	it.each([-3_600_000, 3_600_000])('does not mind that the clock is set: by %d', (step) => {
		const heartbeat = create(3000);
		const member = new Member();
		heartbeat.add(member);
		vi.setSystemTime(Date.now() + step);
		vi.advanceTimersByTime(9500);
		expect(member.times).toHaveLength(1 + 3);
		heartbeat.stop();
	});

	it('has one timer while it has members', () => {
		const heartbeat = create(1000);
		expect(vi.getTimerCount()).toBe(0);
		const members = [new Member(), new Member()];
		for (const member of members) heartbeat.add(member);
		expect(vi.getTimerCount()).toBe(1);
		for (const member of [...members, ...members]) heartbeat.delete(member);
		expect(vi.getTimerCount()).toBe(0);
		for (const member of members) heartbeat.add(member);
		expect(vi.getTimerCount()).toBe(1);
		heartbeat.stop();
		expect(vi.getTimerCount()).toBe(0);
	});

	it('does not keep the process alive', () => {
		vi.useRealTimers();
		const started = vi.spyOn(globalThis, 'setInterval');
		const heartbeat = create(1000);
		heartbeat.add(new Member());
		const [timer] = started.mock.results.map(({ value }) => value as NodeJS.Timeout);
		expect(timer?.hasRef()).toBe(false);
		heartbeat.stop();
	});
});
