import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Pace } from '../../../src/server/pace.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Handshakes that are answered one after the other while others wait. */
function answer(pace: Pace, count: number, each: number, waiting: number): void {
	for (let number = 0; number < count; number += 1) {
		vi.advanceTimersByTime(each);
		pace.answered(waiting);
	}
}

it('is a usual one as long as nothing is known', () => {
	expect(new Pace().perSecond).toBe(1000);
});

it('is what was done when many waited', () => {
	const pace = new Pace();
	answer(pace, 200, 5, 20);
	expect(pace.perSecond).toBeCloseTo(200, -1);
});

it('is not what was done when nobody had to wait', () => {
	const pace = new Pace();
	answer(pace, 100, 50, 0);
	answer(pace, 3, 1, 20);
	answer(pace, 100, 50, 7);
	expect(pace.perSecond).toBe(1000);
});

it('is the best of all times', () => {
	const pace = new Pace();
	answer(pace, 1000, 1, 20);
	answer(pace, 1, 1, 0);
	answer(pace, 200, 10, 20);
	expect(pace.perSecond).toBeCloseTo(1000, -1);
	answer(pace, 1, 1, 0);
	vi.advanceTimersByTime(1000);
	for (let number = 0; number < 2000; number += 1) {
		if (number % 4 === 0) vi.advanceTimersByTime(1);
		pace.answered(20);
	}
	expect(pace.perSecond).toBeCloseTo(4000, -2);
});
