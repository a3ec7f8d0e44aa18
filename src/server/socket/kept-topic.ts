import type { SendResult, SocketData } from '../engine/engine.ts';

/** How a peer comes to a topic. What is named here the topic has to keep: see `topics` of `src/websocket`. */
export interface SubscribeOptions {
	/** How many of the remembered messages are sent first, the newest of them, to who has no position there. Default: 0. */
	replay?: number;
	/**
	 * Be seen there, once however many peers have the same id (256 characters at most). `info` is for everybody there: it travels as
	 * JSON, 4 KiB of it at most, and what came last with an id is what is seen.
	 */
	presence?: { id: string; info?: unknown };
}

/** What `SubscribeOptions` say, once it is known that it can be done. */
export interface Arrival {
	readonly replay?: number;
	readonly presence?: Attendance;
}

export interface Attendance {
	readonly id: string;
	/** `info` as JSON; undefined where there is none. */
	readonly json: string | undefined;
}

/** What speaks the protocol of our client: `shared/protocol.ts`. */
export interface OwnClient {
	/** What it calls itself. */
	readonly name: string;
	/** What it had received before this connection, by topic: see `positionSeparator`. */
	readonly positions: ReadonlyMap<string, string>;
}

/** The part of a peer that a topic uses which is more than a name. */
export interface Follower {
	readonly readyState: 1 | 2 | 3;
	/** Bytes that wait to be sent to it. */
	readonly bufferedAmount: number;
	/** Absent for a client of somebody else, which is to see nothing but messages of the app. */
	readonly client: OwnClient | undefined;
	/** Messages that it has lost so far because it was slow. */
	readonly dropped: number;
	/** On and off a topic of the engine. */
	enter(engineTopic: string): void;
	exit(engineTopic: string): void;
	/** A message of the app, escaped where that is necessary. */
	transmit(data: SocketData, compress: boolean): SendResult;
	/** A frame, or a binary message that belongs to one, as it is. To an own client only. */
	transmitFrame(data: SocketData, compress: boolean): SendResult;
	/** To everyone else on a topic of the engine, as it is. */
	publishRaw(engineTopic: string, data: SocketData, compress: boolean): void;
}

/** A topic of which more is kept than who is on it: what was published, or who is present. */
export interface KeptTopic {
	/** What it is called in frames: no two topics of a process ever have the same. */
	readonly number: number;
	readonly hasHistory: boolean;
	readonly hasPresence: boolean;
	/** It is on the topic, or wants to be there in another way than before. */
	subscribe(follower: Follower, arrival: Arrival): void;
	/**
	 * It is not any more. Harmless for one that is not known.
	 * @param hasEnded it has lost its connection, and whoever it was may come back with another one
	 */
	unsubscribe(follower: Follower, hasEnded: boolean): void;
	/** @param sender who does not get it */
	publish(data: SocketData, compress: boolean, sender?: Follower): void;
	/** To those here who have taken everything before it: it is not remembered. @param sender who does not get it */
	passVolatile(data: SocketData, compress: boolean, sender?: Follower): void;
	/** A client of ours has noticed that something is missing after an offset. */
	resend(follower: Follower, offset: number): void;
}
