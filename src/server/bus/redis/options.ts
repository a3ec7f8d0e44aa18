import type { BrokerAddress } from '../broker/address.ts';
import type { LinkEvents } from '../broker/link.ts';

/** What is used of the package, whose own types are as many as Redis has commands. */
export interface Redis {
	createClient(options: object): RedisClient;
	createCluster(options: object): RedisClusterClient;
}

interface AnyClient {
	on(event: string, listener: (reason: unknown) => void): unknown;
	connect(): Promise<unknown>;
	destroy(): void;
}

export interface RedisClient extends AnyClient {
	duplicate(): RedisClient;
	sendCommand(command: readonly (string | Buffer)[], options?: object): Promise<unknown>;
	ping(): Promise<unknown>;
	publish(channel: string, message: Buffer): Promise<unknown>;
	subscribe(channels: readonly string[], listener: Listener, asBuffers: true): Promise<unknown>;
	unsubscribe(channels: readonly string[], listener: Listener, asBuffers: true): Promise<unknown>;
}

export interface RedisClusterClient extends AnyClient {
	readonly masters: readonly {
		readonly host: string;
		readonly port: number;
		readonly client?: RedisNode | undefined;
		/** Of its own for those who subscribe. */
		readonly pubSub?: { readonly client: RedisNode } | undefined;
	}[];
	sendCommand(
		key: string,
		isReadonly: boolean,
		command: readonly (string | Buffer)[],
		options: object
	): Promise<unknown>;
	sPublish(channel: string, message: Buffer): Promise<unknown>;
	sSubscribe(channel: string, listener: Listener, asBuffers: true): Promise<unknown>;
	sUnsubscribe(channel: string, listener: Listener, asBuffers: true): Promise<unknown>;
}

interface RedisNode {
	readonly isReady: boolean;
	ping(): Promise<unknown>;
}

export type Listener = (message: Buffer, channel: Buffer) => void;

export interface RedisOptions {
	readonly redis: Redis;
	readonly address: BrokerAddress;
	/** Stands before every channel. */
	readonly prefix: string;
	/** Where it is, without credentials. */
	readonly description: string;
}

/** Bytes. Redis disconnects a subscriber for whom more than 32 MB wait. */
export const maxFrame = 16 * 1024 * 1024;

/** Of each connection. */
export const clientOptions = {
	// A link ends when its connection does.
	socket: { connectTimeout: 5000, reconnectStrategy: false },
	disableOfflineQueue: true,
	// Each command would have a timer.
	commandOptions: { timeout: 0 },
	maintNotifications: 'disabled',
	clientInfoTag: 'svelte-adapter-ws'
} as const;

/** The only listener for all channels. */
export function listenerOf({ prefix }: RedisOptions, events: LinkEvents): Listener {
	const { length } = prefix;
	return (message, channel) => events.frame(channel.toString().slice(length), message);
}

/** As the package takes it, without a copy. */
export function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
	return Buffer.from(buffer, byteOffset, byteLength);
}
