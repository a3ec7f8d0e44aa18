import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Registry } from '../../../../src/server/registry/registry.ts';
import { TopicPatterns } from '../../../../src/server/topics/patterns.ts';
import { adapterError } from '../../support/errors.ts';
import { connect, LiveEngine } from '../../support/live-engine.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const turn = () => vi.advanceTimersByTime(1);

function create(options: object = { presence: true }) {
	const registry = new Registry();
	const engine = new LiveEngine();
	registry.attach(engine);
	const declare = (topics: object) => registry.declare(new TopicPatterns(topics));
	declare({ 'room:*': options });
	const ids = () => registry.presence('room:1').map(({ id }) => id);
	return {
		registry,
		declare,
		ids,
		own: (name = 'abcdefgh') => connect(registry, engine, { name }),
		plain: () => connect(registry, engine)
	};
}

const topicFrame = '\u0016t{"number":1}';

describe('presence on a topic', () => {
	it('is told to clients of ours, after the topic, and to nobody else', () => {
		const { own, plain, registry } = create();
		const [ana, bob, other] = [own(), plain(), plain()];
		other.peer.subscribe('room:1');
		ana.peer.subscribe('room:1', { presence: { id: 'ana', info: { name: 'Ana' } } });
		turn();
		bob.peer.subscribe('room:1', { presence: { id: 'bob' } });
		turn();
		registry.publish('room:1', 'text');
		bob.peer.unsubscribe('room:1');
		turn();
		expect(ana.take()).toEqual([
			topicFrame,
			'\u0016w1,{"all":[{"id":"ana","info":{"name":"Ana"}}]}',
			'\u0016w1,{"joined":[{"id":"bob"}]}',
			'text',
			'\u0016w1,{"left":["bob"]}'
		]);
		expect([bob.take(), other.take()]).toEqual([['text'], ['text']]);
	});

	it('is known at once', () => {
		const { own, ids } = create();
		const ana = own();
		ana.peer.subscribe('room:1', { presence: { id: 'ana' } });
		expect(ids()).toEqual(['ana']);
		ana.peer.unsubscribe('room:1');
		expect(ids()).toEqual([]);
	});

	it('lasts for five seconds after the end of a socket', () => {
		const { own, ids } = create();
		const [ana, watcher] = [own(), own('watching')];
		watcher.peer.subscribe('room:1');
		ana.peer.subscribe('room:1', { presence: { id: 'ana' } });
		ana.end();
		vi.advanceTimersByTime(4990);
		expect(ids()).toEqual(['ana']);
		vi.advanceTimersByTime(20);
		expect(ids()).toEqual([]);
		expect(watcher.take().slice(1)).toEqual([
			'\u0016w1,{"all":[{"id":"ana"}]}',
			'\u0016w1,{"left":["ana"]}'
		]);
	});

	it('is changed by a peer that is there already', () => {
		const { own, registry } = create();
		const ana = own();
		ana.peer.subscribe('room:1');
		turn();
		expect(registry.presence('room:1')).toEqual([]);
		ana.peer.subscribe('room:1', { presence: { id: 'ana', info: 1 } });
		ana.peer.subscribe('room:1', {});
		ana.peer.subscribe('room:1');
		turn();
		ana.peer.subscribe('room:1', { presence: { id: 'ana', info: 2 } });
		turn();
		expect(registry.presence('room:1')).toEqual([{ id: 'ana', info: 2 }]);
		expect(ana.take()).toEqual([
			topicFrame,
			'\u0016w1,{"all":[]}',
			'\u0016w1,{"joined":[{"id":"ana","info":1}]}',
			'\u0016w1,{"joined":[{"id":"ana","info":2}]}'
		]);
	});

	it('leaves messages as they are, to everybody', () => {
		const { own, plain, registry } = create();
		const [ana, bob] = [own(), plain()];
		for (const { peer } of [ana, bob]) peer.subscribe('room:1');
		turn();
		ana.take();
		ana.peer.publish('room:1', 'by ana');
		bob.peer.publish('room:1', new Uint8Array([1]));
		registry.publish('room:1', '\u0016w1,{}');
		expect(ana.take()).toEqual([new Uint8Array([1]), '\u0016\u0016w1,{}']);
		expect(bob.take()).toEqual(['by ana', '\u0016w1,{}']);
	});

	it('goes together with history', () => {
		const { own, registry } = create({ presence: true, history: true });
		const ana = own();
		ana.peer.subscribe('room:1', { presence: { id: 'ana' } });
		registry.publish('room:1', 'text');
		turn();
		const [topic, ...rest] = ana.take();
		expect(topic).toContain('\u0016t{"number":1,');
		expect(rest).toEqual(['\u0016m1,1,text', '\u0016w1,{"all":[{"id":"ana"}]}']);
	});

	it('costs everybody one frame a turn, however many come', () => {
		const { own, ids } = create();
		const watcher = own();
		watcher.peer.subscribe('room:1');
		turn();
		watcher.take();
		const crowd = Array.from({ length: 1000 }, (_, index) => {
			const each = own(`crowd${String(index).padStart(4, '0')}`);
			each.peer.subscribe('room:1', { presence: { id: `${index}` } });
			return each;
		});
		turn();
		expect(watcher.take()).toHaveLength(1);
		// Besides that: the topic, and everybody.
		expect(new Set(crowd.map((each) => each.take().length))).toEqual(new Set([3]));
		expect(ids()).toHaveLength(1000);
	});

	it('is told anew to who was slow and has lost something', () => {
		const { own, registry } = create();
		const [slow, ana] = [own(), own('comes')];
		slow.peer.subscribe('room:1');
		turn();
		slow.take();
		registry.drained(slow.peer);
		turn();
		expect(slow.take()).toEqual([]);
		slow.socket.room = 0;
		slow.socket.maxQueued = 0;
		ana.peer.subscribe('room:1', { presence: { id: 'ana' } });
		turn();
		slow.socket.room = Infinity;
		registry.drained(slow.peer);
		turn();
		expect(slow.take()).toEqual(['\u0016w1,{"all":[{"id":"ana"}]}']);
	});
});

describe('who asks who is present', () => {
	it('is told that nobody is where no server runs', () => {
		const registry = new Registry();
		expect(registry.presence('room:1')).toEqual([]);
		adapterError(() => registry.presence(7 as never), 'bad_value');
	});

	it('is told that the topic does not keep it', () => {
		const { registry, declare } = create();
		declare({ 'room:*': { presence: true }, 'log:*': { history: true } });
		for (const topic of ['other', 'log:1']) {
			const error = adapterError(() => registry.presence(topic), 'bad_value');
			expect(error.stack).toMatch(/^[^\n]*\n\s+at [^\n]*presence\.test\.ts/);
		}
		adapterError(() => registry.presence('\u0000x'), 'bad_value');
		expect(registry.presence('room:1')).toEqual([]);
	});
});

describe('what the app says of its topics', () => {
	it('may change while somebody is present', () => {
		const { own, declare, ids } = create();
		const ana = own();
		ana.peer.subscribe('room:1', { presence: { id: 'ana' } });
		for (const options of [{ presence: true }, { presence: true, history: true }]) {
			declare({ 'room:*': options });
			expect(ids()).toEqual(['ana']);
		}
		turn();
		ana.end();
		vi.advanceTimersByTime(5000);
		expect(ids()).toEqual([]);
	});

	it('may come later than those who are there', () => {
		const { own, declare, ids } = create({ history: true });
		const ana = own();
		ana.peer.subscribe('room:1');
		declare({ 'room:*': { history: true, presence: true } });
		turn();
		expect(ana.take().at(-1)).toBe('\u0016w1,{"all":[]}');
		ana.peer.subscribe('room:1', { presence: { id: 'ana' } });
		turn();
		expect(ana.take()).toEqual(['\u0016w1,{"joined":[{"id":"ana"}]}']);
		expect(ids()).toEqual(['ana']);
	});
});
