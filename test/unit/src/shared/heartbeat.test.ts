import { expect, it } from 'vitest';
import { pingInterval } from '../../../../src/shared/heartbeat.ts';

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
