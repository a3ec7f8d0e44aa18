import { describe, expect, it } from 'vitest';
import { clientDelay, simulate, steadyDelay } from '../../../bench/scaling/storm.ts';

const storm = { clients: 1000, away: 0, capacity: 10_000, delay: clientDelay() };

const sum = (all: number[]) => all.reduce((one, another) => one + another, 0);

describe('a simulated storm', () => {
	it('ends with everybody back, after one attempt each where there is room', () => {
		const course = simulate(storm);
		expect([course.failed, sum(course.attempts)]).toEqual([0, 1000]);
		expect(course.backAt(100)).toBeGreaterThan(1.4);
		expect(course.backAt(100)).toBeLessThan(1.7);
	});

	it('is spread by chance, and is one blow without it', () => {
		const [spread, blow] = [clientDelay(), steadyDelay()].map((delay) =>
			simulate({ ...storm, delay })
		);
		expect(Math.max(...(blow?.attempts ?? []))).toBe(1000);
		expect(Math.max(...(spread?.attempts ?? []))).toBeLessThan(200);
	});

	it('takes as long as the server needs for all of them', () => {
		const course = simulate({ ...storm, capacity: 100 });
		expect(course.backAt(100)).toBeGreaterThan(10);
	});

	it('has attempts that find nobody, less and less often, while the server is away', () => {
		const course = simulate({ ...storm, away: 10 });
		expect(course.failed).toBeGreaterThan(3000);
		expect(course.failed).toBeLessThan(6000);
		expect(course.backAt(1)).toBeGreaterThan(10);
		expect(sum(course.attempts)).toBe(course.failed + 1000);
	});

	it('has clients that give up waiting, and come again', () => {
		const course = simulate({ ...storm, capacity: 50, delay: steadyDelay() });
		expect(course.failed).toBeGreaterThan(0);
		expect(course.backAt(100)).toBeLessThan(Infinity);
	});
});
