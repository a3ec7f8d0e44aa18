import { describe, expect, it, vi } from 'vitest';
import { kinds } from '../../../../src/server/bus/kinds.ts';
import { createLocalBus, LocalHub } from '../../../../src/server/bus/local.ts';
import { createId } from '../../../../src/server/registry/ids.ts';
import { Session } from '../../../../src/server/socket/session.ts';
import { FakeEngine, FakeSocket } from '../../support/engine.ts';
import { FakeLog } from '../../support/log.ts';
import { identity, plainContext } from '../../support/peers.ts';
import { FakeProcess, meet, turns } from '../../support/processes.ts';

async function two() {
	const { hub, processes } = await meet(2);
	const [here, there] = processes as [FakeProcess, FakeProcess];
	return { hub, here, there };
}

const noRequests = () => Promise.reject(new Error('Nobody is asked here'));

const ended = { done: true, value: undefined };

describe('what is published', () => {
	it('reaches peers of another process, as what it was, once', async () => {
		const { here, there } = await two();
		there.connect().peer.subscribe('news');
		here.connect().peer.subscribe('news');
		await turns();
		here.registry.publish('news', { a: 1 });
		here.registry.publish('news', new Uint8Array([0, 255]), { compress: true });
		await turns();
		const all = [
			{ topic: 'news', data: '{"a":1}', compress: false },
			{ topic: 'news', data: new Uint8Array([0, 255]), compress: true }
		];
		expect(here.engine.published).toEqual(all);
		expect(there.engine.published).toEqual(all);
	});

	it('for those who have taken everything before it reaches no others in another process either', async () => {
		const { here, there } = await two();
		const slow = there.connect();
		for (const { peer } of [slow, there.connect(), here.connect()]) peer.subscribe('news');
		slow.socket.bufferedAmount = 1;
		let wasThere = true;
		const publish = there.engine.publish.bind(there.engine);
		there.engine.publish = (...args) => {
			wasThere = slow.socket.topics.has('news');
			publish(...args);
		};
		await turns();
		here.registry.publish('news', 'x', { volatile: true });
		await turns();
		for (const { engine } of [here, there]) expect(engine.published).toHaveLength(1);
		expect([wasThere, slow.socket.topics.has('news')]).toEqual([false, true]);
	});

	it('by a peer reaches all of another process, and here all but itself', async () => {
		const { here, there } = await two();
		there.connect().peer.subscribe('news');
		const { peer, socket } = here.connect();
		peer.subscribe('news');
		await turns();
		peer.publish('news', 'x', { compress: true });
		await turns();
		expect(socket.published).toHaveLength(1);
		expect(here.engine.published).toEqual([]);
		expect(there.engine.published).toEqual([{ topic: 'news', data: 'x', compress: true }]);
	});

	it.each([true, false])('and is volatile is compressed there as here: %s', async (compress) => {
		const { here, there } = await two();
		there.connect().peer.subscribe('news');
		await turns();
		here.registry.publish('news', 'x', { volatile: true, compress });
		await turns();
		expect(there.engine.published).toEqual([{ topic: 'news', data: 'x', compress }]);
	});

	it('reaches peers of another process, each in its way, though it looks like a frame', async () => {
		const { here, there } = await two();
		const plain = there.connect();
		const own = there.connect();
		own.peer.client = { name: 'abcdefgh', positions: new Map(), request: noRequests, refused() {} };
		for (const { peer } of [plain, own]) peer.subscribe('news');
		await turns();
		here.registry.publish('news', '\u0016q1,x');
		await turns();
		expect(plain.socket.sent.map(({ data }) => data)).toEqual(['\u0016q1,x']);
		expect(own.socket.sent.map(({ data }) => data)).toEqual(['\u0016\u0016q1,x']);
		expect(there.engine.published).toEqual([]);
	});

	it('reaches loops of another process, which need no peer', async () => {
		const { here, there } = await two();
		const messages = there.registry.subscribe('news');
		await turns();
		here.registry.publish('news', 'text');
		here.registry.publish('news', new Uint8Array([7]));
		expect((await messages.next()).value?.data).toBe('text');
		expect((await messages.next()).value?.data).toEqual(new Uint8Array([7]));
	});

	it('comes in the order in which it was published', async () => {
		const { here, there } = await two();
		there.connect().peer.subscribe('news');
		await turns();
		const numbers = Array.from({ length: 500 }, (_, index) => String(index));
		for (const [index, each] of numbers.entries()) {
			here.registry.publish('news', each);
			if (index % 100 === 0) await turns(1);
		}
		await turns();
		expect(there.heard('news')).toEqual(numbers);
	});

	it('to a path of run time reaches the same path in every process', async () => {
		const { here, there } = await two();
		const [endpoint] = [here, there].map(({ registry }) => registry.continuous('/live', {}));
		const { session, topic } = connectTo(there, '/live');
		await turns();
		endpoint?.publish('x');
		await turns();
		expect(there.heard(topic)).toEqual(['x']);
		session.close(1000, '');
		await turns();
		endpoint?.publish('y');
		await turns();
		expect(there.heard(topic)).toEqual(['x']);
	});

	it.each(['process/x', 'everyone', 'topic/news', '', 'a.b.*.>', 'täglich 🙂'])(
		'on a topic that may look like one of ours is the app‘s: %j',
		async (topic) => {
			const { here, there } = await two();
			const name = topic.replace('x', there.registry.process);
			there.connect().peer.subscribe(name);
			await turns();
			here.registry.publish(name, 'x');
			await turns();
			expect(there.engine.published).toEqual([{ topic: name, data: 'x', compress: false }]);
			expect(there.log.errors).toEqual([]);
		}
	);
});

/** A socket on a path that was added at run time. */
function connectTo({ registry, log }: FakeProcess, path: string) {
	const route = registry.endpoints?.match(path)?.route;
	if (route === undefined) throw new Error(`Nothing is at ${path}`);
	const socket = new FakeSocket();
	const session = new Session(
		{
			route,
			context: plainContext,
			settings: { registry, log, maxWaiting: 1e6, maxPayload: 1e6, closeOnBackpressureLimit: false }
		},
		{ identity, heartbeat: undefined }
	);
	session.open(socket);
	const [topic = ''] = socket.topics;
	return { session, topic };
}

describe('interest', () => {
	it('is that of peers and loops together, until the last of them has gone', async () => {
		const { hub, here } = await two();
		const [first, second] = [here.connect(), here.connect()];
		const listeners = async () => {
			await turns();
			return hub.listeners('topic/news');
		};
		expect(await listeners()).toBe(0);
		first.peer.subscribe('news');
		first.peer.subscribe('news');
		second.peer.subscribe('news');
		const messages = here.registry.subscribe('news');
		expect(await listeners()).toBe(1);
		first.peer.unsubscribe('news');
		first.peer.unsubscribe('news');
		expect(await listeners()).toBe(1);
		here.registry.remove(second.peer);
		here.registry.remove(second.peer);
		second.end();
		expect(await listeners()).toBe(1);
		await messages.return();
		expect(await listeners()).toBe(0);
		first.peer.subscribe('news');
		first.end();
		expect(await listeners()).toBe(0);
	});

	it('of loops ends with the server, and that of peers with them', async () => {
		const { hub, here } = await two();
		here.connect().peer.subscribe('peers');
		const messages = here.registry.subscribe('loops');
		here.registry.endSubscriptions();
		await turns();
		expect(await messages.next()).toEqual(ended);
		expect([hub.listeners('topic/peers'), hub.listeners('topic/loops')]).toEqual([1, 0]);
	});

	it('is told to the bus of the next server too', async () => {
		const { hub, here, there } = await two();
		here.connect().peer.subscribe('peers');
		here.registry.subscribe('loops');
		const engine = new FakeEngine();
		here.registry.attach(engine, {
			bus: (options) => createLocalBus(hub, options, here.log)
		});
		await here.registry.connect();
		await turns();
		there.registry.publish('peers', 'x');
		there.registry.publish('loops', 'x');
		await turns();
		expect(engine.published.map(({ topic }) => topic)).toEqual(['peers', 'loops']);
		expect(here.engine.published).toEqual([]);
	});
});

describe('send', () => {
	it('finds a peer in whichever process it is', async () => {
		const { here, there } = await two();
		const { peer, socket } = there.connect();
		here.registry.send(peer.id, { a: 1 });
		here.registry.send(peer.id, new Uint8Array([1, 2]), { compress: true });
		here.registry.send(peer.id, '');
		here.registry.send(peer.id, 'ü🙂');
		await turns();
		expect(socket.sent).toEqual([
			{ data: '{"a":1}', compress: false },
			{ data: new Uint8Array([1, 2]), compress: true },
			{ data: '', compress: false },
			{ data: 'ü🙂', compress: false }
		]);
	});

	it('sends to one of its own without anybody else', async () => {
		const { hub, here } = await two();
		const { peer, socket } = here.connect();
		hub.interrupt();
		here.registry.send(peer.id, 'x');
		expect(socket.sent).toEqual([{ data: 'x', compress: false }]);
	});

	it('is harmless for one that has gone, for a process that has, and for what is no id', async () => {
		const { here, there } = await two();
		const { peer, end, socket } = there.connect();
		const { id } = peer;
		end();
		const nobody = createId('0123456789ab');
		const gone = here.connect();
		const own = gone.peer.id;
		gone.end();
		for (const each of [id, nobody, own, '', 'x'.repeat(100)]) here.registry.send(each, 'x');
		await turns();
		expect([socket.sent, gone.socket.sent]).toEqual([[], []]);
		expect([...here.log.errors, ...there.log.errors]).toEqual([]);
	});
});

describe('close', () => {
	it('of an id finds the peer in whichever process it is, and ends what it waits for', async () => {
		const { here, there } = await two();
		const [first, second] = [there.connect(), there.connect()];
		there.registry.app = { owner: () => first.peer };
		const messages = there.registry.subscribe('news');
		here.registry.close(4401, 'Signed out', { id: first.peer.id });
		await turns();
		expect(first.socket.closed).toEqual([{ code: 4401, reason: 'Signed out' }]);
		expect(second.socket.closed).toEqual([]);
		expect(second.peer.knownId).toBeUndefined();
		expect(await messages.next()).toEqual(ended);
	});

	it('of a topic closes everyone on it, everywhere, after what was published before', async () => {
		const { here, there } = await two();
		const all = [here, there].map((each) => {
			const [on, off] = [each.connect(), each.connect()];
			on.peer.subscribe('room');
			off.peer.subscribe('other');
			return { on, off };
		});
		await turns();
		here.registry.publish('room', 'last words');
		here.registry.close(4000, 'over', { topic: 'room' });
		await turns();
		expect(all.map(({ on }) => on.socket.closed)).toEqual([
			[{ code: 4000, reason: 'over' }],
			[{ code: 4000, reason: 'over' }]
		]);
		expect(all.flatMap(({ off }) => off.socket.closed)).toEqual([]);
		expect(there.heard('room')).toEqual(['last words']);
	});

	it('of an id or a topic leaves upgrades alone that are being decided: they have neither', async () => {
		const { here } = await two();
		const mark = here.registry.closings.mark();
		here.registry.close(4000, '', { topic: 'room' });
		here.registry.close(4000, '', { id: createId(here.registry.process) });
		const find = () =>
			here.registry.closings.find(mark, () => ({ ...identity, topics: new Set() }));
		expect(find()).toBeUndefined();
		here.registry.close(4000);
		expect(find()).toBeDefined();
	});

	it('with a function stays in this process', async () => {
		const { here, there } = await two();
		const [own, other] = [here.connect(), there.connect()];
		here.registry.close(4000, '', () => true);
		here.registry.close();
		await turns();
		expect([own.socket.closed.length, other.socket.closed.length]).toEqual([1, 0]);
	});
});

describe('count', () => {
	it('is the sum of all processes, of a topic or of all', async () => {
		const { processes } = await meet(3);
		for (const each of processes) each.connect();
		processes[0]?.connect();
		// A FakeEngine says that as many are on a topic as it has letters.
		expect(await processes[1]?.registry.count('news')).toBe(12);
		expect(await processes[1]?.registry.count()).toBe(4);
	});

	it('is that of this process where it is the only one, or where nobody can be reached', async () => {
		const alone = new FakeProcess(new LocalHub());
		alone.connect();
		expect(await alone.registry.count()).toBe(1);
		const { hub, here, there } = await two();
		there.connect();
		hub.interrupt();
		expect(await here.registry.count(undefined, { timeout: Infinity })).toBe(0);
		hub.resume();
		await turns();
		expect(await here.registry.count(undefined, { timeout: Infinity })).toBe(1);
	});

	it('does not wait for one that leaves in the meantime', async () => {
		const { here, there } = await two();
		here.connect();
		there.connect();
		there.registry.processes?.listen(kinds.count, () => {});
		const count = here.registry.count(undefined, { timeout: Infinity });
		await there.registry.disconnect();
		expect(await count).toBe(1);
	});

	it('is what has come at the deadline, and what comes later changes nothing', async () => {
		const { processes } = await meet(3);
		const [asking, silent] = processes as [FakeProcess, FakeProcess];
		for (const each of processes) each.connect();
		silent.registry.processes?.listen(kinds.count, () => {});
		expect(await asking.registry.count(undefined, { timeout: 20 })).toBe(2);
		const late = JSON.stringify({ number: 1, count: 100 });
		silent.registry.processes?.tell(asking.registry.process, kinds.counted, late);
		await turns();
		expect(asking.log.errors).toEqual([]);
	});

	it('ends with the bus', async () => {
		const { here, there } = await two();
		there.registry.processes?.listen(kinds.count, () => {});
		const count = here.registry.count(undefined, { timeout: Infinity });
		await here.registry.disconnect();
		expect(await count).toBe(0);
	});

	it('refuses what is no topic and no time', async () => {
		const { here } = await two();
		for (const call of [
			() => here.registry.count(7 as never),
			() => here.registry.count('a', { timeout: -1 }),
			() => here.registry.count('a', { timeout: NaN })
		]) {
			await expect(call()).rejects.toMatchObject({
				code: 'bad_value',
				stack: expect.stringMatching(/^[^\n]*\n\s+at [^\n]*others\.test\.ts/)
			});
		}
	});
});

describe('what a process does not understand', () => {
	const long = 'x'.repeat(500_000);
	const wrong: [string, number, string | Uint8Array][] = [
		['no letter', kinds.send, 'x'],
		['an empty letter', kinds.send, new Uint8Array()],
		['no JSON', kinds.closePeer, '{'],
		['null', kinds.closePeer, 'null'],
		['a number', kinds.count, '7'],
		['an array', kinds.counted, '[1,2]'],
		['bytes that are no UTF-8', kinds.count, new Uint8Array([255, 254])],
		['a close code that may not be sent', kinds.closePeer, '{"code":1006,"reason":"","id":"x"}'],
		['a long reason', kinds.closePeer, JSON.stringify({ code: 1000, reason: 'x'.repeat(124) })],
		['an id that is no text', kinds.closePeer, '{"code":1000,"reason":"","id":{}}'],
		['a topic that is no text', kinds.count, '{"number":1,"topic":{}}'],
		['a count below 0', kinds.counted, '{"number":1,"count":-1}'],
		['a count that is none', kinds.counted, '{"number":1,"count":1e999}'],
		['more than anybody says', kinds.count, JSON.stringify({ number: 1, topic: long })]
	];

	it.each(wrong)('harms nobody, and is in the log once: %s', async (_, kind, data) => {
		const { here, there } = await two();
		const { socket } = there.connect();
		for (let times = 0; times < 3; times += 1) {
			here.registry.processes?.tell(there.registry.process, kind, data);
		}
		await turns();
		expect(socket.closed).toEqual([]);
		expect(there.log.errors).toEqual([
			{ what: expect.stringContaining(here.registry.process), error: expect.any(Error) }
		]);
		expect(await here.registry.count()).toBe(1);
	});

	it('is ignored without a word where it is of a kind of a later version', async () => {
		const { here, there } = await two();
		for (const kind of [3, 99, 255]) {
			here.registry.processes?.tell(there.registry.process, kind, 'x');
			here.registry.processes?.tellAll(kind, new Uint8Array([1]));
		}
		await turns();
		expect([there.log.errors, there.log.warnings]).toEqual([[], []]);
		expect(there.engine.published).toEqual([]);
	});

	it('is ignored on a topic too', async () => {
		const { hub, here, there } = await two();
		const { peer, socket } = there.connect();
		peer.subscribe('news');
		const stranger = createLocalBus(
			hub,
			{ process: '0123456789ab', events: { message() {}, state() {}, left() {} } },
			new FakeLog()
		);
		await stranger.open();
		await turns();
		stranger.publish('topic/news', { kind: 77, data: 'x' });
		stranger.publish('topic/news', { kind: kinds.closeTopic, data: 'x' });
		stranger.publish('topic/news', { kind: kinds.closeTopic, data: '{"code":1,"reason":""}' });
		here.registry.publish('news', 'after');
		await turns();
		expect(socket.closed).toEqual([]);
		expect(there.heard('news')).toEqual(['after']);
		expect(there.log.errors).toHaveLength(1);
	});
});

describe('a broker that is away', () => {
	it('leaves this process to itself, and is a line when it goes and one when it comes back', async () => {
		const { hub, here, there } = await two();
		there.connect().peer.subscribe('news');
		here.connect().peer.subscribe('news');
		await turns();
		hub.interrupt();
		here.registry.publish('news', 'lost for others');
		await turns();
		expect(here.heard('news')).toEqual(['lost for others']);
		expect(here.log.warnings).toHaveLength(1);
		hub.resume();
		await turns();
		expect(here.log.infos).toHaveLength(1);
		here.registry.publish('news', 'x');
		await turns();
		expect(there.heard('news')).toEqual(['x']);
	});

	it('at the start is no line when it comes for the first time without having been away', async () => {
		const { here } = await two();
		expect([here.log.infos, here.log.warnings]).toEqual([[], []]);
	});
});

describe('a server that stops', () => {
	it('still hears others until it takes leave, which they see at once', async () => {
		const { here, there } = await two();
		there.connect().peer.subscribe('news');
		await turns();
		const left = vi.fn<(process: string) => void>();
		here.registry.processes?.onLeft(left);
		there.registry.endSubscriptions();
		here.registry.publish('news', 'x');
		await turns();
		expect(there.heard('news')).toEqual(['x']);
		there.registry.detach();
		here.registry.publish('news', 'y');
		await turns();
		expect(there.heard('news')).toEqual(['x']);
		await there.registry.disconnect();
		await there.registry.disconnect();
		await turns();
		expect(left.mock.calls).toEqual([[there.registry.process]]);
		there.registry.publish('news', 'z');
		expect(there.registry.processes?.others.size).toBe(0);
	});

	it('and starts again hears others as before, each of its sockets once', async () => {
		const { here, there } = await two();
		const { peer } = there.connect();
		peer.subscribe('news');
		const messages = there.registry.subscribe('news');
		there.registry.continuous('/live', {});
		const { topic } = connectTo(there, '/live');
		await there.registry.disconnect();
		there.connect().peer.subscribe('meanwhile');
		peer.unsubscribe('news');
		await there.registry.connect();
		await there.registry.connect();
		await turns();
		for (const each of ['news', 'meanwhile']) here.registry.publish(each, 'x');
		here.registry.continuous('/live', {}).publish('x');
		expect((await messages.next()).value?.text()).toBe('x');
		await turns();
		expect([there.heard('meanwhile'), there.heard(topic)]).toEqual([['x'], ['x']]);
		await messages.return();
		await turns();
		here.registry.publish('news', 'y');
		await turns();
		expect(there.heard('news')).toEqual(['x']);
		expect(await here.registry.count()).toBe(3);
	});

	it('without a bus knows nobody, and has nothing to open or to leave', async () => {
		const alone = new FakeProcess(new LocalHub());
		alone.registry.attach(alone.engine);
		await alone.registry.connect();
		expect(alone.registry.processes).toBeUndefined();
		expect(await alone.registry.count()).toBe(0);
		await alone.registry.disconnect();
	});
});
