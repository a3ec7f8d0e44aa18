import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { replaceResults } from '../../../bench/docs.ts';

const performance = readFileSync('docs/performance.md', 'utf8');

describe('results in the docs', () => {
	it('take the place of those that were there', () => {
		const document = replaceResults(performance, '# A run\n\nOf today.\n\n## Requests\n\nMany.\n');
		expect(document).toContain('Of today.\n\n### Requests\n\nMany.\n\n<!--');
		expect(document).not.toContain('# A run');
		const again = replaceResults(document, '# Another\n\nOf tomorrow.\n');
		expect(again).toContain('Of tomorrow.');
		expect(again).not.toContain('Of today.');
		expect(again.split('\n')[0]).toBe(performance.split('\n')[0]);
		expect(again.split('\n').at(-2)).toBe(performance.split('\n').at(-2));
	});

	it('need a place', () => {
		expect(() => replaceResults('# Nothing', '# A run\n')).toThrow('The document lacks the lines');
	});
});
