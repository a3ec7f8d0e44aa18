import { find_route, parse_route_id } from 'kit:routing';
import { sort_routes } from 'kit:sort';
import { defineParams } from '@sveltejs/kit/params';
import process from 'node:process';
import { describe, expect, it, vi } from 'vitest';
import { Routes, type HookModule } from '../../../../src/server/routing/routes.ts';
import { adapterError } from '../../support/errors.ts';

const handler = { open() {} };

const routesOf = (websocket: unknown, base: string, matchers?: HookModule['matchers']) =>
	Routes.from({ websocket, matchers }, base);

/** Routes of these paths. */
const routes = (ids: string[], base = '') =>
	routesOf(Object.fromEntries(ids.map((id) => [id, handler])), base);

/** The path that wins, and the params. */
function match(ids: string[], pathname: string, base?: string): [string, object] | undefined {
	const found = routes(ids, base).match(pathname);
	return found && [found.route.id, found.params];
}

const many = [
	'/',
	'/chat',
	'/chat/lobby',
	'/chat/[room]',
	'/chat/[room]/typing',
	'/chat/room-[id]',
	'/chat/[...rest]',
	'/[...all]',
	'/[[lang]]/live',
	'/live/[[page]]',
	'/files/[...path]',
	'/files/[...path]/meta',
	'/files/[name].txt',
	'/a/[b]/c',
	'/[a]/b/c',
	'/(group)/grouped/[x]'
];

const paths: [pathname: string, id: string, params: object][] = [
	['/', '/', {}],
	['/chat', '/chat', {}],
	['/chat/lobby', '/chat/lobby', {}],
	['/chat/kitchen', '/chat/[room]', { room: 'kitchen' }],
	['/chat/room-7', '/chat/room-[id]', { id: '7' }],
	['/chat/kitchen/typing', '/chat/[room]/typing', { room: 'kitchen' }],
	['/chat/a/b/c', '/chat/[...rest]', { rest: 'a/b/c' }],
	['/live', '/[[lang]]/live', {}],
	['/live/2', '/live/[[page]]', { page: '2' }],
	['/de/live', '/[[lang]]/live', { lang: 'de' }],
	['/files', '/files/[...path]', { path: '' }],
	['/files/a/b', '/files/[...path]', { path: 'a/b' }],
	['/files/a/b/meta', '/files/[...path]/meta', { path: 'a/b' }],
	['/files/a.txt', '/files/[name].txt', { name: 'a' }],
	['/a/b/c', '/a/[b]/c', { b: 'b' }],
	['/x/b/c', '/[a]/b/c', { a: 'x' }],
	['/grouped/1', '/(group)/grouped/[x]', { x: '1' }],
	['/what/ever/else', '/[...all]', { all: 'what/ever/else' }]
];

describe('the most specific path', () => {
	it.each(paths)('wins for %s', (pathname, id, params) => {
		expect(match(many, pathname)).toEqual([id, params]);
	});

	it.each(paths)('wins for %s in whatever order the paths are written', (pathname, id, params) => {
		expect(match(many.toReversed(), pathname)).toEqual([id, params]);
	});

	it.each(paths)('is the one that Kit takes for %s', (pathname) => {
		const sorted = sort_routes(many.map((id) => ({ id, ...parse_route_id(id) })));
		const found = find_route(pathname, sorted, {});
		expect(match(many, pathname)).toEqual([found?.route.id, found?.params]);
	});
});

describe('a path', () => {
	it('is not found if no route has it', () => {
		expect(match(['/chat', '/chat/[room]'], '/chat/a/b')).toBeUndefined();
		expect(match(['/chat'], '/chats')).toBeUndefined();
		expect(match(['/chat'], '/Chat')).toBeUndefined();
		expect(match(['/chat/[room]'], '/chat/')).toBeUndefined();
		expect(match([], '/')).toBeUndefined();
	});

	it('may end in a slash', () => {
		expect(match(['/chat/[room]'], '/chat/lobby/')).toEqual(['/chat/[room]', { room: 'lobby' }]);
	});

	it.each([
		['/chat/caf%C3%A9', 'café'],
		['/chat/a%20b', 'a b'],
		['/chat/a+b', 'a+b'],
		['/chat/a%2Fb', 'a/b'],
		['/chat/a%3Fb%23c', 'a?b#c'],
		['/chat/100%25', '100%'],
		['/chat/%2525', '%25'],
		['/chat/%F0%9F%98%80', '😀']
	])('gives the params of %s decoded', (pathname, room) => {
		expect(match(['/chat/[room]'], pathname)).toEqual(['/chat/[room]', { room }]);
	});

	it('is found where its fixed part is encoded in the URL', () => {
		expect(match(['/café'], '/caf%C3%A9')).toEqual(['/café', {}]);
		expect(match(['/chat'], '/%63hat')).toEqual(['/chat', {}]);
	});

	it('is found by characters that the route writes as escapes', () => {
		expect(match(['/[x+3a]smile'], '/:smile')).toEqual(['/[x+3a]smile', {}]);
		expect(match(['/a[x+2f]b'], '/a%2Fb')).toEqual(['/a[x+2f]b', {}]);
	});

	it.each(['/chat/%', '/chat/%zz', '/chat/%C3', '/chat/%2'])(
		'is not found if it cannot be decoded: %s',
		(pathname) => {
			expect(match(['/chat/[room]', '/[...all]'], pathname)).toBeUndefined();
			expect(routesOf(handler, '').match(pathname)).toBeUndefined();
		}
	);
});

describe('a base', () => {
	it('stands before every path', () => {
		expect(match(['/chat/[room]'], '/base/chat/lobby', '/base')).toEqual([
			'/chat/[room]',
			{ room: 'lobby' }
		]);
		expect(match(['/chat/[room]'], '/chat/lobby', '/base')).toBeUndefined();
	});

	it('is the root itself, with and without a slash', () => {
		expect(match(['/'], '/base', '/base')).toEqual(['/', {}]);
		expect(match(['/'], '/base/', '/base')).toEqual(['/', {}]);
	});

	it('ends where a segment ends', () => {
		expect(match(['/[...all]', '/'], '/baseball', '/base')).toBeUndefined();
		expect(match(['/[...all]'], '/bas', '/base')).toBeUndefined();
	});

	it('may be taken for a path below it', () => {
		expect(match(['/base'], '/base/base', '/base')).toEqual(['/base', {}]);
	});

	// Kit decodes the pathname before it takes the base off: `runtime/server/respond.js`.
	it('may hold characters that a URL encodes', () => {
		expect(match(['/chat'], '/caf%C3%A9/chat', '/café')).toEqual(['/chat', {}]);
	});
});

describe('one handler for every path', () => {
	it.each(['upgrade', 'open', 'message', 'drain', 'close', 'error'])(
		'is an object with the hook %s',
		(hook) => {
			const websocket = { [hook]() {} };
			expect(routesOf(websocket, '').match('/any/path')).toEqual({
				route: { id: '*', handler: websocket },
				params: {}
			});
		}
	);

	it('asks the matchers of src/params, and gives what they make of a param', () => {
		const params = defineParams({
			integer: (param) => (/^\d+$/.test(param) ? Number(param) : undefined)
		});
		const found = routesOf({ '/[id=integer]': {}, '/[name]': {} }, '', params);
		expect(found.match('/7')).toMatchObject({ route: { id: '/[id=integer]' }, params: { id: 7 } });
		expect(found.match('/x')).toMatchObject({ route: { id: '/[name]' }, params: { name: 'x' } });
		const { message } = adapterError(
			() => routesOf({ '/[id=float]': {} }, '', params),
			'bad_route'
		);
		expect(message).toContain('which has integer.');
	});

	it('stays below the base', () => {
		const found = routesOf(handler, '/base');
		for (const path of ['/base', '/base/', '/base/x']) expect(found.match(path)).toBeDefined();
		for (const path of ['/x', '/basex', '/basex/y', '/base%20', '/bas', '/']) {
			expect(found.match(path)).toBeUndefined();
		}
	});

	it('is none after the hook file is gone', () => {
		const found = routesOf(handler, '');
		found.clear();
		expect(found.match('/anywhere')).toBeUndefined();
	});

	it('names no path in particular', () => {
		expect(routesOf(handler, '').hasPath('/chat')).toBe(false);
		expect(routesOf({ '/chat': handler }, '').hasPath('/chat')).toBe(true);
	});
});

describe('a matcher that takes its time', () => {
	it('is an error at once, and is not heard of again when it rejects', async () => {
		const unheard = vi.fn();
		process.on('unhandledRejection', unheard);
		const matcher = {
			'~standard': { validate: () => Promise.reject(new Error('The database is away')) }
		};
		const found = routesOf({ '/[id=slow]': handler }, '', { slow: matcher });
		expect(() => found.match('/7')).toThrow();
		await new Promise((resolve) => void setImmediate(resolve));
		process.off('unhandledRejection', unheard);
		expect(unheard).not.toHaveBeenCalled();
	});
});

describe('what src/websocket exports', () => {
	it.each([undefined, null, 'a string', 7, () => {}, false])('must not be %o', (websocket) => {
		const { message } = adapterError(() => routesOf(websocket, ''), 'websocket_export');
		expect(message).toContain('no usable export named websocket');
		expect(message).toContain('export const websocket = defineWebSocket(');
	});

	it('may be an empty map', () => {
		expect(routesOf({}, '').match('/')).toBeUndefined();
	});

	it.each([
		['chat', 'Start it with a slash'],
		['', 'Start it with a slash'],
		['/chat/[room=word]', 'Define the matcher word in src/params'],
		['/[[lang=lang]]/chat', 'Define the matcher lang in src/params'],
		['/chat/[ro om]', 'Use letters, digits, _ and -']
	])('must not have the path %j', (id, advice) => {
		const { message } = adapterError(() => routes([id, '/other']), 'bad_route');
		expect(message).toContain(JSON.stringify(id));
		expect(message).toContain(advice);
	});

	// What Kit refuses in `core/sync/create_manifest_data/index.js`, and `conflict.js`.
	it.each([
		['brackets that do not match', ['/chat/[room']],
		['brackets that do not match, beside another path', ['/chat/[room', '/chat/[x]']],
		['params that touch each other', ['/chat/[a][b]']],
		['an optional param after a rest', ['/[...rest]/[[page]]']],
		['a rest that is optional', ['/[[...rest]]']],
		['two paths that are the same', ['/chat/[a]', '/chat/[b]']]
	])('must not have, as in Kit, %s', (_, ids) => {
		adapterError(() => routes(ids), 'bad_route');
	});

	it.each([undefined, null, 'a string', () => {}])(
		'must not give a path %o instead of a handler',
		(value) => {
			const { message } = adapterError(() => routesOf({ '/chat': value }, ''), 'bad_route');
			expect(message).toContain('"/chat"');
			expect(message).toContain('Give it an object with hooks');
		}
	);
});

describe('routes that are replaced', () => {
	const next = { open() {} };

	it('stay the objects that they are where the path stays', () => {
		const found = routesOf({ '/a/[x]': handler, '/b': handler }, '');
		const before = found.match('/a/1')?.route;
		found.replace({ websocket: { '/a/[x]': next, '/c': next } });
		expect(found.match('/a/1')?.route).toBe(before);
		expect(before?.handler).toBe(next);
		expect(found.match('/b')).toBeUndefined();
		expect(found.match('/c')?.route.handler).toBe(next);
	});

	it('are the same objects again where a path has been gone', () => {
		const found = routesOf({ '/a': handler }, '');
		const before = found.match('/a')?.route;
		found.replace({ websocket: { '/b': handler } });
		found.clear();
		found.replace({ websocket: { '/a': next } });
		expect(found.match('/a')?.route).toBe(before);
		expect(before?.handler).toBe(next);
	});

	it('may become one handler for every path, and a map again', () => {
		const found = routesOf({ '/a': handler }, '');
		found.replace({ websocket: next });
		const everywhere = found.match('/anywhere')?.route;
		expect(everywhere?.handler).toBe(next);
		found.replace({ websocket: handler });
		expect(found.match('/')?.route).toBe(everywhere);
		expect(everywhere?.handler).toBe(handler);
		found.replace({ websocket: { '/a': next } });
		expect(found.match('/anywhere')).toBeUndefined();
	});

	it.each([{}, { websocket: 7 }, { websocket: { 'no slash': handler } }])(
		'are as they were where the new ones cannot be used: %j',
		(module) => {
			const found = routesOf({ '/a': handler }, '');
			expect(() => found.replace(module)).toThrow('[svelte-adapter-ws]');
			expect(found.match('/a')?.route.handler).toBe(handler);
		}
	);

	it('are none after the hook file is gone', () => {
		const found = routesOf({ '/a': handler }, '');
		found.clear();
		expect(found.match('/a')).toBeUndefined();
	});
});
