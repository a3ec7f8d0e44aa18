import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TopicState } from '../../../../src/shared/protocol.ts';
import { Registry } from '../../../../src/server/registry/registry.ts';
import { TopicPatterns } from '../../../../src/server/topics/patterns.ts';
import { connect, LiveEngine, type Connected } from '../../support/live-engine.ts';

const mark = '\u0016';

/** A process whose topics `room:*` remember. */
function create(history: object | true = true) {
	const registry = new Registry();
	const engine = new LiveEngine();
	registry.attach(engine);
	registry.declare(new TopicPatterns({ 'room:*': { history } }));
	const say = (...texts: string[]) => {
		for (const text of texts) registry.publish('room:a', text);
	};
	return { registry, engine, say };
}

/** What the first frame says of the topic, and what follows it. */
function introduced({ take }: Connected): [state: TopicState, ...rest: unknown[]] {
	const [first, ...rest] = take();
	expect(String(first).slice(0, 2)).toBe(`${mark}t`);
	return [JSON.parse(String(first).slice(2)) as TopicState, ...rest];
}

/** Where a client stands that has seen this offset. */
function positionOf({ start }: TopicState, offset?: number): string {
	return offset === undefined ? String(start) : `${start}~${offset}`;
}

beforeEach(
	() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
);
afterEach(() => void vi.useRealTimers());

describe('a volatile message on a topic that remembers', () => {
	it('is as it was published for everybody who has taken everything, and is not remembered', () => {
		const { registry, engine, say } = create();
		const [own, slow, plain] = [
			connect(registry, engine, { name: 'aaaaaaaa' }),
			connect(registry, engine, { name: 'bbbbbbbb' }),
			connect(registry, engine)
		];
		const all = [own, slow, plain];
		for (const { peer } of all) peer.subscribe('room:a', { replay: 10 });
		for (const each of all) each.take();
		slow.socket.bufferedAmount = 1;
		registry.publish('room:a', 'here', { volatile: true });
		own.peer.publish('room:a', 'there', { volatile: true });
		expect(all.map((each) => each.take())).toEqual([['here'], [], ['here', 'there']]);
		say('kept');
		expect(all.map((each) => each.take())).toEqual([
			[`${mark}m1,1,kept`],
			[`${mark}m1,1,kept`],
			['kept']
		]);
		const late = connect(registry, engine);
		late.peer.subscribe('room:a', { replay: 10 });
		expect(late.take()).toEqual(['kept']);
	});
});

describe('a topic that remembers, to clients of ours', () => {
	it('is introduced, then its messages have numbers', () => {
		const { registry, engine, say } = create();
		say('before');
		const client = connect(registry, engine, {});
		client.peer.subscribe('room:a');
		const [state] = introduced(client);
		expect(state).toEqual({ number: 1, start: state.start, offset: 1, from: 1 });
		say('one', 'two, and more');
		expect(client.take()).toEqual([`${mark}m1,2,one`, `${mark}m1,3,two, and more`]);
	});

	it('gives bytes as they are, after a frame that says so', () => {
		const { registry, engine } = create();
		const client = connect(registry, engine, {});
		client.peer.subscribe('room:a');
		introduced(client);
		registry.publish('room:a', new Uint8Array([1, 2, 3]));
		expect(client.take()).toEqual([`${mark}b1,1,3`, new Uint8Array([1, 2, 3])]);
	});

	it('sends what was missed, in order, then what comes', () => {
		const { registry, engine, say } = create();
		const first = connect(registry, engine, {});
		first.peer.subscribe('room:a');
		const [state] = introduced(first);
		say('1', '2');
		first.end();
		say('3', '4');
		const again = connect(registry, engine, { positions: [positionOf(state, 2)] });
		again.peer.subscribe('room:a');
		say('5');
		const [next, ...rest] = introduced(again);
		expect(next).toMatchObject({ offset: 4, from: 2, isRecovered: true });
		expect(next).not.toHaveProperty('missed');
		expect(rest).toEqual([`${mark}m1,3,3`, `${mark}m1,4,4`, `${mark}m1,5,5`]);
	});

	it('sends all since the start to who has received nothing', () => {
		const { registry, engine, say } = create();
		const first = connect(registry, engine, {});
		first.peer.subscribe('room:a');
		const [state] = introduced(first);
		say('1');
		const again = connect(registry, engine, { positions: [positionOf(state)] });
		again.peer.subscribe('room:a');
		expect(introduced(again)).toEqual([
			expect.objectContaining({ from: 0, offset: 1, isRecovered: true }),
			`${mark}m1,1,1`
		]);
	});

	it('says that nothing was missed', () => {
		const { registry, engine } = create();
		const first = connect(registry, engine, {});
		first.peer.subscribe('room:a');
		const [state] = introduced(first);
		const again = connect(registry, engine, { positions: [positionOf(state)] });
		again.peer.subscribe('room:a');
		expect(introduced(again)).toEqual([
			expect.objectContaining({ from: 0, offset: 0, isRecovered: true })
		]);
	});

	it('says how many are forgotten, and goes on with what is not', () => {
		const { registry, engine, say } = create({ size: 2 });
		const first = connect(registry, engine, {});
		first.peer.subscribe('room:a');
		const [state] = introduced(first);
		say('1', '2', '3', '4', '5');
		const again = connect(registry, engine, { positions: [positionOf(state, 1)] });
		again.peer.subscribe('room:a');
		expect(introduced(again)).toEqual([
			expect.objectContaining({ from: 3, offset: 5, isRecovered: false, missed: 2 }),
			`${mark}m1,4,4`,
			`${mark}m1,5,5`
		]);
	});

	it('says that nothing is recovered where numbers have begun anew, and replays what is wished', () => {
		const before = create();
		const first = connect(before.registry, before.engine, {});
		first.peer.subscribe('room:a');
		const [state] = introduced(first);
		const { registry, engine, say } = create();
		say('1', '2', '3');
		const again = connect(registry, engine, { positions: [positionOf(state, 2)] });
		again.peer.subscribe('room:a', { replay: 1 });
		const [next, ...rest] = introduced(again);
		expect(next).toMatchObject({ from: 2, offset: 3, isRecovered: false });
		expect(next).not.toHaveProperty('missed');
		expect(rest).toEqual([`${mark}m1,3,3`]);
	});

	it('takes a position that somebody has made for none', () => {
		const { registry, engine, say } = create();
		const first = connect(registry, engine, {});
		say('secret');
		first.peer.subscribe('room:a');
		const [{ start = '' }] = introduced(first);
		const forged = start.replace(/\.1\./, '.0.');
		for (const position of [forged, `${start}~0`, start.slice(0, 12), `${start.slice(0, 12)}...`]) {
			const again = connect(registry, engine, { positions: [position] });
			again.peer.subscribe('room:a');
			expect(introduced(again)).toEqual([
				{ number: 1, start: expect.any(String), from: 1, offset: 1 }
			]);
		}
	});

	it('replays the newest to who is new, own ones too', () => {
		const { registry, engine, say } = create();
		const client = connect(registry, engine, {});
		say('1', '2');
		client.peer.publish('room:a', '3');
		client.peer.subscribe('room:a', { replay: 2 });
		expect(introduced(client)).toEqual([
			{ number: 1, start: expect.any(String), from: 1, offset: 3 },
			`${mark}m1,2,2`,
			`${mark}m1,3,3`
		]);
	});

	it('replays no more than there is', () => {
		const { registry, engine, say } = create();
		say('1');
		for (const replay of [Infinity, 7, 1.9]) {
			const client = connect(registry, engine, {});
			client.peer.subscribe('room:a', { replay });
			expect(introduced(client).slice(1)).toEqual([`${mark}m1,1,1`]);
		}
		const client = connect(registry, engine, {});
		client.peer.subscribe('room:a', { replay: 0 });
		expect(introduced(client).slice(1)).toEqual([]);
	});

	it('does not send again what a client has published itself, and says that it has passed', () => {
		const { registry, engine, say } = create();
		const first = connect(registry, engine, { name: 'publisher' });
		const other = connect(registry, engine, { name: 'otherones' });
		first.peer.subscribe('room:a');
		other.peer.subscribe('room:a');
		const [state] = introduced(first);
		introduced(other);
		first.peer.publish('room:a', 'mine');
		expect(first.take()).toEqual([`${mark}p1,1`]);
		expect(other.take()).toEqual([`${mark}m1,1,mine`]);
		say('theirs');
		first.end();
		const again = connect(registry, engine, { name: 'publisher', positions: [positionOf(state)] });
		again.peer.subscribe('room:a');
		expect(introduced(again).slice(1)).toEqual([`${mark}p1,1`, `${mark}m1,2,theirs`]);
	});

	it('knows its author also when that is back on another connection', () => {
		const { registry, engine } = create();
		const old = connect(registry, engine, { name: 'publisher' });
		const back = connect(registry, engine, { name: 'publisher' });
		back.peer.subscribe('room:a');
		introduced(back);
		old.peer.publish('room:a', 'mine');
		expect(back.take()).toEqual([`${mark}p1,1`]);
	});

	it('uses a position once: whoever leaves and comes again is new', () => {
		const { registry, engine, say } = create();
		const first = connect(registry, engine, {});
		first.peer.subscribe('room:a');
		const [state] = introduced(first);
		say('1');
		const again = connect(registry, engine, { positions: [positionOf(state)] });
		again.peer.subscribe('room:a');
		again.peer.unsubscribe('room:a');
		again.peer.subscribe('room:a');
		say('2');
		const [, ...rest] = introduced(again);
		expect(rest).toEqual([
			`${mark}m1,1,1`,
			`${mark}u1`,
			expect.stringContaining('"from":1}'),
			`${mark}m1,2,2`
		]);
	});

	it('sends again what is missing, and not to who is not there', () => {
		const { registry, engine, say } = create();
		const client = connect(registry, engine, {});
		client.peer.subscribe('room:a');
		introduced(client);
		say('1', '2', '3');
		client.take();
		registry.kept('room:a')?.resend(client.peer, 1);
		expect(client.take()).toEqual([`${mark}m1,2,2`, `${mark}m1,3,3`]);
		for (const offset of [3, 4, -1, NaN, 1.5]) registry.kept('room:a')?.resend(client.peer, offset);
		expect(client.take()).toEqual([]);
		say('4');
		expect(client.take()).toEqual([`${mark}m1,4,4`]);
		client.peer.unsubscribe('room:a');
		client.take();
		registry.kept('room:a')?.resend(client.peer, 1);
		expect(client.take()).toEqual([]);
	});

	it('does not send what is older than what a client was to have, whatever it misses', () => {
		const { registry, engine, say } = create();
		say('before', 'and before');
		const client = connect(registry, engine, {});
		client.peer.subscribe('room:a');
		const [state] = introduced(client);
		say('3');
		client.take();
		registry.kept('room:a')?.resend(client.peer, 0);
		expect(client.take()).toEqual([`${mark}m1,3,3`]);
		client.end();
		const again = connect(registry, engine, { positions: [positionOf(state, 3)] });
		again.peer.subscribe('room:a');
		say('4');
		again.take();
		registry.kept('room:a')?.resend(again.peer, 1);
		expect(again.take()).toEqual([`${mark}m1,4,4`]);
	});

	it('sends what a client has published to none of its connections', () => {
		const { registry, engine } = create();
		const [old, newer] = [connect(registry, engine, {}), connect(registry, engine, {})];
		const other = connect(registry, engine, { name: 'somebody' });
		for (const each of [old, newer, other]) {
			each.peer.subscribe('room:a');
			each.take();
		}
		old.peer.publish('room:a', '1');
		newer.peer.publish('room:a', new Uint8Array([2]));
		newer.end();
		old.peer.publish('room:a', '3');
		expect(old.take()).toEqual([1, 2, 3].map((offset) => `${mark}p1,${offset}`));
		expect(newer.take()).toEqual([1, 2].map((offset) => `${mark}p1,${offset}`));
		expect(other.take()).toEqual([
			`${mark}m1,1,1`,
			`${mark}b1,2,1`,
			new Uint8Array([2]),
			`${mark}m1,3,3`
		]);
	});
});

describe('a topic that remembers, to others', () => {
	it('is as it always was', () => {
		const { registry, engine, say } = create();
		const plain = connect(registry, engine);
		say('before');
		plain.peer.subscribe('room:a');
		say('one', `${mark}two`);
		registry.publish('room:a', new Uint8Array([1]));
		const other = connect(registry, engine, {});
		other.peer.publish('room:a', 'three');
		plain.peer.publish('room:a', 'own');
		plain.peer.unsubscribe('room:a');
		say('after');
		expect(plain.take()).toEqual(['one', `${mark}two`, new Uint8Array([1]), 'three']);
	});

	it('replays the newest', () => {
		const { registry, engine, say } = create();
		say('1', '2', '3');
		const plain = connect(registry, engine);
		plain.peer.subscribe('room:a', { replay: 2 });
		say('4');
		expect(plain.take()).toEqual(['2', '3', '4']);
	});

	it('counts everybody', async () => {
		const { registry, engine } = create();
		const all = [connect(registry, engine), connect(registry, engine, {})];
		for (const { peer } of all) peer.subscribe('room:a');
		expect(registry.subscribers('room:a')).toBe(2);
		expect(await registry.count('room:a')).toBe(2);
		all[1]?.peer.unsubscribe('room:a');
		all[0]?.end();
		expect(registry.subscribers('room:a')).toBe(0);
	});

	it('feeds who waits for its messages', async () => {
		const { registry, engine, say } = create();
		const messages = registry.subscribe('room:a');
		const client = connect(registry, engine, {});
		client.peer.publish('room:a', 'one');
		say('two');
		expect((await messages.next()).value?.text()).toBe('one');
		expect((await messages.next()).value?.text()).toBe('two');
	});
});

describe('a slow peer', () => {
	it.each([
		['of ours', {}],
		['of others', undefined]
	])('%s gets what was published before as it takes it', (_, client) => {
		const { registry, engine, say } = create();
		say('1', '2', '3', '4', '5');
		const slow = connect(registry, engine, client);
		slow.socket.room = client ? 2 : 1;
		slow.peer.subscribe('room:a', { replay: 5 });
		const offsets = () =>
			slow
				.take()
				.map(String)
				.filter((text) => !text.startsWith(`${mark}t`))
				.map((text) => text.split(',').at(-1));
		expect(offsets()).toEqual(['1', '2']);
		say('6');
		expect(offsets()).toEqual([]);
		slow.socket.room = 1;
		registry.drained(slow.peer);
		expect(offsets()).toEqual(['3', '4']);
		slow.socket.room = Infinity;
		registry.drained(slow.peer);
		say('7');
		registry.drained(slow.peer);
		expect(offsets()).toEqual(['5', '6', '7']);
	});

	it('that has dropped a message gets it when there is room', () => {
		const { registry, engine, say } = create();
		say('1', '2');
		const slow = connect(registry, engine, {});
		slow.socket.room = 1;
		slow.socket.maxQueued = 0;
		slow.peer.subscribe('room:a', { replay: 2 });
		expect(introduced(slow).slice(1)).toEqual([]);
		slow.socket.room = Infinity;
		registry.drained(slow.peer);
		expect(slow.take()).toEqual([`${mark}m1,1,1`, `${mark}m1,2,2`]);
	});

	it('of ours that has no room to hear of the topic hears of it when there is', () => {
		const { registry, engine, say } = create();
		say('1');
		const slow = connect(registry, engine, {});
		Object.assign(slow.socket, { room: 0, maxQueued: 0 });
		slow.peer.subscribe('room:a', { replay: 1 });
		say('2');
		slow.socket.room = Infinity;
		registry.drained(slow.peer);
		expect(introduced(slow)).toEqual([
			expect.objectContaining({ from: 0, offset: 2 }),
			`${mark}m1,1,1`,
			`${mark}m1,2,2`
		]);
	});

	it('of ours notices what it has lost, though nothing follows', () => {
		const { registry, engine, say } = create();
		const slow = connect(registry, engine, {});
		slow.peer.subscribe('room:a');
		slow.take();
		Object.assign(slow.socket, { room: 1, maxQueued: 0 });
		say('1', '2', '3');
		slow.socket.room = Infinity;
		registry.drained(slow.peer);
		registry.drained(slow.peer);
		expect(slow.take()).toEqual([`${mark}m1,1,1`, `${mark}m1,3,3`]);
		registry.kept('room:a')?.resend(slow.peer, 1);
		expect(slow.take()).toEqual([`${mark}m1,2,2`, `${mark}m1,3,3`]);
	});

	it('of ours is told that it lacks something where nothing of it is remembered', () => {
		const { registry, engine, say } = create({ bytes: 1 });
		const slow = connect(registry, engine, {});
		slow.peer.subscribe('room:a');
		slow.take();
		Object.assign(slow.socket, { room: 0, maxQueued: 0 });
		say('too long');
		slow.socket.room = Infinity;
		registry.drained(slow.peer);
		expect(introduced(slow)).toEqual([
			expect.objectContaining({ from: 1, offset: 1, isRecovered: false })
		]);
		say('x');
		expect(slow.take()).toEqual([`${mark}m1,2,x`]);
	});

	it('of others that has lost something goes on with what comes', () => {
		const { registry, engine, say } = create();
		const slow = connect(registry, engine);
		slow.peer.subscribe('room:a');
		Object.assign(slow.socket, { room: 1, maxQueued: 0 });
		say('1', '2', '3');
		slow.socket.room = Infinity;
		registry.drained(slow.peer);
		say('4');
		expect(slow.take()).toEqual(['1', '4']);
	});

	it('hears that something was forgotten before it was ready', () => {
		const { registry, engine, say } = create({ size: 2 });
		say('1', '2');
		const slow = connect(registry, engine, {});
		slow.socket.room = 1;
		slow.peer.subscribe('room:a', { replay: 2 });
		introduced(slow);
		say('3', '4', '5');
		slow.socket.room = Infinity;
		registry.drained(slow.peer);
		expect(introduced(slow)).toEqual([
			expect.objectContaining({ from: 3, offset: 5, isRecovered: false, missed: 2 }),
			`${mark}m1,4,4`,
			`${mark}m1,5,5`
		]);
	});

	it('that leaves gets nothing more', () => {
		const { registry, engine, say } = create();
		say('1', '2', '3');
		const slow = connect(registry, engine, {});
		slow.socket.room = 1;
		slow.peer.subscribe('room:a', { replay: 3 });
		slow.peer.unsubscribe('room:a');
		slow.take();
		registry.drained(slow.peer);
		say('4');
		expect(slow.take()).toEqual([]);
		expect(registry.subscribers('room:a')).toBe(0);
	});
});

describe('a client that asks for what is missing', () => {
	it('cannot have the same sent again and again: every second, from where it asked last', () => {
		const { registry, engine, say } = create();
		const client = connect(registry, engine, {});
		client.peer.subscribe('room:a');
		say('1', '2', '3');
		client.take();
		for (const offset of [0, 0, 1, 2]) registry.kept('room:a')?.resend(client.peer, offset);
		expect(client.take()).toHaveLength(3);
		vi.advanceTimersByTime(1000);
		expect(client.take()).toEqual([`${mark}m1,3,3`]);
		vi.advanceTimersByTime(5000);
		expect(client.take()).toEqual([]);
		registry.kept('room:a')?.resend(client.peer, 2);
		expect(client.take()).toEqual([`${mark}m1,3,3`]);
		registry.kept('room:a')?.resend(client.peer, 2);
		client.end();
		vi.advanceTimersByTime(5000);
		expect(client.take()).toEqual([]);
	});
});

describe('what topics keep', () => {
	it('goes on for as long as nobody is there, for the time that they remember', async () => {
		const { registry, engine, say } = create({ ttl: 60 });
		const position = await registry.position('room:a');
		vi.advanceTimersByTime(59_000);
		say('1');
		vi.advanceTimersByTime(59_000);
		const client = connect(registry, engine, { positions: [position] });
		client.peer.subscribe('room:a');
		expect(introduced(client)).toEqual([
			expect.objectContaining({ from: 0, offset: 1, isRecovered: true }),
			`${mark}m1,1,1`
		]);
		client.end();
		vi.advanceTimersByTime(62_000);
		const late = connect(registry, engine, { positions: [position] });
		late.peer.subscribe('room:a');
		expect(introduced(late)).toEqual([
			{ number: 2, start: expect.any(String), from: 0, offset: 0, isRecovered: false }
		]);
	});

	it('can be another thing after an edit, for those who are there', () => {
		const { registry, engine } = create();
		const clients = [connect(registry, engine), connect(registry, engine, {})];
		const messages = () => clients.map(({ take }) => take().map(String));
		for (const { peer } of clients) peer.subscribe('room:a');
		messages();
		registry.declare(new TopicPatterns({}));
		registry.publish('room:a', 'plain');
		expect(messages()).toEqual([['plain'], [`${mark}u1`, 'plain']]);
		registry.declare(new TopicPatterns({ 'room:*': { history: true } }));
		registry.publish('room:a', 'numbered');
		expect(messages()).toEqual([
			['numbered'],
			[expect.stringContaining('"from":0'), `${mark}m2,1,numbered`]
		]);
		registry.declare(new TopicPatterns({ 'room:*': { history: { size: 1 } } }));
		registry.publish('room:a', 'still');
		expect(messages()).toEqual([['still'], [`${mark}m2,2,still`]]);
	});

	it('is nothing where nothing is said', () => {
		const { registry, engine } = create();
		const client = connect(registry, engine, {});
		client.peer.subscribe('news');
		registry.publish('news', 'x');
		registry.publish('news', `${mark}x`);
		expect(client.take()).toEqual(['x', `${mark}${mark}x`]);
		expect(registry.kept('news')).toBeUndefined();
	});
});

describe('position', () => {
	it('is empty where no server runs', async () => {
		expect(await new Registry().position('room:a')).toBe('');
	});

	it('is refused for a topic that does not remember, and for what is none', async () => {
		const { registry } = create();
		await expect(registry.position('news')).rejects.toMatchObject({ code: 'bad_value' });
		await expect(registry.position('\u0000')).rejects.toMatchObject({ code: 'bad_value' });
	});
});
