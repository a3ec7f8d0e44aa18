import { describe, expect, it } from 'vitest';
import { keyPath } from '../../../../src/server/key-path.ts';
import { wantedBy, withoutHeartbeat } from '../../../../src/server/handshake/heartbeat.ts';

const own = 'x-websocket-heartbeat=1';
const route = { id: '/chat' };

describe('the query of a heartbeat', () => {
	it.each([
		[`/chat?${own}`, '/chat'],
		[`/chat?a=1&${own}`, '/chat?a=1'],
		[`/chat?${own}&a=%20+`, '/chat?a=%20+'],
		[`/chat?a&${own}&b=&`, '/chat?a&b=&'],
		[`/chat?a&${own}&x-websocket-heartbeat=2`, '/chat?a'],
		[`/chat?x-websocket-heartbeat=2&${own}`, '/chat'],
		['/chat?x-websocket-protocol=1.abcdefgh', '/chat'],
		[`/chat?a=1&x-websocket-protocol=1.abcdefgh.r&${own}&b`, '/chat?a=1&b'],
		[`/chat?${own}&x-websocket-protocol=2.abcdefgh.new`, '/chat']
	])('of %s is nothing that the app sees', (target, expected) => {
		expect(wantedBy(target, route, 30).heartbeat).toBe(30);
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

	it('may ask for a notice, too, but not with a one-time URL', () => {
		const target = `/chat?${own}&x-websocket-heartbeat=2`;
		expect(wantedBy(target, route, 30).isTold).toBe(true);
		expect(wantedBy(target, { id: keyPath }, 30).isTold).toBe(false);
		expect(wantedBy(`/chat?${own}`, route, 30).isTold).toBe(false);
	});

	it.each([
		['1.abcdefgh', { name: 'abcdefgh', resumes: false }],
		['1.0123456789abcdef', { name: '0123456789abcdef', resumes: false }],
		['1.abcdefgh.r', { name: 'abcdefgh', resumes: true }],
		['1.abcdefgh.later.r', { name: 'abcdefgh', resumes: true }],
		['2.abcdefgh', undefined],
		['01.abcdefgh', undefined],
		['1.short', undefined],
		['1.0123456789abcdef0', undefined],
		['1.ABCDEFGH', undefined],
		['1.abc%64efgh', undefined],
		['1', undefined],
		['', undefined]
	])('may ask for frames, too: %s', (value, expected) => {
		expect(wantedBy(`/chat?x-websocket-protocol=${value}`, route, 30).client).toEqual(expected);
	});

	it('may offer several versions of the protocol', () => {
		const target = '/chat?x-websocket-protocol=2.abcdefgh&x-websocket-protocol=1.abcdefgh.r';
		expect(wantedBy(target, route, 30).client).toEqual({ name: 'abcdefgh', resumes: true });
	});

	it.each([
		'/chat',
		'/chat?a=1',
		'/chat?x-websocket-protocol=chat',
		`/${own}`,
		`/chat?x${own}`,
		`/chat?${own}0`
	])('is not there: %s', (target) => {
		expect(wantedBy(target, route, 30).heartbeat).toBeUndefined();
		const request = new Request(`https://app.example${target}`);
		expect(withoutHeartbeat(request)).toBe(request);
	});
});
