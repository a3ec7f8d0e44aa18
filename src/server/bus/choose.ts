import type { BrokerConfig } from '../config.ts';
import type { Log } from '../log.ts';
import type { CreateBus } from './bus.ts';
import type { Broker } from './broker/link.ts';
import { loadPackage } from './broker/package.ts';
import { BrokerTransport } from './broker/transport.ts';
import { clusterBus, type ClusterBusOptions } from './cluster/index.ts';
import { createNatsBroker } from './nats/index.ts';
import type { Nats } from './nats/options.ts';
import { createRedisBroker } from './redis/index.ts';
import type { Redis } from './redis/options.ts';
import { TopicBus } from './topic-bus.ts';

/**
 * The bus that the config asks for, else the one between the workers of this machine, not opened yet; undefined if this process
 * is the only one.
 * @param cluster where workers meet, if this is one
 * @throws {AdapterError} `bus_missing` if its package is not installed
 */
export async function chooseBus(
	{ broker: config }: { broker: BrokerConfig | undefined },
	cluster: ClusterBusOptions | undefined,
	log: Log
): Promise<CreateBus | undefined> {
	if (config === undefined) return cluster && clusterBus(cluster, log);
	const broker = await createBroker(config);
	return (options) => new TopicBus(new BrokerTransport(broker, log), options, log);
}

async function createBroker({ address, prefix, variable }: BrokerConfig): Promise<Broker> {
	if (address.kind === 'redis') {
		const redis = await loadPackage<Redis>('redis', variable, hasDestroy);
		return createRedisBroker(redis, address, `${prefix}/`);
	}
	const name = '@nats-io/transport-node';
	const nats = await loadPackage<Nats>(name, variable, ({ connect }) => connect !== undefined);
	return createNatsBroker(nats, address, prefix);
}

/** Apps also have versions before 5, in which it has another name. */
function hasDestroy({ createClient }: Redis): boolean {
	return typeof createClient({}).destroy === 'function';
}
