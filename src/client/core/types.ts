import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { ConnectionError } from './errors.ts';

export type MaybePromise<T> = T | Promise<T>;

/**
 * Where to connect. What is relative is on the page's host, and `http:` becomes `ws:`. A function is asked before every
 * attempt, so it may fetch something fresh; `null` and `undefined` say that there is nothing to connect to now.
 */
export type UrlSource = string | URL | (() => Target);

/** What a function says about where to connect. */
export type Target = MaybePromise<string | URL | null | undefined>;

/** What is offered, if anything. */
export type Protocols = string | string[] | null | undefined;

/** Subprotocols to offer, best first. A function is asked before every attempt. */
export type ProtocolsSource = string | string[] | (() => MaybePromise<Protocols>);

/** What is made of a text that arrives. */
export type Decode = 'json' | 'text' | ((text: string) => unknown);

/**
 * What `websockets.position` has said when the page's data was read. A function is asked when it is first needed, and
 * after a move: `() => data.position`.
 */
export type Since =
	| MaybePromise<string | readonly string[] | null | undefined>
	| (() => MaybePromise<string | readonly string[] | null | undefined>);

/**
 * Whether what topics that remember have told while there was no connection has come: `live` where nothing was to come,
 * `recovering` as long as there may be some, `recovered` when all of it is here, `lost` where some of it is not.
 */
export type Continuity = 'live' | 'recovering' | 'recovered' | 'lost';

/** Somebody who is present in a topic. */
export interface Present {
	id: string;
	/** What was said of him when he came. */
	info: unknown;
}

/** Something was published that will not come any more. */
export interface Gap {
	/** How many messages, where it is known. */
	missed?: number;
}

export interface RequestOptions {
	/** Milliseconds for all of it, waiting for a connection included. Default: 10,000. */
	timeout?: number | undefined;
	/** Gives it up, with the reason of the signal. */
	signal?: AbortSignal | undefined;
}

export interface ConnectionOptions<In> {
	protocols?: ProtocolsSource | undefined;
	/** Open without being asked to. Default: true. */
	autoConnect?: boolean | undefined;
	/** Try again when a connection or an attempt fails. Default: true. */
	reconnect?: boolean | undefined;
	/** Failed attempts in a row after which it is given up. Default: no limit. */
	maxReconnectAttempts?: number | undefined;
	/**
	 * Milliseconds before the second attempt, more or less: each time it is between a half and one and a half of it. It
	 * grows with every failure, up to 30 seconds. Default: 1000.
	 */
	reconnectInterval?: number | undefined;
	/** Messages that are kept in `messages`, the newest of them. Default: 100. */
	history?: number | undefined;
	/** Messages that may wait for a connection. One more is refused: `send` returns false. Default: 100. */
	queue?: number | undefined;
	/**
	 * What is done to a text before `parse`: by default, `'json'`, one that is JSON becomes what it stands for, so that the
	 * text 1.10 becomes the number 1.1; `'text'` leaves every one as it is. A function may return a promise.
	 */
	decode?: Decode | undefined;
	/** Validates what arrives, and types it: a Standard Schema, such as one of Valibot, Zod or ArkType. */
	parse?: StandardSchemaV1<unknown, In> | undefined;
	/** From where on messages are wanted: the server sends first what was published after it. */
	since?: Since | undefined;
	/**
	 * What the page answers when the server asks with `peer.request`: what it returns, or the promise it returns comes to.
	 * Without it the server is told 501.
	 */
	onRequest?: ((value: unknown) => unknown) | undefined;
	/** Closes it for good. It may be the end of a socket that no component ends. */
	signal?: AbortSignal | undefined;
}

/** How a connection ended. */
export interface CloseDetails<Out = unknown> {
	/** RFC 6455, section 7.4; 1006 where there was no closing handshake. */
	code: number;
	reason: string;
	/**
	 * What was sent and has perhaps not arrived: the server had not confirmed it yet. Servers on the page's own host that run
	 * this package confirm; of others it is not known, and what they are sent is forgotten. Where the connection has ended for
	 * good, or its URL has changed, also what was still waiting.
	 */
	unconfirmed: Out[];
}

export interface ConnectionEvents<In, Out = unknown> {
	open: undefined;
	message: In;
	close: CloseDetails<Out>;
	/** An attempt failed, a message that `parse` refuses has arrived, or the server refuses one by its schema. */
	error: ConnectionError;
	/** Something was missed, and cannot be had any more. */
	gap: Gap;
}

/** One try to connect. */
export interface Attempt {
	/** Absent if it never came so far. */
	url?: URL;
	wasOpen: boolean;
	/** What was offered. */
	protocols?: Protocols;
	/** What asking for the URL or the protocols has thrown, or the browser's constructor. */
	cause?: unknown;
}

/** How an attempt, or the connection it led to, has ended. */
export interface AttemptEnd extends Attempt {
	/** Of the connection. */
	code: number;
	reason: string;
}
