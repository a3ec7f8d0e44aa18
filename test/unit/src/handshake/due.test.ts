import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Due, type Recurring } from '../../../../src/server/handshake/due.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

class Member implements Recurring {
	period: number;
	due = 0;
	place: Set<Recurring> | undefined;
	readonly turns: number[] = [];

	constructor(period: number) {
		this.period = period;
	}
}

function create(perSecond = 1000): { due: Due<Member>; add: (period: number) => Member } {
	const due = new Due<Member>(
		(member) => void member.turns.push(performance.now()),
		() => perSecond
	);
	const add = (period: number) => {
		const member = new Member(period);
		due.add(member);
		return member;
	};
	return { due, add };
}

const crowd = (count: number, add: (period: number) => Member, period: number) =>
	Array.from({ length: count }, () => add(period));

describe('what is due', () => {
	it.each([1, 100, 5000, 3_000_000_000])('is called once, when %i ms are over', (period) => {
		const { add } = create();
		const start = performance.now();
		const { turns } = add(period);
		vi.advanceTimersByTime(period - 1);
		expect(turns).toEqual([]);
		vi.advanceTimersByTime(20);
		expect(turns).toHaveLength(1);
		expect((turns[0] ?? 0) - start).toBeGreaterThanOrEqual(period);
		vi.advanceTimersByTime(period * 2);
		expect(turns).toHaveLength(1);
	});

	it('comes in its time, whoever has come before it', () => {
		const { add } = create();
		const slow = add(60_000);
		const quick = add(50);
		vi.advanceTimersByTime(70);
		expect([slow.turns.length, quick.turns.length]).toEqual([0, 1]);
		vi.advanceTimersByTime(60_000);
		expect(slow.turns).toHaveLength(1);
	});

	it('can be added again when it is called', () => {
		const due: Due<Member> = new Due<Member>(
			(member) => {
				member.turns.push(performance.now());
				due.add(member);
			},
			() => 1000
		);
		const member = new Member(100);
		due.add(member);
		vi.advanceTimersByTime(1000);
		expect(member.turns.length).toBeGreaterThan(7);
		due.delete(member);
		expect(vi.getTimerCount()).toBe(0);
	});

	it('is not called once it was deleted, neither while it waits nor when its time has come', () => {
		const { due, add } = create(100);
		const [waiting, ...others] = crowd(50, add, 100);
		if (waiting) due.delete(waiting);
		vi.advanceTimersByTime(110);
		const ready = others.filter(({ turns }) => turns.length === 0);
		expect(ready.length).toBeGreaterThan(0);
		for (const each of ready) due.delete(each);
		vi.advanceTimersByTime(60_000);
		expect([waiting, ...ready].flatMap((each) => each?.turns)).toEqual([]);
	});

	it('is called at a pace, though all have come together', () => {
		const { add } = create(1000);
		const members = crowd(10_000, add, 1000);
		const called = () => members.filter(({ turns }) => turns.length > 0).length;
		vi.advanceTimersByTime(1010);
		expect(called()).toBeLessThan(30);
		vi.advanceTimersByTime(1000);
		expect(called()).toBeGreaterThan(800);
		expect(called()).toBeLessThan(1300);
	});

	it('has come within half a minute or so, however many there are', () => {
		const { add } = create(10);
		const members = crowd(100_000, add, 1000);
		vi.advanceTimersByTime(60_000);
		const called = members.filter(({ turns }) => turns.length > 0).length;
		expect(called).toBeGreaterThan(80_000);
	});

	it('leaves no timer behind when there is nobody', () => {
		const { due, add } = create();
		const members = crowd(3, add, 100);
		expect(vi.getTimerCount()).toBe(1);
		for (const each of members) due.delete(each);
		expect(vi.getTimerCount()).toBe(0);
		for (const each of members) due.delete(each);
	});
});
