import { describe, expect, it } from 'vitest';
import { wantsHeartbeat, withoutHeartbeat } from '../../../../src/server/handshake/heartbeat.ts';

const own = 'x-websocket-heartbeat=1';

describe('the query of a heartbeat', () => {
	it.each([
		[`/chat?${own}`, '/chat'],
		[`/chat?a=1&${own}`, '/chat?a=1'],
		[`/chat?${own}&a=%20+`, '/chat?a=%20+'],
		[`/chat?a&${own}&b=&`, '/chat?a&b=&']
	])('of %s is nothing that the app sees', (target, expected) => {
		expect(wantsHeartbeat(target)).toBe(true);
		const controller = new AbortController();
		const request = new Request(`https://app.example${target}`, {
			headers: { cookie: 'a=1' },
			signal: controller.signal
		});
		const shown = withoutHeartbeat(request);
		expect(shown.url).toBe(`https://app.example${expected}`);
		expect(shown.headers.get('cookie')).toBe('a=1');
		controller.abort();
		expect(shown.signal.aborted).toBe(true);
	});

	it.each(['/chat', '/chat?a=1', `/${own}`, `/chat?x${own}`, `/chat?${own}0`])(
		'is not there: %s',
		(target) => {
			expect(wantsHeartbeat(target)).toBe(false);
			const request = new Request(`https://app.example${target}`);
			expect(withoutHeartbeat(request)).toBe(request);
		}
	);
});
