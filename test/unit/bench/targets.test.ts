import { describe, expect, it } from 'vitest';
import type { Sample } from '../../../bench/results.ts';
import { subjects } from '../../../bench/subjects.ts';
import { formatTargets, missed, targets } from '../../../bench/targets.ts';
import { works } from '../../../bench/works.ts';

const sample = (subject: string, work: string, values: Sample['values']): Sample => ({
	round: 1,
	subject,
	work,
	values
});

describe('targets', () => {
	it('are of servers and works that the bench has', () => {
		for (const { work, subject, base = subject } of targets) {
			const found = works.find(({ name }) => name === work);
			for (const name of [subject, base]) {
				const server = subjects.find((each) => each.name === name);
				expect(server?.can, `${name} at ${work}`).toContain(found?.needs);
			}
		}
	});

	it('are met or not', () => {
		const lines = (cpu: number) =>
			formatTargets([
				sample('uws', 'small endpoint', { cpu }),
				sample('adapter-node', 'small endpoint', { cpu: 100 })
			]).split('\n');
		const words = '| small endpoint | ours, uWebSockets.js | adapter-node 6 |';
		expect(lines(25)).toContain(`${words} 0.25 |  | 0.25 | yes |`);
		expect(lines(26)).toContain(`${words} 0.26 |  | 0.25 | **no** |`);
	});

	it('of memory are what a socket takes more, in KB', () => {
		const text = formatTargets([
			sample('uws', 'idle sockets', { bytes: 3 * 1024 }),
			sample('raw-uws', 'idle sockets', { bytes: 1024 })
		]);
		expect(text).toContain(
			'| idle sockets, KB a socket more | ours, uWebSockets.js | uWebSockets.js alone | 2.00 |  | 2.50 | yes |'
		);
	});

	it('of what a visitor waits are milliseconds, beside nobody', () => {
		const text = formatTargets([sample('uws', 'avalanche', { median: 251, worst: 900 })]);
		expect(text).toContain('| ours, uWebSockets.js |  | 251 |  | 250 | **no** |');
	});

	it('of one work beside another of the same server name the other one', () => {
		const text = formatTargets([
			sample('uws', 'broadcast to 1,000, remembered', { cpu: 6 }),
			sample('uws', 'broadcast to 1,000', { cpu: 4 })
		]);
		const [line] = text.split('\n').filter((each) => each.includes('remembered'));
		expect(line).toBe(
			'| broadcast to 1,000, remembered | ours, uWebSockets.js | broadcast to 1,000 | 1.50 |  | 1.30 | **no** |'
		);
	});

	it('that are missed can be asked for', () => {
		const base = [
			sample('adapter-node', 'small endpoint', { cpu: 100 }),
			sample('adapter-node', '404 page', { cpu: 100 })
		];
		const found = missed([
			...base,
			sample('uws', 'small endpoint', { cpu: 26 }),
			sample('uws', '404 page', { cpu: 60 })
		]);
		expect(found.map(({ work }) => work)).toEqual(['small endpoint']);
	});

	it('of what was not measured are left out', () => {
		expect(formatTargets([])).toBe('');
		expect(missed([])).toEqual([]);
	});
});
