import type { Link, LinkEvents } from '../broker/link.ts';
import { asBytes, RedisLog } from './log.ts';
import {
	asBuffer,
	clientOptions,
	listenerOf,
	maxFrame,
	type Listener,
	type RedisClusterClient,
	type RedisOptions
} from './options.ts';

/** Redis as a cluster: each channel belongs to one of its nodes, and only those who listen there are asked. */
export class RedisCluster {
	readonly #options: RedisOptions;
	/** Where nodes were seen: those of `BUS_URL` may be gone by now. */
	#places: readonly { host: string; port: number }[] = [];

	constructor(options: RedisOptions) {
		this.#options = options;
	}

	async connect(events: LinkEvents, signal: AbortSignal): Promise<Link> {
		const cluster = this.#create();
		const reasons: unknown[] = [];
		let isConnected = false;
		const fail = (reason: unknown) => {
			reasons.push(reason);
			// One of the addresses may be wrong as long as another is right.
			if (isConnected) events.lost(reason);
		};
		for (const event of ['error', 'node-error', 'sharded-channel-moved-error']) {
			cluster.on(event, fail);
		}
		signal.addEventListener('abort', () => cluster.destroy());
		try {
			await cluster.connect();
		} catch (error) {
			throw reasons[0] ?? error;
		}
		// It is content with those that it can reach, and what belongs to another would be lost without a word.
		if (!cluster.masters.every(({ client }) => client?.isReady)) {
			throw reasons[0] ?? new Error('A node of the cluster cannot be reached');
		}
		isConnected = true;
		this.#places = cluster.masters.map(({ host, port }) => ({ host, port }));
		return new ClusterLink(cluster, this.#options, events);
	}

	#create(): RedisClusterClient {
		const { redis, address } = this.#options;
		const [{ username, password } = new URL('redis://')] = address.urls;
		const { socket, ...rest } = clientOptions;
		return redis.createCluster({
			rootNodes: [
				...address.urls.map(({ href }) => ({ url: href })),
				...this.#places.map((place) => ({ socket: place }))
			],
			defaults: {
				...rest,
				socket: address.isEncrypted ? { ...socket, tls: true } : socket,
				...(username === '' ? {} : { username: decodeURIComponent(username) }),
				...(password === '' ? {} : { password: decodeURIComponent(password) })
			}
		});
	}
}

class ClusterLink implements Link {
	readonly maxFrame = maxFrame;
	readonly #cluster: RedisClusterClient;
	readonly log: RedisLog;
	readonly #prefix: string;
	readonly #listener: Listener;
	readonly #events: LinkEvents;
	/** What was subscribed to and unsubscribed from last: the nodes do not keep an order among themselves. */
	#last: Promise<unknown> = Promise.resolve();

	constructor(cluster: RedisClusterClient, options: RedisOptions, events: LinkEvents) {
		this.#cluster = cluster;
		this.#prefix = options.prefix;
		this.#listener = listenerOf(options, events);
		this.#events = events;
		const { prefix, description } = options;
		const send = (key: string, command: readonly (string | Buffer)[]) =>
			cluster.sendCommand(key, false, command, asBytes);
		this.log = new RedisLog(send, prefix, description);
	}

	async publish(channel: string, frame: Uint8Array): Promise<void> {
		try {
			await this.#cluster.sPublish(this.#prefix + channel, asBuffer(frame));
		} catch (error) {
			this.#events.refused(error);
		}
	}

	subscribe(channels: readonly string[]): void {
		this.#forEach(channels, (channel) => this.#cluster.sSubscribe(channel, this.#listener, true));
	}

	unsubscribe(channels: readonly string[]): void {
		this.#forEach(channels, (channel) => this.#cluster.sUnsubscribe(channel, this.#listener, true));
	}

	async ping(): Promise<void> {
		await Promise.all(
			this.#cluster.masters.flatMap(({ client, pubSub }) =>
				[client, pubSub?.client].map((each) => each?.isReady && each.ping())
			)
		);
	}

	/** A node takes several channels at once only if all of them have the same slot. */
	#forEach(channels: readonly string[], call: (channel: string) => Promise<unknown>): void {
		this.#last = this.#last.then(() =>
			Promise.all(
				channels.map((channel) => call(this.#prefix + channel).catch(this.#events.refused))
			)
		);
	}
}
