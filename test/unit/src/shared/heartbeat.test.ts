import { expect, it } from 'vitest';
import { isBeat, noticeOf, pingInterval } from '../../../../src/shared/heartbeat.ts';

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
	['\u0016leave0', 0],
	['\u0016leave1500', 1500],
	['\u0016leave', undefined],
	['\u0016leave me', undefined],
	['leave1500', undefined],
	['\u00161500', undefined],
	[new ArrayBuffer(8), undefined]
])('a notice is told apart from everything else: %j', (data, ms) => {
	expect(noticeOf(data)).toBe(ms);
	if (ms !== undefined) expect(isBeat(data)).toBe(false);
});
