import { describe, expect, it } from 'vitest';
import { drawChart, type Chart } from '../../../bench/growth/draw.ts';

const chart: Chart = {
	title: 'More & more',
	x: 'connections',
	y: 'microseconds',
	lines: [
		{
			name: 'uws',
			title: 'ours, `uws`',
			points: [
				[1, 10],
				[1000, 100]
			]
		},
		{
			name: 'node',
			title: 'ours, node',
			points: [
				[1, 20],
				[1000, 99]
			]
		}
	]
};

const places = (svg: string, name: string) =>
	[
		...(svg.split(`class="line ${name}"`)[1]?.split('</g>')[0] ?? '').matchAll(/c[xy]="([\d.]+)"/g)
	].map(([, value]) => Number(value));

describe('a chart', () => {
	const svg = drawChart(chart);

	it('has a line for each server, from the lower left to the upper right where cost grows', () => {
		const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = places(svg, 'uws');
		expect(x2).toBeGreaterThan(x1);
		expect(y2).toBeLessThan(y1);
		expect(places(svg, 'node')).toHaveLength(4);
	});

	it('has powers of ten on both axes', () => {
		for (const label of ['>1<', '>10<', '>100<', '>1,000<']) expect(svg).toContain(label);
	});

	it('keeps names apart whose lines end side by side', () => {
		const name = (title: string) =>
			Number(new RegExp(`y="([\\d.]+)">${title}<`).exec(svg)?.[1] ?? Number.NaN);
		expect(Math.abs(name('ours, uws') - name('ours, node'))).toBeGreaterThan(12);
	});

	it('escapes what it is given', () => {
		expect(svg).toContain('<title>More &amp; more</title>');
	});

	it('has colours for light and for dark pages', () => {
		expect(svg).toContain('.uws{--colour:#1d5fbf}');
		expect(svg).toMatch(/prefers-color-scheme:dark.*\.uws\{--colour:#6cb0ff\}/);
	});

	it('is the same whenever it is drawn from the same numbers', () => {
		expect(drawChart(chart)).toBe(svg);
	});
});
