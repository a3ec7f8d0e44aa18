import { describe, expect, it } from 'vitest';
import { SocketPaths } from '../../../../src/server/handshake/paths.ts';
import { Registry } from '../../../../src/server/registry/registry.ts';
import { Routes, type HookModule } from '../../../../src/server/routing/routes.ts';
import { FakeEngine } from '../../support/engine.ts';

function pathsOf(module: HookModule | undefined, base = ''): [SocketPaths, Registry] {
	const registry = new Registry();
	registry.attach(new FakeEngine(), base);
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
