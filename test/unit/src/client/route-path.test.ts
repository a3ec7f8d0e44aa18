import { afterEach, describe, expect, it, vi } from 'vitest';
import { nextUrl } from '../../../../src/client/core/url.ts';
import type { Params, ParamsSource } from '../../../../src/client/params.ts';
import { placeOf } from '../../../../src/client/place.ts';
import { Routes } from '../../../../src/server/routing/routes.ts';

const any = {
	'~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) }
};

/** What the server finds at the URL that the browser makes of a path. */
async function served(id: string, params?: ParamsSource) {
	const websocket = { [id.replace(/\?.*/, '')]: {} };
	const routes = Routes.from({ websocket, matchers: { integer: any } }, '');
	const { pathname, search } = new URL(
		String(await placeOf(id, params)),
		'http://a.example/deep/page'
	);
	return { pathname, search, params: routes.match(pathname)?.params };
}

/** What the connection says of it. */
const attempt = (id: string, params?: ParamsSource) =>
	nextUrl(() => placeOf(id, params), { url: 'http://a.example/deep/page', base: '' });

afterEach(() => vi.unstubAllGlobals());

describe('the params of a path', () => {
	it.each([
		'lobby',
		'a b',
		'a/b',
		'/help/',
		'100%',
		'%2f',
		'?x=1&y#z',
		'a\\b',
		'a\tb\nc\u00a0',
		' ',
		'grüß 日本 😀',
		'a:b@c=d,e;f+g$h',
		"it's (not) ~ *",
		'[room]',
		'...',
		'.a',
		'$&$1'
	])('arrive as they are: %j', async (room) => {
		expect((await served('/chat/[room]', { room })).params).toEqual({ room });
		expect((await served('/[room]/a-[other]/b', { room, other: room })).params).toEqual({
			room,
			other: room
		});
	});

	it.each(['a', 'a/b', 'a b/ü?/100%', 'a//b', 'a/...', 'a\\b/c', '[path]'])(
		'arrive as they are with their slashes where the path takes the rest: %j',
		async (path) => {
			expect((await served('/files/[...path]', { path })).params).toEqual({ path });
			expect((await served('/[...path]/info', { path })).params).toEqual({ path });
		}
	);

	it.each<[id: string, params: Params | undefined, pathname: string]>([
		['/[[lang]]/live', undefined, '/live'],
		['/[[lang]]/live', {}, '/live'],
		['/[[lang]]/live', { lang: '' }, '/live'],
		['/[[lang]]/live', { lang: undefined }, '/live'],
		['/[[lang]]/live', { lang: 'de' }, '/de/live'],
		['/[[lang]]', {}, '/'],
		['/live/[[lang]]', {}, '/live'],
		['/files/[...path]', { path: '' }, '/files'],
		['/[...path]', { path: '' }, '/'],
		['/[[lang]]/files/[...path=integer]/x', { path: '' }, '/files/x'],
		['/repo-[name]-[[x]]', { name: 'a' }, '/repo-a-'],
		['/items/[id=integer]/[[page=integer]]', { id: 7 }, '/items/7'],
		['/items/[id=integer]/[[page=integer]]', { id: 0, page: true }, '/items/0/true'],
		['/items/[id=integer]', { id: -1.5 }, '/items/-1.5'],
		['/[x+2e]well-known/[u+1f600]/[x+3a]a', undefined, '/.well-known/%F0%9F%98%80/:a'],
		['/[x+2f]a[x+25]b[u+0041-0042]/[room]', { room: 'a' }, '/%2Fa%25bAB/a']
	])('of %s may be %j: %s', async (id, params, pathname) => {
		const found = await served(id, params);
		expect(found.pathname).toBe(pathname);
		expect(found.params).toBeDefined();
	});

	it('are Unicode when they arrive', async () => {
		expect((await served('/chat/[room]', { room: 'a\ud800' })).params).toEqual({ room: 'a\ufffd' });
	});

	it('leave the query alone', async () => {
		expect(await served('/chat/[room]?f[room]=[room]&x', { room: '?' })).toEqual({
			pathname: '/chat/%3F',
			search: '?f[room]=[room]&x',
			params: { room: '?' }
		});
		expect(await placeOf('/[[lang]]?x', {})).toBe('/?x');
		expect(placeOf('/chat?f[x]=1', { x: 2 })).toBe('/chat?f[x]=1');
	});

	it('are asked for each time, where they come from a function, and may be nothing', async () => {
		let room: string | undefined = 'a';
		const params = () => (room === undefined ? undefined : { room });
		expect(await placeOf('/chat/[room]', params)).toBe('/chat/a');
		room = 'b';
		expect(await placeOf('/chat/[room]', params)).toBe('/chat/b');
		room = undefined;
		expect(await placeOf('/chat/[room]', params)).toBeUndefined();
		expect(placeOf('/chat', () => null)).toBeNull();
	});

	it('are read at once, by those who watch them', async () => {
		const params = { room: 'a' };
		const place = placeOf('/chat/[room]', params);
		params.room = 'b';
		expect(await place).toBe('/chat/a');
	});

	it.each<[id: string, params: Params | undefined, named: string]>([
		['/chat/[room]', undefined, 'room'],
		['/chat/[room]', {}, 'room'],
		['/chat/[room]', { room: '' }, 'room'],
		['/chat/[room]/[user]', { room: 'a' }, 'user'],
		['/chat/[room]/[user]', {}, 'room,user'],
		['/items/[id=integer]', {}, 'id'],
		['/files/[...path]', {}, 'path']
	])('of %s must be there, and not %j', async (id, params, named) => {
		await expect(attempt(id, params)).rejects.toMatchObject({
			code: 'bad_url',
			message: expect.stringContaining(`"missing:${named} of ${id}"`) as string
		});
	});

	it.each<[id: string, params: Params, named: string]>([
		['/chat/[room]', { room: '.' }, 'room, which cannot be .'],
		['/chat/[room]', { room: '..' }, 'room, which cannot be ..'],
		['/files/[...path]', { path: '../chat/lobby' }, 'path, which cannot be ../chat/lobby'],
		['/files/[...path]', { path: 'a/./b' }, 'path, which cannot be a/./b'],
		['/files/[...path]', { path: 'a/..' }, 'path, which cannot be a/..'],
		['/[...path]', { path: '/evil.example' }, 'path, which cannot be /evil.example'],
		['/[...path]', { path: '//evil.example/a' }, 'path, which cannot be //evil.example/a']
	])('of %s lead nowhere else: %j', async (id, params, named) => {
		await expect(attempt(id, params)).rejects.toMatchObject({
			code: 'bad_url',
			message: expect.stringContaining(`"missing:${named} of ${id}"`) as string
		});
	});
});

describe('what is no path with brackets', () => {
	it.each(['/chat/lobby', '/', 'chat/[room]', '?a=[b]', 'wss://[::1]/[room]', 'nonsense'])(
		'stays as it is: %s',
		(url) => {
			expect(placeOf(url, undefined)).toBe(url);
			expect(placeOf(url, { room: 'a' })).toBe(url);
		}
	);

	it('is what a function or a URL says', () => {
		const url = new URL('wss://a.example/[room]');
		expect(placeOf(url, undefined)).toBe(url);
		expect(placeOf(() => '/chat/[room]', undefined)).toBe('/chat/[room]');
		expect(placeOf(() => null, undefined)).toBeNull();
	});
});

describe('below a base', () => {
	it.each(['/app', '/chat'])(
		'a path with params begins with it, whatever it is called: %s',
		async (base) => {
			vi.stubGlobal('__SVELTEKIT_PATHS_BASE__', base);
			vi.stubGlobal('location', { href: 'https://a.example/deep/page' });
			expect(await placeOf('/chat/[room]', { room: 'a' })).toBe(`${base}/chat/a`);
			expect(await placeOf('/[[room]]', {})).toBe(`${base}/`);
		}
	);
});
