import type { Log } from '../log.ts';
import type { Bus, BusOptions } from './bus.ts';
import { Histories, HistoriesLink } from './log/histories.ts';
import { SharedLog } from './log/shared-log.ts';
import { TopicBus } from './topic-bus.ts';
import type { Transport, TransportEvents } from './transport.ts';

/** Stands for a broker among buses of one process: the reference for those that are one. */
export class LocalHub {
	readonly histories = new Histories();
	readonly #transports = new Set<LocalTransport>();
	#isAway = false;

	get isAway(): boolean {
		return this.#isAway;
	}

	add(transport: LocalTransport): void {
		this.#transports.add(transport);
	}

	remove(transport: LocalTransport): void {
		this.#transports.delete(transport);
	}

	/** Every connection breaks, and none can be had until `resume`. */
	interrupt(): void {
		if (this.#isAway) return;
		this.#isAway = true;
		for (const transport of this.#transports) transport.disconnect();
	}

	resume(): void {
		this.#isAway = false;
		for (const transport of this.#transports) transport.connect();
	}

	publish(channel: string, frame: Uint8Array): void {
		for (const transport of this.#transports) transport.receive(channel, frame);
	}

	/** How many listen on a channel. */
	listeners(channel: string): number {
		return [...this.#transports].filter((each) => each.isListening(channel)).length;
	}
}

class LocalTransport implements Transport {
	readonly name = 'local';
	readonly description = 'local';
	readonly maxFrame: number;
	readonly log = new SharedLog('memory');
	readonly #hub: LocalHub;
	readonly #channels = new Set<string>();
	#events: TransportEvents | undefined;

	constructor(hub: LocalHub, maxFrame: number) {
		this.#hub = hub;
		this.maxFrame = maxFrame;
	}

	async open(events: TransportEvents): Promise<void> {
		this.#events = events;
		this.#hub.add(this);
		if (this.#hub.isAway) this.disconnect();
		else this.connect();
	}

	publish(channel: string, frame: Uint8Array): void {
		if (!this.#hub.isAway) this.#hub.publish(channel, frame);
	}

	listen(channels: readonly string[]): void {
		for (const channel of channels) this.#channels.add(channel);
	}

	unlisten(channels: readonly string[]): void {
		for (const channel of channels) this.#channels.delete(channel);
	}

	async close(): Promise<void> {
		this.#hub.remove(this);
		this.#channels.clear();
		this.log.disconnected();
	}

	connect(): void {
		this.log.connected(new HistoriesLink(this.#hub.histories, this.maxFrame));
		this.#events?.connected();
	}

	disconnect(): void {
		this.#channels.clear();
		this.log.disconnected();
		this.#events?.disconnected(new Error('The hub is away'));
	}

	/** Later, as from a broker, and each with bytes of its own. */
	receive(channel: string, frame: Uint8Array): void {
		if (!this.#channels.has(channel)) return;
		const copy = new Uint8Array(frame);
		queueMicrotask(() => this.#events?.frame(channel, copy));
	}

	isListening(channel: string): boolean {
		return this.#channels.has(channel);
	}
}

/** @param maxFrame bytes */
export function createLocalBus(
	hub: LocalHub,
	options: BusOptions,
	log: Log,
	maxFrame = 64 * 1024 * 1024
): Bus {
	return new TopicBus(new LocalTransport(hub, maxFrame), options, log);
}
