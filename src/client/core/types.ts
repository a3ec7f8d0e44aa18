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
	/** An attempt failed, or a message that `parse` refuses has arrived. */
	error: ConnectionError;
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
