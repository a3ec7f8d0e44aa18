import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Registry } from '../../../../src/server/registry/registry.ts';
import type { CloseTarget } from '../../../../src/server/registry/websockets.ts';
import type { Message } from '../../../../src/server/socket/message.ts';
import { FakeEngine } from '../../support/engine.ts';
import { adapterError } from '../../support/errors.ts';
import { FakeLog } from '../../support/log.ts';
import { fakePeer, identity } from '../../support/peers.ts';

/** A registry with a server. */
function running() {
	const registry = new Registry();
	const engine = new FakeEngine();
	registry.attach(engine);
	return { registry, engine };
}

/** A peer in this registry. */
function connected(registry: Registry) {
	const both = fakePeer(registry);
	registry.add(both.peer);
	return both;
}

const url = new URL('https://example.com/');

const ended = { done: true, value: undefined };

/** The texts of all messages until the iterator ends. */
async function all(messages: AsyncIterable<Message>): Promise<string[]> {
	const texts: string[] = [];
	for await (const message of messages) texts.push(message.text());
	return texts;
}

describe('a volatile message', () => {
	it('is published once for all who have taken everything, while the others are off the topic', () => {
		const { registry, engine } = running();
		const [quick, slow] = [connected(registry), connected(registry)];
		for (const { peer } of [quick, slow]) peer.subscribe('news');
		slow.socket.bufferedAmount = 1;
		const there: boolean[] = [];
		engine.publish = (...args) => {
			there.push(quick.socket.topics.has('news'), slow.socket.topics.has('news'));
			return FakeEngine.prototype.publish.apply(engine, args);
		};
		registry.publish('news', 'x', { volatile: true, compress: true });
		expect(there).toEqual([true, false]);
		expect(engine.published).toEqual([{ topic: 'news', data: 'x', compress: true }]);
		expect(slow.socket.topics.has('news')).toBe(true);
		expect([quick, slow].flatMap(({ socket }) => socket.sent)).toEqual([]);
	});

	it('of a peer goes to the others', () => {
		const { registry, engine } = running();
		const { peer, socket } = connected(registry);
		peer.subscribe('news');
		peer.publish('news', 'x', { volatile: true });
		expect(socket.published).toEqual([{ topic: 'news', data: 'x', compress: false }]);
		expect(engine.published).toEqual([]);
	});

	it('is heard by loops over the topic', async () => {
		const { registry } = running();
		const messages = registry.subscribe('news');
		registry.publish('news', 'x', { volatile: true });
		expect((await messages.next()).value?.text()).toBe('x');
	});
});

describe('where no server runs', () => {
	it('every call is harmless', async () => {
		const registry = new Registry();
		registry.publish('news', 'x');
		registry.send('no one', 'x');
		registry.close();
		expect([registry.size, await registry.count(), await registry.count('news')]).toEqual([
			0, 0, 0
		]);
		expect([...registry.peers]).toEqual([]);
		expect(registry.subscribers('news')).toBe(0);
		expect(await registry.subscribe('news').next()).toEqual(ended);
	});

	it('a loop over a topic ends at once', async () => {
		expect(await all(new Registry().subscribe('news'))).toEqual([]);
	});

	it('what cannot be sent is still an error', () => {
		adapterError(() => new Registry().publish('news', undefined), 'bad_value');
	});

	it('and no longer does, everything is as it was before', async () => {
		const { registry, engine } = running();
		registry.detach();
		registry.publish('news', 'x');
		expect(engine.published).toEqual([]);
		expect(registry.subscribers('news')).toBe(0);
		expect(await registry.subscribe('news').next()).toEqual(ended);
	});
});

describe('a restart', () => {
	/** The new server has started before the old one has stopped, as in dev. */
	function restarted() {
		const { registry, engine: before } = running();
		const after = new FakeEngine();
		registry.attach(after, { base: '/base' });
		return { registry, before, after };
	}

	it('leaves everything to the new server when the old one stops', async () => {
		const { registry, before, after } = restarted();
		const messages = registry.subscribe('news');
		registry.use({ url }, {});
		registry.continuous('/live', {});
		registry.detach(before);
		registry.publish('news', 'x');
		expect([before.published.length, after.published.length]).toEqual([0, 1]);
		expect((await messages.next()).value?.text()).toBe('x');
		expect(registry.keys.size).toBe(1);
		expect(registry.endpoints?.match('/base/live')).toBeDefined();
		expect(registry.subscribers('four')).toBe(4);
		registry.detach(after);
		expect([registry.keys.size, registry.endpoints]).toEqual([0, undefined]);
		expect(registry.subscribers('four')).toBe(0);
		expect(await messages.next()).toEqual(ended);
	});

	it('lets those subscribe again whom the end of the old server has turned away', async () => {
		const { registry } = running();
		const messages = registry.subscribe('news');
		registry.endSubscriptions();
		expect(await messages.next()).toEqual(ended);
		expect(await registry.subscribe('news').next()).toEqual(ended);
		registry.attach(new FakeEngine());
		const again = registry.subscribe('news');
		registry.publish('news', 'x');
		expect((await again.next()).value?.text()).toBe('x');
		registry.detach();
	});

	it('forgets the paths that were added to the old server', () => {
		const { registry } = running();
		registry.continuous('/live', {});
		registry.attach(new FakeEngine());
		expect(registry.endpoints?.match('/live')).toBeUndefined();
	});
});

describe('publish', () => {
	it('goes to the engine as it was encoded', () => {
		const { registry, engine } = running();
		registry.publish('news', { a: 1 });
		registry.publish('news', 'text', { compress: true });
		registry.publish('news', new Uint8Array([1]), {});
		expect(engine.published).toEqual([
			{ topic: 'news', data: '{"a":1}', compress: false },
			{ topic: 'news', data: 'text', compress: true },
			{ topic: 'news', data: new Uint8Array([1]), compress: false }
		]);
	});

	it('sends nothing where the value cannot be sent', () => {
		const { registry, engine } = running();
		adapterError(() => registry.publish('news', 1n), 'bad_value');
		expect(engine.published).toEqual([]);
	});
});

describe('peers', () => {
	it('are those that were added and not removed', () => {
		const { registry } = running();
		const first = connected(registry).peer;
		const second = connected(registry).peer;
		expect([...registry.peers]).toEqual([first, second]);
		expect(registry.size).toBe(2);
		registry.remove(first);
		registry.remove(first);
		expect([...registry.peers]).toEqual([second]);
		expect(registry.size).toBe(1);
	});

	it('can be sent to by their id', () => {
		const { registry } = running();
		const first = connected(registry);
		const second = connected(registry);
		registry.send(first.peer.id, { a: 1 }, { compress: true });
		expect(first.socket.sent).toEqual([{ data: '{"a":1}', compress: true }]);
		expect(second.socket.sent).toEqual([]);
	});

	it('have ids of their own, also when they are asked for them after the end', () => {
		const { registry } = running();
		const [first, second, late] = [connected(registry), connected(registry), connected(registry)];
		const ids = [first.peer.id, second.peer.id];
		for (const { peer } of [first, late]) registry.remove(peer);
		ids.push(late.peer.id);
		expect(new Set(ids).size).toBe(3);
		for (const id of ids) registry.send(id, 'x');
		const counts = [first, second, late].map(({ socket }) => socket.sent.length);
		expect(counts).toEqual([0, 1, 0]);
	});

	it('are counted by topic by the engine', () => {
		expect(running().registry.subscribers('four')).toBe(4);
	});
});

describe('close', () => {
	it('closes every peer with 1000 unless it is told otherwise', () => {
		const { registry } = running();
		const sockets = [connected(registry).socket, connected(registry).socket];
		registry.close();
		expect(sockets.map(({ closed }) => closed)).toEqual([
			[{ code: 1000, reason: '' }],
			[{ code: 1000, reason: '' }]
		]);
	});

	it('closes those that the filter picks', () => {
		const { registry } = running();
		const first = connected(registry);
		const second = connected(registry);
		registry.close(4001, 'out', (peer) => peer === second.peer);
		expect(first.socket.closed).toEqual([]);
		expect(second.socket.closed).toEqual([{ code: 4001, reason: 'out' }]);
	});

	it('closes one peer by its id, and those who are on a topic', () => {
		const { registry } = running();
		const [first, second, third] = [connected(registry), connected(registry), connected(registry)];
		second.peer.subscribe('room');
		third.peer.subscribe('room');
		registry.close(4001, '', { id: third.peer.id });
		registry.close(4002, '', { topic: 'room' });
		registry.close(4003, '', { id: 'nobody' });
		registry.close(4004, '', { topic: 'nothing' });
		const codes = [first, second, third].map(({ socket }) => socket.closed.map(({ code }) => code));
		expect(codes).toEqual([[], [4002], [4001]]);
		expect(first.peer.knownId).toBeUndefined();
	});

	it.each([
		null,
		7,
		'user',
		{},
		{ id: undefined },
		{ topic: undefined },
		{ id: 7 },
		{ topic: 7 },
		{ topic: '\u0000' },
		{ id: 'a', topic: 'b' }
	])('refuses %o for a filter, and closes nobody', (filter) => {
		const { registry } = running();
		const { socket } = connected(registry);
		adapterError(() => registry.close(4001, '', filter as never), 'bad_value');
		expect(socket.closed).toEqual([]);
	});

	it('reaches every peer, though each leaves the registry as it is closed', () => {
		const { registry } = running();
		const both = [connected(registry), connected(registry), connected(registry)];
		for (const { peer, socket } of both) socket.onClose = () => registry.remove(peer);
		registry.close();
		expect(both.every(({ socket }) => socket.closed.length === 1)).toBe(true);
		expect(registry.size).toBe(0);
	});
});

describe('close, for subscriptions', () => {
	/** A registry in which code runs on behalf of somebody. */
	function owned() {
		const { registry } = running();
		const subscribe = (owner?: Partial<CloseTarget>) => {
			registry.app = { owner: () => owner && { ...identity, topics: new Set<string>(), ...owner } };
			return registry.subscribe('news');
		};
		const isOpen = async (messages: AsyncIterator<Message>) => {
			registry.publish('news', 'x');
			return !(await messages.next()).done;
		};
		return { registry, subscribe, isOpen };
	}

	const user = (name: string) => ({ locals: { user: name } as App.Locals });

	it('ends those that were made for whom the filter picks, and no others', async () => {
		const { registry, subscribe, isOpen } = owned();
		const [ada, grace, job] = [subscribe(user('Ada')), subscribe(user('Grace')), subscribe()];
		registry.close(4401, '', ({ locals }) => 'user' in locals && locals.user === 'Ada');
		expect(await Promise.all([ada, grace, job].map(isOpen))).toEqual([false, true, true]);
	});

	it('ends those of a peer that it closes', async () => {
		const { registry, isOpen } = owned();
		const { peer, socket } = connected(registry);
		registry.app = { owner: () => peer };
		const messages = registry.subscribe('news');
		registry.close(4000, '', ({ id }) => id === peer.id);
		expect(socket.closed).toHaveLength(1);
		expect(await isOpen(messages)).toBe(false);
	});

	it('without a filter ends all but those of jobs, which live as long as the server', async () => {
		const { registry, subscribe, isOpen } = owned();
		const [ada, job] = [subscribe(user('Ada')), subscribe()];
		registry.close();
		expect(await Promise.all([ada, job].map(isOpen))).toEqual([false, true]);
		registry.detach();
		expect(await all(job)).toEqual(['x']);
	});

	it('goes on where the filter fails on one of them', async () => {
		const { registry, subscribe, isOpen } = owned();
		const log = new FakeLog();
		registry.attach(new FakeEngine(), { log });
		const messages = subscribe(user('Ada'));
		const peers = [connected(registry), connected(registry)];
		const data = peers[1]?.peer.data;
		registry.close(4000, '', (peer) => {
			if (peer.id === undefined || peer.id === peers[0]?.peer.id) throw new Error('no data');
			return peer.data === data;
		});
		expect(peers.map(({ socket }) => socket.closed.length)).toEqual([0, 1]);
		expect(await isOpen(messages)).toBe(true);
		expect(log.errors).toHaveLength(1);
	});
});

describe('a mistake in a call', () => {
	const wrong = <T>(value: unknown) => value as T;

	it.each<[string, (registry: Registry) => unknown]>([
		['publish to no topic', (registry) => registry.publish(wrong(7), 'x')],
		['publish of a promise', (registry) => registry.publish('news', Promise.resolve())],
		['subscribe to no topic', (registry) => registry.subscribe(wrong(undefined))],
		['subscribers of no topic', (registry) => registry.subscribers(wrong({}))],
		['send to no id', (registry) => registry.send(wrong(7), 'x')],
		['send of a Map to nobody', (registry) => registry.send('nobody', new Map())],
		['close with no code', (registry) => registry.close(wrong('1000'))],
		['close with a code that is not sent', (registry) => registry.close(1006)],
		['close with no reason', (registry) => registry.close(1000, wrong(7))],
		['close with a long reason', (registry) => registry.close(1000, 'x'.repeat(124))],
		['a ttl that is NaN', (registry) => registry.use({ url }, {}, { ttl: NaN })],
		['a ttl below 0', (registry) => registry.use({ url }, {}, { ttl: -1 })],
		['a ttl that is a string', (registry) => registry.use({ url }, {}, { ttl: wrong('100') })],
		['use without a handler', (registry) => registry.use({ url }, wrong(undefined))],
		['a limit that is NaN', (registry) => registry.continuous('/a', {}, { limit: NaN })],
		['a limit below 0', (registry) => registry.continuous('/a', {}, { limit: -1 })],
		[
			'a limit that is a string',
			(registry) => registry.continuous('/a', {}, { limit: wrong('2') })
		],
		['continuous without a handler', (registry) => registry.continuous('/a', wrong(null))]
	])('is an error at the place of the call, and has changed nothing: %s', (_, call) => {
		const { registry, engine } = running();
		const { socket } = connected(registry);
		const { stack = '' } = adapterError(() => call(registry), 'bad_value');
		expect(/^\s+at .*$/m.exec(stack)?.[0]).toContain('registry.test.ts');
		expect([engine.published, socket.sent, socket.closed]).toEqual([[], [], []]);
		expect(registry.keys.size).toBe(0);
		expect(registry.endpoints?.match('/a')).toBeUndefined();
	});

	it.each([7, undefined, null, 'no slash'])('is a path that is none: %j', (path) => {
		const { registry } = running();
		const { stack } = adapterError(() => registry.continuous(wrong(path), {}), 'bad_route');
		expect(/^\s+at .*$/m.exec(stack ?? '')?.[0]).toContain('registry.test.ts');
	});

	it('is one for an endpoint of run time too', () => {
		const { registry, engine } = running();
		const endpoint = registry.continuous('/a', {});
		for (const call of [() => endpoint.publish(new Set()), () => endpoint.close(1006)]) {
			const { stack = '' } = adapterError(call, 'bad_value');
			expect(/^\s+at .*$/m.exec(stack)?.[0]).toContain('registry.test.ts');
		}
		expect(engine.published).toEqual([]);
		expect(registry.endpoints?.match('/a')).toBeDefined();
	});

	it('is no ttl or limit of 0, or without an end', () => {
		const { registry } = running();
		registry.use({ url }, {}, { ttl: Infinity });
		registry.use({ url }, {}, { ttl: 0 });
		registry.continuous('/a', {}, { limit: Infinity });
		registry.continuous('/b', {}, { limit: 0 });
		registry.detach();
	});
});

describe('a subscription', () => {
	it('gets what is published to its topic from then on, in order', async () => {
		const { registry } = running();
		registry.publish('news', 'before');
		const messages = registry.subscribe('news');
		registry.publish('news', '1');
		registry.publish('other', 'x');
		registry.publish('news', '2');
		registry.detach();
		expect(await all(messages)).toEqual(['1', '2']);
	});

	it('gets what peers publish', async () => {
		const { registry } = running();
		const { peer } = connected(registry);
		const messages = registry.subscribe('news');
		peer.publish('news', { from: 'a peer' });
		const { value } = await messages.next();
		expect(value?.json()).toEqual({ from: 'a peer' });
	});

	it('gets text as text and bytes as bytes', async () => {
		const { registry } = running();
		const messages = registry.subscribe('news');
		registry.publish('news', 'text');
		registry.publish('news', new Uint8Array([1, 2]));
		expect((await messages.next()).value?.isBinary).toBe(false);
		expect((await messages.next()).value?.data).toEqual(new Uint8Array([1, 2]));
	});

	it.each([
		['an array', new Uint8Array([1, 2, 3])],
		['a part of a pool', Buffer.from([0, 1, 2, 3]).subarray(1)],
		['shared memory', new Uint8Array(new SharedArrayBuffer(3))]
	])(
		'keeps a message as it was published, in a buffer of its own, though the publisher uses its own again: %s',
		async (_, buffer) => {
			const { registry } = running();
			const messages = registry.subscribe('news');
			buffer.set([1, 2, 3]);
			registry.publish('news', buffer);
			buffer.fill(0);
			const bytes = (await messages.next()).value?.bytes();
			expect(bytes).toEqual(new Uint8Array([1, 2, 3]));
			expect(bytes?.buffer.byteLength).toBe(3);
			expect(bytes?.buffer).toBeInstanceOf(ArrayBuffer);
		}
	);

	it('gives a message to each subscription', async () => {
		const { registry } = running();
		const both = [registry.subscribe('news'), registry.subscribe('news')];
		registry.publish('news', '1');
		registry.detach();
		expect(await Promise.all(both.map(all))).toEqual([['1'], ['1']]);
	});

	it('gives waiting readers one message each, in order', async () => {
		const { registry } = running();
		const messages = registry.subscribe('news');
		const reads = [messages.next(), messages.next(), messages.next()];
		registry.publish('news', '1');
		registry.publish('news', '2');
		registry.detach();
		const results = await Promise.all(reads);
		expect(results.map(({ value }) => value?.text())).toEqual(['1', '2', undefined]);
	});

	it('ends where the signal aborts, after what was published before', async () => {
		const { registry } = running();
		const controller = new AbortController();
		const messages = registry.subscribe('news', { signal: controller.signal });
		registry.publish('news', 'before');
		controller.abort();
		registry.publish('news', 'after');
		expect(await all(messages)).toEqual(['before']);
	});

	it('ends a read that waits where the signal aborts', async () => {
		const { registry } = running();
		const controller = new AbortController();
		const read = registry.subscribe('news', { signal: controller.signal }).next();
		controller.abort();
		expect(await read).toEqual(ended);
	});

	it('has ended where the signal was aborted before', async () => {
		const { registry } = running();
		const messages = registry.subscribe('news', { signal: AbortSignal.abort() });
		registry.publish('news', 'x');
		expect(await all(messages)).toEqual([]);
	});

	it('gets nothing more once its loop was left', async () => {
		const { registry } = running();
		const messages = registry.subscribe('news');
		registry.publish('news', '1');
		registry.publish('news', '2');
		for await (const message of messages) {
			expect(message.text()).toBe('1');
			break;
		}
		registry.publish('news', '3');
		expect(await messages.next()).toEqual(ended);
	});

	it('leaves nothing behind on a signal that outlives it', async () => {
		const { registry } = running();
		const { signal } = new AbortController();
		for (let count = 0; count < 3; count += 1) {
			await registry.subscribe('news', { signal }).return?.();
		}
		expect(getEventListeners(signal, 'abort')).toEqual([]);
	});

	it('may be ended inside a loop over the same topic', async () => {
		const { registry } = running();
		const controllers = [new AbortController(), new AbortController()];
		const [first, second] = controllers.map(({ signal }) => registry.subscribe('news', { signal }));
		const read = first?.next().then(() => controllers[1]?.abort());
		registry.publish('news', '1');
		await read;
		registry.publish('news', '2');
		expect(second && (await all(second))).toEqual(['1']);
	});
});

describe('a subscription that is not read', () => {
	it('keeps 1024 messages', async () => {
		const { registry } = running();
		const messages = registry.subscribe('news');
		for (let count = 0; count < 1024; count += 1) registry.publish('news', String(count));
		registry.detach();
		const texts = await all(messages);
		expect(texts).toHaveLength(1024);
		expect(texts.at(0)).toBe('0');
		expect(texts.at(-1)).toBe('1023');
	});

	it('fails with buffer_full at the one after them, and gives those before', async () => {
		const { registry } = running();
		const messages = registry.subscribe('news');
		for (let count = 0; count < 1030; count += 1) registry.publish('news', String(count));
		const texts: string[] = [];
		const read = async () => {
			for await (const message of messages) texts.push(message.text());
		};
		await expect(read()).rejects.toMatchObject({ name: 'AdapterError', code: 'buffer_full' });
		expect(texts).toHaveLength(1024);
		expect(await messages.next()).toEqual(ended);
	});

	it('harms no other subscription', async () => {
		const { registry } = running();
		registry.subscribe('news');
		const messages = registry.subscribe('news');
		const texts: (string | undefined)[] = [];
		for (let count = 0; count < 2000; count += 1) {
			registry.publish('news', String(count));
			texts.push((await messages.next()).value?.text());
		}
		expect(texts.at(-1)).toBe('1999');
	});
});
