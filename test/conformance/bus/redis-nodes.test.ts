import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { parseAddress } from '../../../src/server/bus/broker/address.ts';
import { loadPackage } from '../../../src/server/bus/broker/package.ts';
import { BrokerTransport } from '../../../src/server/bus/broker/transport.ts';
import { createRedisBroker } from '../../../src/server/bus/redis/index.ts';
import type { Redis } from '../../../src/server/bus/redis/options.ts';
import { TopicBus } from '../../../src/server/bus/topic-bus.ts';
import { runRedisNodes } from '../../support/redis.ts';
import { Member } from './member.ts';

it('a Redis cluster spreads topics over its nodes, is away as long as one of them is, and whole again after it', async () => {
	await using servers = {
		nodes: await runRedisNodes(),
		async [Symbol.asyncDispose]() {
			for (const node of this.nodes) await node[Symbol.asyncDispose]();
		}
	};
	const [seed, second] = servers.nodes;
	if (seed === undefined || second === undefined) throw new Error('There are no nodes');
	const redis = await loadPackage<Redis>('redis', 'BUS_URL', () => true);
	const open = () =>
		Member.open({
			create(options, log) {
				const broker = createRedisBroker(redis, parseAddress(seed.url, 'BUS_URL'), 'app/');
				return new TopicBus(new BrokerTransport(broker, log), options, log);
			},
			listeners: () => Promise.reject(new Error('Each node has its own')),
			[Symbol.asyncDispose]: async () => {}
		});
	await using alice = await open();
	await using bob = await open();
	const topics = Array.from({ length: 60 }, (_, index) => `topic ${index}`);
	for (const topic of topics) bob.bus.subscribe(topic);
	for (const topic of topics) await bob.hears(alice, topic);
	for (const { ask } of servers.nodes) {
		const channels = await ask('pubsub', 'shardchannels');
		expect(channels.split('\n').length).toBeGreaterThan(5);
	}

	await second.broker.kill();
	for (const { bus } of [alice, bob]) await expect.poll(() => bus.state).toBe('reconnecting');
	// Time for attempts, none of which may pass for a success.
	await sleep(1000);
	await second.broker.start();
	for (const { states } of [alice, bob]) {
		await expect.poll(() => states).toEqual(['connected', 'reconnecting', 'connected']);
	}
	for (const topic of topics) await bob.hears(alice, topic);

	// Those who know the cluster do not need the address that they have begun with.
	await seed.broker.kill();
	for (const { bus } of [alice, bob]) await expect.poll(() => bus.state).toBe('reconnecting');
	await seed.broker.start();
	for (const topic of topics) await bob.hears(alice, topic);
});
