import { describe, expect, it } from 'vitest';
import { brokerCost, mostMessages, processesWithSomebody } from '../../../bench/scaling/plan.ts';

describe('what many instances hold', () => {
	it('follows from what a message costs the broker with one and with three listeners', () => {
		const cost = brokerCost(3, 7);
		expect(cost).toEqual({ message: 1, listener: 2 });
	});

	it('is that of a message and that of handing it out, one after the other', () => {
		const cost = { message: 1, listener: 2 };
		expect(mostMessages(cost, 2)).toBe(200_000);
		expect(mostMessages(cost, 1000)).toBeCloseTo(499.75, 1);
	});

	it('is not known where the measuring was too noisy', () => {
		expect(brokerCost(3, 2)).toBeUndefined();
		expect(brokerCost(NaN, 2)).toBeUndefined();
		expect(brokerCost(1, 9)).toEqual({ message: 0, listener: 4 });
	});

	it('counts on how many processes somebody is', () => {
		expect(processesWithSomebody(10, 1)).toBeCloseTo(1);
		expect(processesWithSomebody(1, 50)).toBe(1);
		expect(processesWithSomebody(10, 10)).toBeCloseTo(6.5, 1);
		expect(processesWithSomebody(10, 1000)).toBeCloseTo(10);
	});
});
