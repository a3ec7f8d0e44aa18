/**
 * The contract between this process and the others that serve the same app.
 *
 * A bus carries messages on topics from one process to others. It knows neither sockets nor what a message is about; the registry
 * does. It promises at most once, in order per sender and topic, and nothing to who was not subscribed when it was published.
 */

import type { TopicLog } from './topic-log.ts';

/** Text or bytes, which arrive as what they were. Bytes are the caller's again when the call returns. */
export type BusData = string | Uint8Array;

export interface BusMessage {
	/** What it is about: a whole number from 0 to 255 that means nothing to the bus. Without it data would have to be parsed to be told apart. */
	readonly kind: number;
	readonly data: BusData;
}

/**
 * `connected`: what is published leaves. `reconnecting`: it is lost for others, and this process goes on alone; a bus that
 * threw here instead would take down what works without it. `closed`: it does nothing any more.
 */
export type BusState = 'connected' | 'reconnecting' | 'closed';

/** What a bus calls. Nothing here may throw. */
export interface BusEvents {
	/**
	 * A message of another process, on a topic that this one is subscribed to. MUST NOT be called with what this process has
	 * published (it has delivered that itself, and everyone would get it twice), nor after `unsubscribe` or `close` has returned.
	 * Messages of one sender on one topic MUST come in the order in which they were published.
	 * @param sender the id of the process that has published it
	 */
	message(topic: string, message: BusMessage, sender: string): void;
	/** It has changed. MUST be called once per change, so that a broker that is away makes one line in the log, not one per attempt. */
	state(state: BusState, reason?: string): void;
	/** Another process is gone, where the bus can see it: whoever waits for its answer, or relays its socket, waits in vain. */
	left(sender: string): void;
}

export interface BusOptions {
	/** Unique among all processes, 12 hexadecimal digits. Without it a process would hear itself. */
	readonly process: string;
	readonly events: BusEvents;
}

/** The way to the other processes. Every method but `open` MUST be harmless at any time, in any state. */
export interface Bus {
	/** `local`, `cluster`, `redis` or `nats`. */
	readonly name: string;
	/** For the line that is printed at start, without credentials. */
	readonly description: string;
	readonly state: BusState;

	/** The one place that numbers what topics remember. Absent where there is none: then each process keeps what it has seen itself. */
	readonly log?: TopicLog | undefined;

	/**
	 * Called once, before anything else. MUST resolve as soon as the first attempt to connect has ended, either way: a broker that is away
	 * must not keep the server from starting, and from then on is tried again for as long as it takes, with growing delays.
	 */
	open(): Promise<void>;

	/**
	 * To every other process that is subscribed to the topic. MUST NOT wait, MUST send what is published in one turn of the event
	 * loop together, and MUST have copied the bytes when it returns. Where a message is larger than the bus can carry, or the
	 * bus is not connected, it is lost.
	 */
	publish(topic: string, message: BusMessage): void;

	/**
	 * Counted: a topic that was subscribed to twice is heard until it was unsubscribed from twice, because sockets come and go
	 * without knowing of each other. MUST be restored after `reconnecting`, or nothing would ever arrive again.
	 */
	subscribe(topic: string): void;

	/** MUST tell the broker when the last one has left, so that this process receives only what somebody listens to. */
	unsubscribe(topic: string): void;

	/** Send what was published, then disconnect. MUST resolve within two seconds: a broker that hangs must not hold a shutdown. Harmless when called twice. */
	close(): Promise<void>;
}

/** Makes a bus that is not open yet. */
export type CreateBus = (options: BusOptions) => Bus;
