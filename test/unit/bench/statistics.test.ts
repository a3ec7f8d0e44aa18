import { describe, expect, it } from 'vitest';
import { isWide, median, summarize } from '../../../bench/statistics.ts';

describe('the median', () => {
	it('is the one in the middle, whatever the order', () => {
		expect(median([9, 1, 2])).toBe(2);
	});

	it('is the mean of the two in the middle of an even number', () => {
		expect(median([9, 1, 2, 4])).toBe(3);
	});

	it('of nothing is not a number', () => {
		expect(median([])).toBeNaN();
	});
});

describe('a summary', () => {
	it('has the lowest and the highest beside the median', () => {
		expect(summarize([3, 1, 8])).toEqual({ median: 3, lowest: 1, highest: 8 });
	});

	it('of nothing is nothing', () => {
		expect(summarize([])).toBeUndefined();
	});

	it('is wide when the rounds differ by more than a fifth of the median', () => {
		expect(isWide({ median: 10, lowest: 9, highest: 11 })).toBe(false);
		expect(isWide({ median: 10, lowest: 9, highest: 11.1 })).toBe(true);
	});
});
