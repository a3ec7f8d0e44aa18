import { describe, expect, it } from 'vitest';
import { countListeners, isForProxy, isForUpdates } from '../../../../adapter/vite/claims.ts';

const asked = (url: string, protocol?: string) => ({
	url,
	headers: { 'sec-websocket-protocol': protocol }
});

describe('isForUpdates', () => {
	it.each(['vite-hmr', 'vite-ping'])('says so of %s at the path of updates', (protocol) => {
		const claims = { updates: '/base/', proxies: undefined };
		expect(isForUpdates(asked('/base/', protocol), claims)).toBe(true);
		expect(isForUpdates(asked('/base/?token=abc', protocol), claims)).toBe(true);
		expect(isForUpdates(asked('/base', protocol), claims)).toBe(false);
		expect(isForUpdates(asked('/base/echo', protocol), claims)).toBe(false);
	});

	it('does not say so where updates are off', () => {
		expect(isForUpdates(asked('/', 'vite-hmr'), { proxies: undefined })).toBe(false);
	});

	it('does not say so of other subprotocols, or of none', () => {
		const claims = { updates: '/', proxies: {} };
		expect(isForUpdates(asked('/'), claims)).toBe(false);
		expect(isForUpdates(asked('/', 'chat'), claims)).toBe(false);
		// what Vite does not take either
		expect(isForUpdates(asked('/', 'vite-hmr, chat'), claims)).toBe(false);
	});
});

describe('isForProxy', () => {
	it.each([
		['ws: true', { '/api': { target: 'http://localhost:1', ws: true } }, true],
		['a target at ws', { '/api': { target: 'ws://localhost:1' } }, true],
		['a target at wss', { '/api': { target: 'wss://localhost:1' } }, true],
		['a URL at ws', { '/api': 'ws://localhost:1' }, true],
		['a URL object at ws', { '/api': { target: new URL('ws://localhost:1') } }, true],
		['requests alone', { '/api': { target: 'http://localhost:1' } }, false],
		['a URL', { '/api': 'http://localhost:1' }, false],
		['another path', { '/other': { target: 'http://localhost:1', ws: true } }, false],
		['an option that is left out', { '/api': undefined as unknown as string }, false]
	])('heeds a proxy with %s', (_, proxies, isTaken) => {
		expect(isForProxy(asked('/api/chat?a'), { proxies })).toBe(isTaken);
	});

	it('takes a context with ^ for a pattern of the whole target', () => {
		const proxies = { '^/rooms/\\d+(\\?|$)': { target: 'http://localhost:1', ws: true } };
		expect(isForProxy(asked('/rooms/12?a=b'), { proxies })).toBe(true);
		expect(isForProxy(asked('/rooms/12/x'), { proxies })).toBe(false);
		expect(isForProxy(asked('/x/rooms/12'), { proxies })).toBe(false);
	});

	it('goes on after a proxy that matches and forwards no sockets, as Vite does', () => {
		const proxies = { '/api': 'http://localhost:1', '/api/live': 'ws://localhost:1' };
		expect(isForProxy(asked('/api/live'), { proxies })).toBe(true);
		expect(isForProxy(asked('/api/other'), { proxies })).toBe(false);
	});
});

describe('countListeners', () => {
	it('counts one for updates and one for all proxies', () => {
		expect(countListeners({ proxies: undefined })).toBe(0);
		expect(countListeners({ updates: '/', proxies: undefined })).toBe(1);
		expect(countListeners({ proxies: {} })).toBe(1);
		expect(countListeners({ updates: '/', proxies: { '/a': 'ws://a', '/b': 'ws://b' } })).toBe(2);
	});
});
