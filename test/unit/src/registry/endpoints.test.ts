import { describe, expect, it } from 'vitest';
import { Registry } from '../../../../src/server/registry/registry.ts';
import { Session } from '../../../../src/server/socket/session.ts';
import { FakeEngine, FakeSocket } from '../../support/engine.ts';
import { adapterError } from '../../support/errors.ts';
import { FakeLog } from '../../support/log.ts';
import { identity, plainContext } from '../../support/peers.ts';

function running(base = '') {
	const registry = new Registry();
	const engine = new FakeEngine();
	registry.attach(engine, { base });
	return { registry, engine };
}

/** An open socket on a path that was added. */
function open(registry: Registry, pathname: string) {
	const match = registry.endpoints?.match(pathname);
	if (match === undefined) throw new Error(`Nothing is at ${pathname}`);
	const socket = new FakeSocket();
	const log = new FakeLog();
	const session = new Session(
		{
			route: match.route,
			context: plainContext,
			settings: { registry, log, maxWaiting: 100, maxPayload: 100, closeOnBackpressureLimit: false }
		},
		{ identity, heartbeat: undefined }
	);
	session.open(socket);
	return { session, socket };
}

describe('continuous', () => {
	it('adds a path below the base, in the syntax of Kit', () => {
		const { registry } = running('/base');
		registry.continuous('/live/[name]', {});
		expect(registry.endpoints?.match('/base/live/Ada')?.params).toEqual({ name: 'Ada' });
		expect(registry.endpoints?.match('/live/Ada')).toBeUndefined();
	});

	it('adds paths of which the most specific wins, in whatever order they came', () => {
		const { registry } = running();
		const paths = ['/[...all]', '/live/[name]', '/live/Ada'];
		for (const path of paths) registry.continuous(path, {});
		const idOf = (pathname: string) => registry.endpoints?.match(pathname)?.route.id;
		expect(['/x/y', '/live/Grace', '/live/Ada'].map(idOf)).toEqual(paths);
	});

	it('takes a function for what is to happen when a socket opens', () => {
		const { registry } = running();
		registry.continuous('/live', (peer) => void peer.send('welcome'));
		expect(open(registry, '/live').socket.sent.map(({ data }) => data)).toEqual(['welcome']);
	});

	it('replaces the handler of a path, for sockets that are open too', () => {
		const { registry } = running();
		const heard: string[] = [];
		registry.continuous('/live', {
			message: (_, message) => void heard.push(`one ${message.text()}`)
		});
		const { session } = open(registry, '/live');
		session.message('a');
		registry.continuous('/live', {
			message: (_, message) => void heard.push(`two ${message.text()}`)
		});
		session.message('b');
		expect(heard).toEqual(['one a', 'two b']);
	});

	it('knows its peers, and publishes to a topic that is theirs alone', () => {
		const { registry, engine } = running();
		const controller = registry.continuous('/live', {});
		const other = registry.continuous('/other', {});
		const { session, socket } = open(registry, '/live');
		expect([controller.peers.size, other.peers.size]).toEqual([1, 0]);
		controller.publish({ a: 1 });
		const [published] = engine.published;
		expect(published?.data).toBe('{"a":1}');
		expect(socket.topics).toContain(published?.topic);
		expect([...controller.peers][0]?.topics.size).toBe(0);
		session.close(1000, '');
		expect(controller.peers.size).toBe(0);
	});

	it('publishes a text that looks like a frame to each of its peers, and to nobody else', () => {
		const { registry, engine } = running();
		const controller = registry.continuous('/live', {});
		registry.continuous('/other', {});
		const { socket } = open(registry, '/live');
		const { socket: second } = open(registry, '/live');
		const { socket: other } = open(registry, '/other');
		controller.publish('\u00167', { compress: true });
		const sent = [{ data: '\u00167', compress: true }];
		expect([socket.sent, second.sent, other.sent]).toEqual([sent, sent, []]);
		expect(engine.published).toEqual([]);
	});

	it('publishes as it was told: compressed, and as text or bytes', () => {
		const { registry, engine } = running();
		const { publish } = registry.continuous('/live', {});
		publish('text');
		publish(new Uint8Array([1]), { compress: true });
		expect(engine.published).toMatchObject([
			{ data: 'text', compress: false },
			{ data: new Uint8Array([1]), compress: true }
		]);
	});

	it('has the limit that it was added with', () => {
		const { registry } = running();
		registry.continuous('/live', {}, { limit: 2 });
		const isFull = () => registry.endpoints?.match('/live')?.route.members?.isFull;
		const { session } = open(registry, '/live');
		expect(isFull()).toBe(false);
		open(registry, '/live');
		expect(isFull()).toBe(true);
		session.close(1001, '');
		expect(isFull()).toBe(false);
	});

	it('begins anew where its path was closed: without its peers, its limit and its end', () => {
		const { registry } = running();
		registry.continuous('/live', {}, { limit: 1 }).close(4000, 'over');
		const { peers } = registry.continuous('/live', {});
		open(registry, '/live');
		open(registry, '/live');
		expect(peers.size).toBe(2);
		expect(registry.endpoints?.match('/live')?.route.members).toMatchObject({
			isFull: false,
			closed: undefined
		});
	});

	it('says when it is full', () => {
		const { registry } = running();
		registry.continuous('/live', {}, { limit: 1 });
		const isFull = () => registry.endpoints?.match('/live')?.route.members?.isFull;
		expect(isFull()).toBe(false);
		open(registry, '/live');
		expect(isFull()).toBe(true);
		registry.continuous('/live', {}, { limit: 2 });
		expect(isFull()).toBe(false);
	});

	it('is gone when it was closed, with its sockets', () => {
		const { registry } = running();
		const controller = registry.continuous('/live', {});
		const { socket } = open(registry, '/live');
		controller.close(4000, 'over');
		expect(registry.endpoints?.match('/live')).toBeUndefined();
		expect(socket.closed).toEqual([{ code: 4000, reason: 'over' }]);
	});

	it('refuses a bad path, and keeps what it has', () => {
		const { registry } = running();
		registry.continuous('/live/[a]', {});
		adapterError(() => registry.continuous('live', {}), 'bad_route');
		adapterError(() => registry.continuous('/live/[b]', {}), 'bad_route');
		expect(registry.endpoints?.match('/live/x')?.params).toEqual({ a: 'x' });
	});

	it('is harmless where no server runs', () => {
		const registry = new Registry();
		const controller = registry.continuous('/live', {});
		controller.publish('x');
		controller.close();
		expect(controller.peers.size).toBe(0);
		expect(registry.endpoints).toBeUndefined();
	});
});
