import { describe, expect, it } from 'vitest';
import { relate, summarizeCell, type Sample } from '../../../bench/results.ts';

const sample = (round: number, subject: string, cpu: number): Sample => ({
	round,
	subject,
	work: 'echo',
	values: { cpu }
});
const cell = (subject: string) => ({ subject, work: 'echo', value: 'cpu' });

describe('results', () => {
	it('are summarized for one server, one work and one value', () => {
		const samples = [
			sample(1, 'ours', 3),
			sample(2, 'ours', 5),
			sample(1, 'theirs', 100),
			{ ...sample(3, 'ours', 7), work: 'broadcast' },
			{ ...sample(3, 'ours', 9), values: { rate: 9 } }
		];
		expect(summarizeCell(samples, cell('ours'))).toEqual({ median: 4, lowest: 3, highest: 5 });
		expect(summarizeCell(samples, cell('nobody'))).toBeUndefined();
	});

	it('are compared round by round, so that a slow minute does not count', () => {
		const samples = [
			sample(1, 'ours', 1),
			sample(1, 'theirs', 2),
			sample(2, 'ours', 30),
			sample(2, 'theirs', 60),
			sample(3, 'ours', 3),
			sample(3, 'theirs', 6)
		];
		expect(relate(samples, cell('ours'), cell('theirs'))).toEqual({
			median: 0.5,
			lowest: 0.5,
			highest: 0.5
		});
	});

	it('are not compared in rounds that only one has finished', () => {
		const samples = [sample(1, 'ours', 1), sample(2, 'ours', 3), sample(2, 'theirs', 2)];
		expect(relate(samples, cell('ours'), cell('theirs'))?.median).toBe(1.5);
		expect(relate(samples, cell('ours'), cell('nobody'))).toBeUndefined();
	});

	it('may be compared in another way', () => {
		const samples = [sample(1, 'ours', 9), sample(1, 'theirs', 2)];
		const more = relate(samples, cell('ours'), cell('theirs'), (own, other) => own - other);
		expect(more?.median).toBe(7);
	});
});
