import { parseAddress } from '../../../src/server/bus/broker/address.ts';
import { loadPackage } from '../../../src/server/bus/broker/package.ts';
import { BrokerTransport } from '../../../src/server/bus/broker/transport.ts';
import { Candidate } from '../../../src/server/bus/cluster/candidate.ts';
import { ownPlace, preparePlace } from '../../../src/server/bus/cluster/place.ts';
import { Router } from '../../../src/server/bus/cluster/router.ts';
import { ClusterTransport } from '../../../src/server/bus/cluster/transport.ts';
import { createLocalBus, LocalHub } from '../../../src/server/bus/local.ts';
import { createNatsBroker } from '../../../src/server/bus/nats/index.ts';
import type { Nats } from '../../../src/server/bus/nats/options.ts';
import { tokenOf } from '../../../src/server/bus/nats/subject.ts';
import { createRedisBroker } from '../../../src/server/bus/redis/index.ts';
import type { Redis } from '../../../src/server/bus/redis/options.ts';
import { TopicBus } from '../../../src/server/bus/topic-bus.ts';
import type { RunningBroker } from '../../support/broker.ts';
import { runNats } from '../../support/nats.ts';
import { allSlots, runRedis } from '../../support/redis.ts';
import type { BusSubject } from './subject.ts';

const load = <T>(name: string) => loadPackage<T>(name, 'BUS_URL', () => true);

/** Larger than what is carried, smaller than what is not. */
const maxFrame = 4 * 1024 * 1024;

export const local: BusSubject = {
	name: 'local',
	isForgetful: false,
	async start() {
		const hub = new LocalHub();
		return {
			create: (options, log) => createLocalBus(hub, options, log, maxFrame),
			listeners: async (topic) => hub.listeners(topic),
			breakConnection: async () => hub.interrupt(),
			restore: async () => hub.resume(),
			disturb: async (topic, bytes) => hub.publish(topic, bytes),
			[Symbol.asyncDispose]: async () => {}
		};
	}
};

/** Its router is with none of those who meet. */
export const cluster: BusSubject = {
	name: 'cluster',
	isForgetful: true,
	async start() {
		const place = ownPlace();
		preparePlace(place);
		let router = new Router();
		const open = async () => {
			router = new Router();
			await router.listen(place);
		};
		await open();
		return {
			create: (options, log) =>
				new TopicBus(new ClusterTransport({ process: options.process, place }), options, log),
			listeners: async (topic) => router.listeners(topic),
			breakConnection: async () => router.close(),
			restore: open,
			async disturb(topic, bytes) {
				const stranger = new ClusterTransport({ process: 'stranger', place });
				await stranger.open({ frame() {}, connected() {}, disconnected() {}, left() {} });
				stranger.publish(topic, bytes);
				await stranger.close();
			},
			[Symbol.asyncDispose]: async () => router.close()
		};
	}
};

/** The router with one of those who meet. */
export const elected: BusSubject = {
	name: 'cluster, elected',
	isForgetful: true,
	async start() {
		const place = ownPlace();
		const candidates: Candidate[] = [];
		return {
			create(options, log) {
				const candidate = new Candidate(place, options.process);
				candidates.push(candidate);
				const transport = new ClusterTransport({ process: options.process, place, candidate });
				return new TopicBus(transport, options, log);
			},
			listeners: async (topic) =>
				candidates.find(({ router }) => router)?.router?.listeners(topic) ?? 0,
			[Symbol.asyncDispose]: async () => {}
		};
	}
};

const outages = ({ broker }: { broker: RunningBroker }) => ({
	breakConnection: () => broker.kill(),
	restore: () => broker.start(),
	hang: () => broker.hang(),
	wake: () => broker.wake()
});

const prefix = 'an app';

/** @param isCluster whether it is one, which the bus has to find out */
function redisSubject(name: string, isCluster: boolean): BusSubject {
	return {
		name,
		isForgetful: true,
		async start() {
			const server = await runRedis(isCluster ? { slots: allSlots } : {});
			const address = parseAddress(server.url, 'BUS_URL');
			const redis = await load<Redis>('redis');
			const count = isCluster ? 'shardnumsub' : 'numsub';
			return {
				...outages(server),
				create: (options, log) => {
					const broker = createRedisBroker(redis, address, prefix);
					return new TopicBus(new BrokerTransport(broker, log), options, log);
				},
				async listeners(topic) {
					const client = redis.createClient({ url: server.url });
					await client.connect();
					const reply = await client.sendCommand(['PUBSUB', count, prefix + topic]);
					client.destroy();
					return Number((reply as [string, number])[1]);
				},
				async disturb(topic, bytes) {
					const client = redis.createClient({ url: server.url });
					await client.connect();
					const command = isCluster ? 'SPUBLISH' : 'PUBLISH';
					await client.sendCommand([command, prefix + topic, Buffer.from(bytes)]);
					client.destroy();
				},
				[Symbol.asyncDispose]: () => server[Symbol.asyncDispose]()
			};
		}
	};
}

export const redisAlone = redisSubject('redis', false);

export const redisCluster = redisSubject('redis (cluster)', true);

export const natsAlone: BusSubject = {
	name: 'nats',
	isForgetful: false,
	async start() {
		const server = await runNats();
		const address = parseAddress(server.url, 'BUS_URL');
		const nats = await load<Nats>('@nats-io/transport-node');
		const subjectOf = (topic: string) => `${tokenOf(prefix)}.${tokenOf(topic)}`;
		return {
			...outages(server),
			create: (options, log) => {
				const broker = createNatsBroker(nats, address, prefix);
				return new TopicBus(new BrokerTransport(broker, log), options, log);
			},
			listeners: (topic) => server.listeners(subjectOf(topic)),
			async disturb(topic, bytes) {
				const connection = await nats.connect({
					servers: address.places,
					user: 'tester',
					pass: 'secret'
				});
				connection.publish(subjectOf(topic), bytes);
				await connection.flush();
				await connection.close();
			},
			[Symbol.asyncDispose]: () => server[Symbol.asyncDispose]()
		};
	}
};
