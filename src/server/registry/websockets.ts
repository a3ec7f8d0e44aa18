import type { Present } from '../../shared/protocol.ts';
import type { WebSocketHandler } from '../socket/handler.ts';
import type { PublishOptions, SendOptions } from '../socket/peer-hub.ts';
import type { Peer } from '../socket/peer.ts';
import type { MaybePromise } from '../socket/types.ts';
import type { TopicMessages } from './subscription.ts';

/** A handler that was given at run time, or a function that is called when the socket opens. */
export type EndpointHandler =
	WebSocketHandler<unknown> | ((peer: Peer<unknown>) => MaybePromise<void>);

/** What `continuous` returns. */
export interface EndpointController {
	readonly path: string;
	/** The peers of this path, in this process. */
	readonly peers: ReadonlySet<Peer>;
	/**
	 * Send to every peer of this path, in every process.
	 * @throws {AdapterError} `bad_value` for what cannot be sent
	 */
	publish(value: unknown, options?: SendOptions): void;
	/**
	 * Remove the path and close its peers. Default: 1000 without a reason.
	 * @throws {AdapterError} `bad_value` for a code or a reason that RFC 6455 does not allow
	 */
	close(code?: number, reason?: string): void;
}

/** What `use` needs of a `RequestEvent`. */
export interface UseEvent {
	url: URL;
	request?: { headers: Headers };
}

/**
 * What `close` asks its filter about: a peer, an upgrade that is being decided, or the request that a subscription was made
 * for. Of the latter two only who it is is known; a request has no `data`.
 */
export interface CloseTarget
	extends
		Pick<Peer, 'data' | 'locals' | 'params' | 'url' | 'address' | 'protocol' | 'topics'>,
		Partial<Pick<Peer, 'id' | 'readyState' | 'bufferedAmount' | 'dropped' | 'signal'>> {}

/** In the form of a method, so that one that was written for a `Peer` is one too. */
export type ClosePredicate = { picks(target: CloseTarget): boolean }['picks'];

/** One peer, or everyone who is on a topic: whom every process can find. */
export type CloseReach =
	| { readonly id: string; readonly topic?: undefined }
	| { readonly topic: string; readonly id?: undefined };

/** Whom `close` means. A function is asked in this process only; what it knows cannot travel. */
export type CloseFilter = ClosePredicate | CloseReach;

/**
 * Who is connected, and a way to reach them from any endpoint, action, load or job: the one object behind
 * `import { websockets }`, `event.platform.websockets` and `globalThis[Symbol.for('svelte-adapter-ws')]`. Where several
 * processes serve the app and a bus connects them, `publish`, `send`, `subscribe`, `count` and `close` by id or topic reach all
 * of them; everything else is about this process.
 * Where no server runs (build, prerendering) nobody is connected, and every call is harmless.
 */
export interface WebSockets {
	/**
	 * Send to everyone on the topic, in every process. Strings and binary data go as they are, anything else as JSON. Between
	 * processes a message comes at most once, and in order per publisher and topic.
	 * @throws {AdapterError} `bad_value` for what cannot be sent or is no topic; then it went to nobody
	 */
	publish(topic: string, value: unknown, options?: PublishOptions): void;
	/**
	 * Send to one peer by its id, in whichever process it is; harmless if it is gone.
	 * @throws {AdapterError} `bad_value` for what cannot be sent, and for an id that is no string
	 */
	send(id: string, value: unknown, options?: SendOptions): void;
	/**
	 * What is published to the topic from now on, in any process, until the signal aborts or the loop ends; one that never begins is ended by
	 * `return()`, or by `await using`. Up to 1024 messages wait while the loop is busy; the loop fails with `buffer_full` at
	 * the one after them.
	 * @throws {AdapterError} `bad_value` for what is no topic
	 */
	subscribe(topic: string, options?: { signal?: AbortSignal }): TopicMessages;
	/**
	 * A URL that opens one socket with this handler, made for the request of `event`: `wss://host/base/_/connect/<key>`, on
	 * the host of `event.url`; `ws:` where the app, or a page of that host which has sent the request, is on plain http. The key is the process that has made it and 256 random bits; whoever has it gets in through `handle` and the handler's own
	 * `upgrade`. It is refused with 404 when it was used, or after `ttl` milliseconds. Default: 120,000.
	 * @throws {AdapterError} `bad_value` for a `ttl` that is no number from 0 on, and for what is no handler
	 */
	use(event: UseEvent, handler: EndpointHandler, options?: { ttl?: number }): string;
	/**
	 * Add a path while the server runs, in Kit's route syntax and relative to `paths.base`; it comes before those of
	 * `src/websocket`. The same path again replaces the handler: open sockets stay, and their next event goes to the new
	 * one. Sockets above `limit` are refused with 503. Default: no limit.
	 * @throws {AdapterError} `bad_route`; `bad_value` for a `limit` that is no number from 0 on, and for what is no handler
	 */
	continuous(
		path: string,
		handler: EndpointHandler,
		options?: { limit?: number }
	): EndpointController;
	/** The peers of this process. */
	readonly peers: Iterable<Peer>;
	/** How many peers this process has. `count` asks all processes. */
	readonly size: number;
	/**
	 * How many peers of this process are on the topic.
	 * @throws {AdapterError} `bad_value` for what is no topic
	 */
	subscribers(topic: string): number;
	/**
	 * How many peers all processes have, or have on the topic. Every other process that is known is asked. A peer that is
	 * closing may still be counted, and one that goes from one process to another in the meantime may be counted twice.
	 * @param options.timeout milliseconds after which those who have not answered count as nobody. Default: 1000.
	 * @returns as soon as all have answered, or at the deadline
	 * @throws {AdapterError} `bad_value` for what is no topic, and for a `timeout` that is no number from 0 on
	 */
	count(topic?: string, options?: { timeout?: number }): Promise<number>;
	/**
	 * Where a topic that remembers stands now, for `since` of a page that is rendered with what was known then: the socket goes
	 * on from there. Ask before the data is read. It says nothing about the topic to who has it.
	 * @returns opaque; empty where no server runs, and where the position cannot be found out because a broker is away
	 * @throws {AdapterError} `bad_value` (as a rejection) for what is no topic, and for one without `history`
	 */
	position(topic: string): Promise<string>;
	/**
	 * Who is present on a topic with `presence: true`, in any process: each `id` once, however many sockets it has, with the `info` of the newest
	 * one, in order of arrival. Somebody whose last socket has ended is there for five more seconds, and so are those of a process that is gone;
	 * of one that was killed that is known after 20 seconds at most. The people are frozen, and the same for everybody who asks.
	 * @returns nobody where no server runs
	 * @throws {AdapterError} `bad_value` for what is no topic, and for one without `presence`
	 */
	presence<Info = unknown>(topic: string): Present<Info>[];
	/**
	 * Close every peer of this process, or those that `filter` means: a function is asked about each peer of this process;
	 * `{ id }` of one peer, and `{ topic }` for everyone who is on it now, reach every process. Default: 1000 without a reason.
	 *
	 * It also ends subscriptions that were made in a request or in a hook of those whom it means. Without a filter, and with a
	 * function, it also refuses upgrades that are being decided now: with 401 for 4401, 403 for 4403 and so on, 503 for 1001, 1012 and 1013, else 403.
	 * @param filter one that throws for somebody does not pick them, and is logged once
	 * @throws {AdapterError} `bad_value` for a code or a reason that RFC 6455 does not allow, and for what is no filter; then
	 * nobody was closed
	 */
	close(code?: number, reason?: string, filter?: CloseFilter): void;
}
