import type { BrokerAddress } from '../broker/address.ts';
import type { Broker, Link, LinkEvents } from '../broker/link.ts';
import { RedisCluster } from './cluster.ts';
import { maxFrame, type Redis, type RedisOptions } from './options.ts';
import { connectSingle } from './single.ts';

/**
 * Redis, from version 7, and what speaks as it does.
 * @param prefix stands before every channel
 */
export function createRedisBroker(redis: Redis, address: BrokerAddress, prefix: string): Broker {
	const description = `redis at ${address.places}`;
	const options: RedisOptions = { redis, address, prefix, description };
	let cluster = address.urls.length > 1 ? new RedisCluster(options) : undefined;
	const connect = async (events: LinkEvents, signal: AbortSignal): Promise<Link> => {
		if (cluster) return cluster.connect(events, signal);
		const link = await connectSingle(options, events, signal);
		if (link !== 'cluster') return link;
		cluster = new RedisCluster(options);
		return cluster.connect(events, signal);
	};
	return { name: 'redis', description, hasLog: true, maxFrame, connect };
}
