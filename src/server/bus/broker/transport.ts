import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../log.ts';
import { SharedLog } from '../log/shared-log.ts';
import type { Transport, TransportEvents } from '../transport.ts';
import type { Broker, Link } from './link.ts';
import { Outgoing } from './outgoing.ts';
import { Pulse } from './pulse.ts';

/** Milliseconds. */
const times = {
	/** That an attempt to connect may take, and with it the start of the server. */
	connect: 5000,
	/** Before the next attempt: doubled with each that fails. */
	firstDelay: 100,
	lastDelay: 5000,
	/** That what was published last has to leave. */
	close: 1500
};

/** A transport over a broker: keeps a link to it, and makes another one for as long as it takes. */
export class BrokerTransport implements Transport {
	readonly log: SharedLog | undefined;
	readonly #broker: Broker;
	readonly #log: Log;
	#events: TransportEvents | undefined;
	/** Ends the link or the attempt that there is. */
	#current: AbortController | undefined;
	#link: Link | undefined;
	#outgoing: Outgoing;
	/** Attempts that have failed, one after the other, or to no avail. */
	#failures = 0;
	/** When the link was made. */
	#since = 0;
	/** It was said that there is no connection. */
	#isAway = false;
	#isClosed = false;

	constructor(broker: Broker, log: Log) {
		this.#broker = broker;
		this.#log = log;
		this.log = broker.hasLog ? new SharedLog(broker.description) : undefined;
		this.#outgoing = new Outgoing(broker.description, log);
	}

	get name(): string {
		return this.#broker.name;
	}

	get description(): string {
		return this.#broker.description;
	}

	get maxFrame(): number {
		return this.#link?.maxFrame ?? this.#broker.maxFrame;
	}

	async open(events: TransportEvents): Promise<void> {
		this.#events = events;
		if (!this.#isClosed) await this.#connect();
	}

	publish(channel: string, frame: Uint8Array): void {
		if (this.#link) this.#outgoing.publish(this.#link, channel, frame);
	}

	listen(channels: readonly string[]): void {
		this.#link?.subscribe(channels);
	}

	unlisten(channels: readonly string[]): void {
		this.#link?.unsubscribe(channels);
	}

	async close(): Promise<void> {
		this.#isClosed = true;
		this.log?.disconnected();
		if (this.#link) {
			const late = sleep(times.close, undefined, { ref: false });
			await Promise.race([this.#outgoing.settled(), late]);
		}
		this.#current?.abort();
	}

	async #connect(): Promise<void> {
		const connection = new AbortController();
		this.#current = connection;
		const lost = (reason: unknown) => this.#lose(connection, reason);
		const late = setTimeout(() => lost(new Error('It does not answer')), times.connect);
		try {
			const link = await untilAborted(this.#attempt(connection.signal, lost), connection.signal);
			this.#begin(link, connection.signal, lost);
		} catch (error) {
			lost(error);
		} finally {
			clearTimeout(late);
		}
	}

	#attempt(signal: AbortSignal, lost: (reason: unknown) => void): Promise<Link> {
		let isRefused = false;
		return this.#broker.connect(
			{
				frame: (channel, frame) => {
					if (!signal.aborted) this.#events?.frame(channel, frame);
				},
				lost,
				refused: (reason) => {
					if (isRefused || signal.aborted || this.#isClosed) return;
					isRefused = true;
					this.#log.warn(
						`The bus refuses something: ${this.description}`,
						reason instanceof Error ? reason.message : String(reason),
						'Let its user publish and subscribe to all channels that begin with BUS_PREFIX.'
					);
				}
			},
			signal
		);
	}

	#begin(link: Link, signal: AbortSignal, lost: (reason: unknown) => void): void {
		this.#since = performance.now();
		this.#isAway = false;
		this.#link = link;
		this.#outgoing = new Outgoing(this.description, this.#log);
		new Pulse(link, lost).run(signal);
		if (link.log) this.log?.connected(link.log);
		this.#events?.connected();
	}

	#lose(connection: AbortController, reason: unknown): void {
		if (connection !== this.#current || connection.signal.aborted) return;
		connection.abort();
		// One that is lost as soon as it is made counts as an attempt that has failed.
		if (this.#link && performance.now() - this.#since > times.lastDelay) this.#failures = 0;
		this.#link = undefined;
		this.log?.disconnected();
		if (this.#isClosed) return;
		const delay = Math.min(times.firstDelay * 2 ** this.#failures, times.lastDelay);
		this.#failures += 1;
		// Not all processes at once.
		setTimeout(() => this.#retry(), delay * (0.5 + Math.random() / 2)).unref();
		if (this.#isAway) return;
		this.#isAway = true;
		this.#events?.disconnected(reason);
	}

	#retry(): void {
		if (!this.#isClosed) void this.#connect();
	}
}

/** @throws the reason, once the signal is aborted, whatever the promise does */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
	// It may fail when nobody listens any more.
	promise.catch(() => {});
	const aborted = Promise.withResolvers<never>();
	const abort = () => aborted.reject(signal.reason);
	signal.addEventListener('abort', abort, { once: true });
	try {
		return await Promise.race([promise, aborted.promise]);
	} finally {
		signal.removeEventListener('abort', abort);
	}
}
