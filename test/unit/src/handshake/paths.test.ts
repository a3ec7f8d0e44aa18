import { describe, expect, it } from 'vitest';
import { FailedVisit, PlainVisit } from '../../../../src/server/registry/interception.ts';
import { SocketPaths } from '../../../../src/server/handshake/paths.ts';
import { Registry } from '../../../../src/server/registry/registry.ts';
import { Routes, type HookModule } from '../../../../src/server/routing/routes.ts';
import { FakeEngine } from '../../support/engine.ts';

function pathsOf(module: HookModule | undefined, base = ''): [SocketPaths, Registry] {
	const registry = new Registry();
	registry.attach(new FakeEngine(), { base });
	return [new SocketPaths(registry, module && Routes.from(module, base), base), registry];
}

const handler = { message() {} };

describe('SocketPaths.isAt', () => {
	it.each([
		['/chat/[room]', '/chat/lobby', 'surely'],
		['/chat/[room]', '/chat/lobby?a=/graphql', 'surely'],
		['/chat/[room]', '/graphql', undefined],
		['/room-[id]', '/room-1', 'surely'],
		['/[[lang]]/live', '/live', 'surely'],
		['/', '/', 'surely'],
		['/[room]', '/graphql', 'perhaps'],
		['/[...rest]', '/graphql/deep', 'perhaps'],
		['/[a]/[[b]]', '/graphql', 'perhaps']
	])('%s is at %s: %s', (route, target, expected) => {
		const [paths] = pathsOf({ websocket: { [route]: handler } });
		expect(paths.isAt(target)).toBe(expected);
	});

	it('knows paths below the base alone', () => {
		const [paths] = pathsOf({ websocket: { '/chat': handler } }, '/base');
		expect(paths.isAt('/base/chat')).toBe('surely');
		expect(paths.isAt('/chat')).toBeUndefined();
	});

	it('says perhaps where one handler takes every path', () => {
		expect(pathsOf({ websocket: handler })[0].isAt('/graphql')).toBe('perhaps');
	});

	it('says perhaps where a param matcher fails', () => {
		const matcher = { '~standard': { validate: () => expect.unreachable('broken') } };
		const [paths] = pathsOf({
			websocket: { '/n/[id=broken]': handler },
			matchers: { broken: matcher }
		});
		expect(paths.isAt('/n/1')).toBe('perhaps');
		expect(paths.isAt('/graphql')).toBeUndefined();
	});

	it('knows paths that were added at run time, and one-time keys until they are used', () => {
		const [paths, registry] = pathsOf(undefined);
		registry.continuous('/live', handler);
		expect(paths.isAt('/live')).toBe('surely');
		const { pathname } = new URL(registry.use({ url: new URL('http://localhost/') }, handler));
		expect(paths.isAt(pathname)).toBe('surely');
		registry.keys.take(pathname.split('/').at(-1) ?? '');
		expect(paths.isAt(pathname)).toBe('perhaps');
	});
});

describe('SocketPaths.match', () => {
	const none = () => undefined;

	it('takes what was added at run time before what src/websocket has', () => {
		const [paths, registry] = pathsOf({ websocket: { '/live': handler, '/chat': handler } });
		const added = { open() {} };
		const { close } = registry.continuous('/live', added);
		expect(paths.match('/live', none)?.route.handler).toBe(added);
		expect(paths.match('/chat', none)?.route.handler).toBe(handler);
		close();
		expect(paths.match('/live', none)?.route.handler).toBe(handler);
	});

	it.each(['', '/base', '/gr\u00fc\u00dfe'])('finds one-time keys below the base %j', (base) => {
		const [paths, registry] = pathsOf({ websocket: handler }, base);
		const { pathname } = new URL(registry.use({ url: new URL('http://localhost/') }, handler));
		const asked: string[] = [];
		const find = (key: string) => (asked.push(key), registry.keys.peek(key));
		expect(paths.match(pathname, find)?.route).toEqual({ id: '/_/connect/', handler });
		expect(asked).toEqual([pathname.split('/').at(-1)]);
		registry.detach();
	});

	it('finds no socket at a key that is none, though one handler takes every path', () => {
		const [paths] = pathsOf({ websocket: handler });
		expect(paths.match('/_/connect/guessed', none)).toBeUndefined();
	});
});

describe('SocketPaths.withoutKey', () => {
	it.each([
		['', 'https://example.com/_/connect/secret?a=1', 'https://example.com/_/connect/key?a=1'],
		[
			'/base',
			'https://example.com/base/_/connect/secret',
			'https://example.com/base/_/connect/key'
		],
		['/base', 'https://example.com/_/connect/secret', 'https://example.com/_/connect/secret'],
		['', 'https://example.com/chat', 'https://example.com/chat']
	])('hides it below the base %j: %s', (base, url, expected) => {
		const [paths] = pathsOf(undefined, base);
		const request = new Request(url, { headers: { cookie: 'a=1' } });
		const shown = paths.withoutKey(request);
		expect(shown.url).toBe(expected);
		expect(shown.headers.get('cookie')).toBe('a=1');
		expect(shown === request).toBe(url === expected);
	});
});

describe('SocketPaths.visit', () => {
	it('is for the paths of a map and for those that were added at run time, and no others', () => {
		const [paths, registry] = pathsOf({ websocket: { '/chat/[room]': handler } });
		registry.continuous('/live', handler);
		expect(paths.visit('/chat/lobby?a=1')).toBeInstanceOf(PlainVisit);
		expect(paths.visit('/live')).toBeInstanceOf(PlainVisit);
		expect(paths.visit('/about')).toBeUndefined();
	});

	it('is for no path where one handler takes every path: that names none', () => {
		const [paths, registry] = pathsOf({ websocket: handler });
		expect(paths.visit('/about')).toBeUndefined();
		registry.continuous('/live', handler);
		expect(paths.visit('/live')).toBeInstanceOf(PlainVisit);
	});

	it('says what a param matcher has thrown, and ends nothing', () => {
		const matcher = { '~standard': { validate: () => expect.unreachable('broken') } };
		const [paths] = pathsOf({
			websocket: { '/n/[id=broken]': handler },
			matchers: { broken: matcher }
		});
		expect(paths.visit('/n/1')).toBeInstanceOf(FailedVisit);
		expect(paths.visit('/about')).toBeUndefined();
	});
});
