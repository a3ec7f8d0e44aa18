import { expect, test } from 'vitest';
import { busiest, type CpuProfile } from '../../../bench/profile/busiest.ts';

const frame = (functionName: string, url = '', lineNumber = -1) => ({
	functionName,
	url,
	lineNumber
});

const profile: CpuProfile = {
	nodes: [
		{ id: 1, callFrame: frame('(idle)') },
		{ id: 2, callFrame: frame('(garbage collector)') },
		{ id: 3, callFrame: frame('resolve', 'file:///app/build/server/index.js', 119) },
		// the same function, called from somewhere else
		{ id: 4, callFrame: frame('resolve', 'file:///app/build/server/index.js', 119) },
		{ id: 5, callFrame: frame('', 'node:internal/async_hooks', 0) }
	],
	samples: [1, 2, 3, 4, 5, 9],
	timeDeltas: [900, 40, 30, 20, 10, 50]
};

test('the busiest functions come first, each once, without the time in which nothing was done', () => {
	expect(busiest(profile, 20)).toEqual([
		{ name: 'resolve (server/index.js:120)', share: 0.5 },
		{ name: '(garbage collector)', share: 0.4 },
		{ name: '(anonymous) (node:internal/async_hooks:1)', share: 0.1 }
	]);
});

test('no more of them are shown than are asked for', () => {
	expect(busiest(profile, 1).map(({ name }) => name)).toEqual(['resolve (server/index.js:120)']);
});
