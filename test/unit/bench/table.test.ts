import { describe, expect, it } from 'vitest';
import type { Sample } from '../../../bench/results.ts';
import { formatTable, threeDigits, type Table } from '../../../bench/table.ts';

const table: Table = {
	title: 'Costs',
	rows: ['echo', 'broadcast', 'handshakes'].map((work) => ({
		label: `${work}, us`,
		work,
		value: 'cpu',
		format: threeDigits
	})),
	columns: ['ours', 'theirs', 'nobody'].map((name) => ({ name, title: `\`${name}\`` })),
	base: 'theirs'
};
const sample = (round: number, subject: string, work: string, cpu: number): Sample => ({
	round,
	subject,
	work,
	values: { cpu }
});

describe('a table', () => {
	it('has medians and ratios, and neither rows nor columns of what was not measured', () => {
		const samples = [
			sample(1, 'ours', 'echo', 30),
			sample(1, 'theirs', 'echo', 120),
			sample(1, 'ours', 'broadcast', 1.5)
		];
		expect(formatTable(samples, table)).toBe(
			'## Costs\n\n' +
				'|  | `ours` | `theirs` |\n' +
				'| --- | --: | --: |\n' +
				'| echo, us | 30.0 (0.25) | 120 (1.00) |\n' +
				'| broadcast, us | 1.50 |  |\n\n'
		);
	});

	it('says how far apart the rounds were where that is far', () => {
		const samples = [
			...[10, 11].map((cpu, index) => sample(index, 'ours', 'echo', cpu)),
			...[10, 30].map((cpu, index) => sample(index, 'ours', 'broadcast', cpu)),
			...[0, 1].flatMap((round) => [
				sample(round, 'theirs', 'echo', 10),
				sample(round, 'theirs', 'broadcast', 10)
			])
		];
		const text = formatTable(samples, table);
		expect(text).toContain('| echo, us | 10.5 (1.05) |');
		expect(text).toContain('| broadcast, us | 20.0 (2.00, 1.00 to 3.00) |');
		const { base, ...alone } = table;
		expect(base).toBe('theirs');
		expect(formatTable(samples, alone)).toContain('| broadcast, us | 20.0, 10.0 to 30.0 |');
	});

	it('of nothing is nothing', () => {
		expect(formatTable([], table)).toBe('');
	});
});
