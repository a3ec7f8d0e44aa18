import type { Link, LinkEvents } from '../broker/link.ts';
import { asBytes, RedisLog } from './log.ts';
import {
	asBuffer,
	clientOptions,
	listenerOf,
	maxFrame,
	type Listener,
	type RedisClient,
	type RedisOptions
} from './options.ts';

/** @returns `cluster` if the server is part of one, where channels are spread over the nodes */
export async function connectSingle(
	options: RedisOptions,
	events: LinkEvents,
	signal: AbortSignal
): Promise<Link | 'cluster'> {
	const { redis, address } = options;
	const publisher = redis.createClient({ ...clientOptions, url: address.urls[0]?.href ?? '' });
	// What is published would otherwise wait behind what is subscribed to.
	const subscriber = publisher.duplicate();
	for (const client of [publisher, subscriber]) client.on('error', events.lost);
	signal.addEventListener('abort', () => {
		for (const client of [publisher, subscriber]) client.destroy();
	});
	await Promise.all([publisher.connect(), subscriber.connect()]);
	if (await isPartOfCluster(publisher)) {
		for (const client of [publisher, subscriber]) client.destroy();
		return 'cluster';
	}
	return new SingleLink({ publisher, subscriber }, options, events);
}

/** A user who may not ask may still publish, which a cluster carries to all of its nodes. */
async function isPartOfCluster(client: RedisClient): Promise<boolean> {
	const info = await client.sendCommand(['INFO', 'cluster']).catch(() => '');
	return /cluster_enabled:1/.test(String(info));
}

class SingleLink implements Link {
	readonly maxFrame = maxFrame;
	readonly #publisher: RedisClient;
	readonly #subscriber: RedisClient;
	readonly log: RedisLog;
	readonly #prefix: string;
	readonly #listener: Listener;
	readonly #events: LinkEvents;

	constructor(
		{ publisher, subscriber }: { publisher: RedisClient; subscriber: RedisClient },
		options: RedisOptions,
		events: LinkEvents
	) {
		this.#publisher = publisher;
		this.#subscriber = subscriber;
		this.#prefix = options.prefix;
		this.#listener = listenerOf(options, events);
		this.#events = events;
		const { prefix, description } = options;
		const send = (_: string, command: readonly (string | Buffer)[]) =>
			publisher.sendCommand(command, asBytes);
		this.log = new RedisLog(send, prefix, description);
	}

	async publish(channel: string, frame: Uint8Array): Promise<void> {
		try {
			await this.#publisher.publish(this.#prefix + channel, asBuffer(frame));
		} catch (error) {
			this.#events.refused(error);
		}
	}

	subscribe(channels: readonly string[]): void {
		this.#subscriber
			.subscribe(this.#prefixed(channels), this.#listener, true)
			.catch(this.#events.refused);
	}

	unsubscribe(channels: readonly string[]): void {
		this.#subscriber
			.unsubscribe(this.#prefixed(channels), this.#listener, true)
			.catch(this.#events.refused);
	}

	async ping(): Promise<void> {
		await Promise.all([this.#publisher.ping(), this.#subscriber.ping()]);
	}

	#prefixed(channels: readonly string[]): string[] {
		return channels.map((channel) => this.#prefix + channel);
	}
}
