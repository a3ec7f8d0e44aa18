import { expect, it } from 'vitest';
import { parseAddress } from '../../../src/server/bus/broker/address.ts';
import { loadPackage } from '../../../src/server/bus/broker/package.ts';
import { BrokerTransport } from '../../../src/server/bus/broker/transport.ts';
import { createRedisBroker } from '../../../src/server/bus/redis/index.ts';
import type { Redis } from '../../../src/server/bus/redis/options.ts';
import { TopicBus } from '../../../src/server/bus/topic-bus.ts';
import { allSlots, runRedis, runRedisNodes } from '../../support/redis.ts';
import { logOf, textsOf } from './log-suite.ts';
import { Member } from './member.ts';

const limits = { size: 100, bytes: 1024 * 1024, ttl: 60 };
const entry = (data: string) => ({ data, compress: false, author: '' });

const redis = await loadPackage<Redis>('redis', 'BUS_URL', () => true);

async function open(url: string, prefix = 'svelte-adapter-ws/'): Promise<Member> {
	return Member.open({
		create(options, log) {
			const broker = createRedisBroker(redis, parseAddress(url, 'BUS_URL'), prefix);
			return new TopicBus(new BrokerTransport(broker, log), options, log);
		},
		listeners: () => Promise.reject(new Error('Nobody asks')),
		[Symbol.asyncDispose]: async () => {}
	});
}

it('begins numbers anew where Redis comes back with an older state, because it would give them twice', async () => {
	await using server = await runRedis();
	await using alice = await open(server.url);
	const before = await logOf(alice).append('a', entry('1'), limits);
	await server.ask('save');
	await logOf(alice).append('a', entry('lost'), limits);
	await server.broker.kill();
	await server.broker.start();
	await expect.poll(() => alice.bus.state).toBe('connected');
	expect(await server.ask('dbsize')).toBe('2');
	const after = await logOf(alice).append('a', entry('2'), limits);
	expect(after.epoch).not.toBe(before.epoch);
	expect(await logOf(alice).read('a', 0, limits)).toMatchObject({ epoch: after.epoch, last: 1 });
	expect(textsOf(await logOf(alice).read('a', 0, limits))).toEqual(['2']);
});

it('begins numbers anew when somebody has emptied Redis, or only what says how far they are', async () => {
	await using server = await runRedis();
	await using alice = await open(server.url);
	const log = logOf(alice);
	const first = await log.append('a', entry('1'), limits);
	await server.ask('flushall');
	await server.ask('script', 'flush');
	const second = await log.append('a', entry('2'), limits);
	expect(second).toMatchObject({ offset: 1 });
	const keys = (await server.ask('keys', '*')).split('\n').toSorted();
	expect(keys).toHaveLength(2);
	await server.ask('del', keys[0] ?? '');
	const third = await log.read('a', 0, limits);
	expect(third).toMatchObject({ last: 0, entries: [] });
	expect(new Set([first.epoch, second.epoch, third.epoch]).size).toBe(3);
	expect(await server.ask('keys', '*')).toBe(keys[0]);
});

it('goes on with the numbers when Redis has evicted the entries alone', async () => {
	await using server = await runRedis();
	await using alice = await open(server.url);
	const log = logOf(alice);
	const { epoch } = await log.append('a', entry('1'), limits);
	const keys = (await server.ask('keys', '*:entries')).split('\n');
	await server.ask('del', ...keys);
	expect(await log.read('a', 0, limits)).toMatchObject({ epoch, last: 1, entries: [] });
	expect(await log.append('a', entry('2'), limits)).toMatchObject({ epoch, offset: 2 });
	expect(textsOf(await log.read('a', 0, limits))).toEqual(['2']);
});

it('writes nothing where nothing is to be remembered, and what it writes expires', async () => {
	await using server = await runRedis();
	await using alice = await open(server.url);
	await using bob = await open(server.url);
	bob.bus.subscribe('a');
	await bob.hears(alice, 'a');
	expect(await server.ask('dbsize')).toBe('0');
	await logOf(alice).append('a', entry('1'), limits);
	const [hash = '', entries = ''] = (await server.ask('keys', '*')).split('\n').toSorted();
	expect(hash).toMatch(/^svelte-adapter-ws\/log:\{[\da-f]{64}\}$/);
	expect(entries).toBe(`${hash}:entries`);
	const lifeOf = async (key: string) => Number(await server.ask('pttl', key));
	expect(await lifeOf(entries)).toBeGreaterThan(50_000);
	expect(await lifeOf(entries)).toBeLessThanOrEqual(60_000);
	expect(await lifeOf(hash)).toBeGreaterThan(80_000_000);
	expect(await lifeOf(hash)).toBeLessThanOrEqual(86_520_000);
	await logOf(alice).read('never appended to', 0, limits);
	for (const key of (await server.ask('keys', '*')).split('\n'))
		expect(await lifeOf(key)).toBeGreaterThan(0);
});

const rights = [
	...['+@pubsub', '+@connection', '+info', '+cluster', '&svelte-adapter-ws/*'],
	...['~svelte-adapter-ws/log:*', '+eval', '+evalsha', '+time', '+hmget', '+hset', '+del'],
	...['+pexpire', '+xadd', '+xrange', '+xdel']
];

it.each([
	['Redis', {}],
	['a Redis cluster', { slots: allSlots }]
])('needs no more than the documented rights in %s', async (_, options) => {
	await using server = await runRedis(options);
	await server.ask('acl', 'setuser', 'app', 'on', '>word', ...rights);
	await using alice = await open(server.url.replace(':secret', 'app:word'));
	await logOf(alice).append('a', entry('1'), limits);
	expect(textsOf(await logOf(alice).read('a', 0, limits))).toEqual(['1']);
	expect(alice.lines).toEqual([]);
});

it.each(['eval', 'xadd', 'pexpire'])(
	'says that there is no history for all where a user may not %s',
	async (command) => {
		await using server = await runRedis();
		const allowed = rights.filter((right) => right !== `+${command}`);
		await server.ask('acl', 'setuser', 'app', 'on', '>word', ...allowed);
		await using alice = await open(server.url.replace(':secret', 'app:word'));
		await expect(logOf(alice).append('a', entry('1'), limits)).rejects.toMatchObject({
			code: 'history_unshared'
		});
		expect(alice.bus.state).toBe('connected');
	}
);

it('spreads topics over the nodes of a cluster, whatever the prefix looks like', async () => {
	await using servers = {
		nodes: await runRedisNodes(),
		async [Symbol.asyncDispose]() {
			for (const node of this.nodes) await node[Symbol.asyncDispose]();
		}
	};
	const url = servers.nodes[0]?.url ?? '';
	for (const prefix of ['app/', '{}/', 'a{b}/', 'a{b']) {
		await using alice = await open(url, prefix);
		await Promise.all(
			Array.from({ length: 60 }, (_, index) =>
				logOf(alice).append(`topic ${index}`, entry(String(index)), limits)
			)
		);
		const read = await Promise.all(
			Array.from({ length: 60 }, (_, index) => logOf(alice).read(`topic ${index}`, 0, limits))
		);
		expect(read.flatMap(textsOf)).toEqual(Array.from({ length: 60 }, (_, index) => `${index}`));
	}
	for (const { ask } of servers.nodes) expect(Number(await ask('dbsize'))).toBeGreaterThan(20);
});
