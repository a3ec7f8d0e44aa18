/**
 * The contract of one connection to a broker, which ends for good when it breaks. `BrokerTransport` makes another one then, so that
 * nothing of what was subscribed to or queued on the old one comes back by itself.
 */

import type { LogLink } from '../log/link.ts';

/** What a link calls, until its signal is aborted. */
export interface LinkEvents {
	/** A frame has come on a channel that was subscribed to. It belongs to the callee. */
	frame(channel: string, frame: Uint8Array): void;
	/** The connection is gone, or is not worth keeping. Harmless when called again. */
	lost(reason: unknown): void;
	/** The broker does not let this user do something, and keeps the connection. */
	refused(reason: unknown): void;
}

export interface Link {
	/** Bytes of the largest frame that it carries. */
	readonly maxFrame: number;
	/** The way to what topics remember. Where its broker has one each link MUST have it. */
	readonly log?: LogLink | undefined;
	/** Frames on one channel MUST leave in order. `frame` belongs to the link. @returns when the broker has it, whatever it does with it */
	publish(channel: string, frame: Uint8Array): Promise<void>;
	/** What is subscribed to and unsubscribed from MUST reach the broker in this order. */
	subscribe(channels: readonly string[]): void;
	unsubscribe(channels: readonly string[]): void;
	/** @returns when the broker has answered */
	ping(): Promise<void>;
}

export interface Broker {
	readonly name: string;
	/** Without credentials. */
	readonly description: string;
	/** It may keep what topics remember. */
	readonly hasLog?: boolean;
	/** What a frame may have until there is a link that knows better. */
	readonly maxFrame: number;
	/**
	 * One attempt to connect.
	 * @param signal when it is aborted everything of this attempt MUST go at once, whether or not it has succeeded
	 */
	connect(events: LinkEvents, signal: AbortSignal): Promise<Link>;
}
