import { expect, it } from 'vitest';
import { isBeat, pingInterval } from '../../../../src/shared/heartbeat.ts';

it.each([
	[0, 30_000],
	[8, 2000],
	[120, 30_000],
	[960, 30_000]
])(
	'a server that drops peers after %d seconds of silence pings them every %d milliseconds',
	(timeout, ms) => {
		expect(pingInterval(timeout)).toBe(ms);
	}
);

it.each([
	['\u00160', true],
	['\u001630000', true],
	['\u0016-1500', true],
	['\u0016', false],
	['\u0016-', false],
	['\u0016--1', false],
	['\u00161x', false],
	['1500', false],
	[new ArrayBuffer(8), false]
])('a beat is told apart from everything else: %j', (data, is) => {
	expect(isBeat(data)).toBe(is);
});
