/**
 * The contract of a way to a broker: frames on channels, and nothing else. `TopicBus` makes a bus of one; it counts who is subscribed,
 * gathers what is published in one turn, and tells its own frames from those of others.
 */

import type { TopicLog } from './topic-log.ts';

/** What a transport calls. */
export interface TransportEvents {
	/** A frame has come on a channel that is listened on; one's own MAY come too. `frame` belongs to the callee. */
	frame(channel: string, frame: Uint8Array): void;
	/**
	 * Connected, for the first time or again: `listen` is called next with every channel that is wanted. MUST be called once per
	 * connection.
	 */
	connected(): void;
	/** The connection is gone, or could not be had, and is tried again by the transport. MUST be called once until `connected`. */
	disconnected(reason: unknown): void;
	/** The other end has seen that a process is gone. */
	left(process: string): void;
}

export interface Transport {
	readonly name: string;
	/** Without credentials. */
	readonly description: string;
	/** Bytes of the largest frame that it carries. */
	readonly maxFrame: number;
	/** As the bus has it. MUST reject what it is asked while there is no connection, and what waits when that is lost. */
	readonly log?: TopicLog | undefined;
	/** MUST resolve when the first attempt to connect has ended, either way, and go on trying. */
	open(events: TransportEvents): Promise<void>;
	/** Harmless, and lost, while there is no connection. Frames on one channel MUST arrive in order. `frame` belongs to the transport. */
	publish(channel: string, frame: Uint8Array): void;
	/** Called only while connected, with many channels in several pieces; a channel is not listened on twice. */
	listen(channels: readonly string[]): void;
	unlisten(channels: readonly string[]): void;
	/** Let what was published leave, then disconnect; within two seconds, whatever the other end does. */
	close(): Promise<void>;
}
