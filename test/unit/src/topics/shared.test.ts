import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Histories } from '../../../../src/server/bus/log/histories.ts';
import { connect } from '../../support/live-engine.ts';
import { OwnRoomClient } from '../../support/own-client.ts';
import { ShakyWorld, type Shakiness } from '../../support/shaky-world.ts';

const topic = 'room:a';
const remembering = { 'room:*': { history: { size: 10_000 } } };

/** The same numbers for the same seed: mulberry32. */
function seeded(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}

async function create(shakiness: Partial<Shakiness> = {}, count = 2, topics: object = remembering) {
	const world = new ShakyWorld({ random: seeded(1), ...shakiness });
	const processes = await Promise.all(Array.from({ length: count }, () => world.start(topics)));
	await vi.advanceTimersByTimeAsync(1);
	const [one, two] = processes;
	if (one === undefined || two === undefined) throw new Error('Two are needed');
	return { world, processes, one, two };
}

const settle = (milliseconds = 100) => vi.advanceTimersByTimeAsync(milliseconds);

beforeEach(
	() =>
		void vi.useFakeTimers({
			toFake: [
				'setTimeout',
				'clearTimeout',
				'setInterval',
				'clearInterval',
				'setImmediate',
				'performance',
				'Date'
			]
		})
);
afterEach(() => void vi.useRealTimers());

describe('a topic that one place numbers for all processes', () => {
	it('has the same numbers everywhere, and each message once', async () => {
		const { one, two } = await create();
		const clients = [new OwnRoomClient('aaaaaaaa', topic), new OwnRoomClient('bbbbbbbb', topic)];
		clients[0]?.connect(one);
		clients[1]?.connect(two);
		await settle();
		clients[0]?.publish('from a');
		two.registry.publish(topic, 'from two');
		await settle();
		for (const client of clients) client.read();
		expect(clients.map(({ texts }) => texts)).toEqual([['from two'], ['from a', 'from two']]);
		expect(clients.map(({ last }) => last)).toEqual([2, 2]);
	});

	it('recovers in another process what was missed in one', async () => {
		const { one, two } = await create();
		const client = new OwnRoomClient('aaaaaaaa', topic);
		client.connect(one);
		await settle();
		client.publish('own');
		one.registry.publish(topic, '1');
		await settle();
		client.disconnect();
		one.registry.publish(topic, '2');
		two.registry.publish(topic, '3');
		client.connect(two);
		one.registry.publish(topic, '4');
		await settle();
		client.read();
		expect(client.texts).toEqual(['1', '2', '3', '4']);
		expect(client.lost).toBe(0);
	});

	it('recovers what was published while nobody was there at all', async () => {
		const { one, two } = await create();
		const asked = one.registry.position(topic);
		await settle();
		const position = await asked;
		one.registry.publish(topic, '1');
		await settle();
		const client = connect(two.registry, two.engine, { positions: [position] });
		client.peer.subscribe(topic);
		await settle();
		expect(client.take()).toEqual([
			expect.stringContaining('"from":0,"isRecovered":true'),
			'\u0016m1,1,1'
		]);
	});

	it('takes a position after what was published before', async () => {
		const { one, two } = await create({ delay: 20 });
		one.registry.publish(topic, '1');
		const asked = one.registry.position(topic);
		await settle();
		const client = connect(two.registry, two.engine, { positions: [await asked] });
		client.peer.subscribe(topic);
		await settle();
		expect(client.take()).toEqual([expect.stringContaining('"from":1,"isRecovered":true')]);
	});

	it('delivers what is published after somebody has come, though it is not known yet what was before', async () => {
		const { one } = await create({ delay: 20 });
		const plain = connect(one.registry, one.engine);
		const own = connect(one.registry, one.engine, {});
		one.registry.publish(topic, 'before');
		plain.peer.subscribe(topic);
		own.peer.subscribe(topic);
		one.registry.publish(topic, 'welcome');
		await settle();
		expect(plain.take()).toEqual(['welcome']);
		expect(own.take()).toEqual([expect.stringContaining('"from":1'), '\u0016m1,2,welcome']);
	});

	it('replays to who is new, also to a client of somebody else', async () => {
		const { one, two } = await create();
		for (const text of ['1', '2', '3']) one.registry.publish(topic, text);
		await settle();
		const plain = connect(two.registry, two.engine);
		plain.peer.subscribe(topic, { replay: 2 });
		await settle();
		expect(plain.take()).toEqual(['2', '3']);
	});

	it('forgets whoever leaves before it is known what was published', async () => {
		const { one } = await create({ delay: 20 });
		const client = connect(one.registry, one.engine, {});
		client.peer.subscribe(topic);
		client.peer.unsubscribe(topic);
		client.peer.subscribe(topic);
		client.peer.unsubscribe(topic);
		one.registry.publish(topic, '1');
		await settle();
		expect(client.take()).toEqual([]);
		client.peer.subscribe(topic);
		await settle();
		one.registry.publish(topic, '2');
		await settle();
		expect(client.take()).toEqual([expect.stringContaining('"from":1'), '\u0016m1,2,2']);
	});

	it('waits for what a client has seen elsewhere, and is late here', async () => {
		const { world, one, two } = await create();
		const client = new OwnRoomClient('aaaaaaaa', topic);
		const other = new OwnRoomClient('bbbbbbbb', topic);
		other.connect(two);
		client.connect(one);
		await settle();
		world.shakiness.loss = 1;
		one.registry.publish(topic, '1');
		await vi.advanceTimersByTimeAsync(0);
		client.disconnect();
		expect(client.texts).toEqual(['1']);
		client.connect(two);
		await settle();
		two.registry.publish(topic, '2');
		await settle();
		client.read();
		other.read();
		expect([client.texts, client.lost]).toEqual([['1', '2'], 0]);
		expect(other.texts).toEqual(['1', '2']);
	});

	it('tells everybody when numbers begin anew, and goes on with those', async () => {
		const { world, one, two } = await create();
		const client = new OwnRoomClient('aaaaaaaa', topic);
		const away = new OwnRoomClient('bbbbbbbb', topic);
		const plain = connect(one.registry, one.engine);
		client.connect(one);
		away.connect(one);
		plain.peer.subscribe(topic);
		await settle();
		one.registry.publish(topic, '1');
		await settle();
		away.disconnect();
		world.histories = new Histories();
		two.registry.publish(topic, '2');
		two.registry.publish(topic, '3');
		await settle();
		away.connect(two);
		await settle();
		client.read();
		away.read();
		expect([client.texts, client.lost]).toEqual([['1', '2', '3'], 1]);
		expect([away.texts, away.lost]).toEqual([['1'], 1]);
		expect(plain.take()).toEqual(['1', '2', '3']);
	});

	it('does not call numbers old that are newer than its own', async () => {
		const { world, one, two } = await create();
		const client = new OwnRoomClient('aaaaaaaa', topic);
		const other = new OwnRoomClient('bbbbbbbb', topic);
		other.connect(two);
		client.connect(one);
		await settle();
		one.registry.publish(topic, '1');
		await settle();
		world.histories = new Histories();
		world.shakiness.loss = 1;
		one.registry.publish(topic, '2');
		await settle();
		client.disconnect();
		client.connect(two);
		await settle();
		two.registry.publish(topic, '3');
		await settle();
		client.read();
		other.read();
		expect([client.texts, client.lost]).toEqual([['1', '2', '3'], 1]);
		expect(other.lost).toBe(1);
	});

	it('goes on without numbers while the log is away, and says so once', async () => {
		const { world, one, two } = await create();
		const here = new OwnRoomClient('aaaaaaaa', topic);
		const there = new OwnRoomClient('bbbbbbbb', topic);
		const plain = connect(two.registry, two.engine);
		here.connect(one);
		there.connect(two);
		plain.peer.subscribe(topic);
		await settle();
		world.isLogAway = true;
		const late = connect(two.registry, two.engine, {});
		late.peer.subscribe(topic);
		for (const text of ['1', '2', '\u0016frame']) one.registry.publish(topic, text);
		await settle();
		world.isLogAway = false;
		one.registry.publish(topic, '3');
		await settle(20_000);
		for (const client of [here, there]) client.read();
		expect(plain.take()).toEqual(['1', '2', '\u0016frame', '3']);
		expect(here.last).toBe(1);
		expect(there.texts.at(-1)).toBe('3');
		expect(late.take().map(String)).toContain('\u0016\u0016frame');
		const warnings = one.log.warnings.filter(({ what }) => what.includes('cannot be remembered'));
		expect(warnings).toHaveLength(1);
	});

	it('reads again now and then, for the bus may lose the last message, which nothing follows', async () => {
		const { world, one, two } = await create();
		const client = new OwnRoomClient('aaaaaaaa', topic);
		client.connect(two);
		await settle();
		world.shakiness.loss = 1;
		one.registry.publish(topic, '1');
		await settle();
		client.read();
		expect(client.texts).toEqual([]);
		await settle(20_000);
		client.read();
		expect(client.texts).toEqual(['1']);
	});

	it('feeds who waits for messages and is no peer', async () => {
		const { one, two } = await create({ delay: 20 });
		const messages = two.registry.subscribe(topic);
		await settle();
		for (const text of ['1', '2', '3']) one.registry.publish(topic, text);
		await settle();
		const texts = [];
		for (let each = 0; each < 3; each += 1) texts.push((await messages.next()).value?.text());
		expect(texts).toEqual(['1', '2', '3']);
	});
});

describe('where each process numbers by itself', () => {
	const local = async () => {
		const world = new ShakyWorld({ random: seeded(1) });
		const one = await world.start(remembering, false);
		const two = await world.start(remembering, false);
		await settle();
		return { world, one, two };
	};

	it('remembers what others publish also while nobody is there', async () => {
		const { one, two } = await local();
		const client = new OwnRoomClient('aaaaaaaa', topic);
		client.connect(one);
		client.disconnect();
		two.registry.publish(topic, '1');
		await settle();
		client.connect(one);
		client.read();
		expect([client.texts, client.lost]).toEqual([['1'], 0]);
	});

	it('claims nothing in another process', async () => {
		const { one, two } = await local();
		const client = new OwnRoomClient('aaaaaaaa', topic);
		client.connect(one);
		client.disconnect();
		client.connect(two);
		client.read();
		expect(client.lost).toBe(1);
	});
});

describe('many processes, clients that come and go, and a bus that loses', () => {
	it.each([1, 2, 3, 4, 5, 6, 7, 8])(
		'nobody misses anything, or gets it twice (seed %i)',
		async (seed) => {
			const random = seeded(seed);
			const pick = <T>(all: readonly T[]): T => {
				const picked = all[Math.floor(random() * all.length)];
				if (picked === undefined) throw new Error('There is nothing to pick');
				return picked;
			};
			const { world, processes } = await create({ random, loss: 0.1, delay: 30 }, 3);
			const clients = Array.from(
				{ length: 12 },
				(_, index) => new OwnRoomClient(`client${String(index).padStart(2, '0')}`, topic)
			);
			const plain = connect(pick(processes).registry, pick(processes).engine);
			const [{ registry, engine } = pick(processes)] = processes;
			const other = connect(registry, engine);
			other.peer.subscribe(topic);
			plain.end();
			for (const client of clients) client.connect(pick(processes));
			await settle(2000);
			const published: string[] = [];
			for (let each = 0; each < 1000; each += 1) {
				const text = `${each}`;
				published.push(text);
				const author = random() < 0.3 ? pick(clients) : undefined;
				const own = author?.own.length;
				author?.publish(text);
				if (author === undefined || author.own.length === own) {
					pick(processes).registry.publish(topic, text);
				}
				if (random() < 0.1) {
					const client = pick(clients);
					client.disconnect();
					if (random() < 0.5) await settle(random() * 200);
					client.connect(pick(processes));
				}
				if (random() < 0.5) await settle(random() * 5);
			}
			await settle(60_000);
			const { entries } = world.histories.read(topic, 0, { size: 10_000, bytes: 1e9, ttl: 3600 });
			const all = entries.map(({ data }) => String(data));
			expect([...all].sort()).toEqual([...published].sort());
			for (const client of clients) {
				client.read();
				expect(client.lost).toBe(0);
				expect(client.texts).toEqual(all.filter((text) => !client.own.includes(text)));
			}
			expect(other.take()).toEqual(all);
		}
	);
});
