import { AsyncLocalStorage } from 'node:async_hooks';
import type { Engine, SocketData } from '../engine/engine.ts';
import { encode } from '../socket/encode.ts';
import type { AnyHandler, WebSocketHandler } from '../socket/handler.ts';
import { Message } from '../socket/message.ts';
import type { Peer, SendOptions } from '../socket/peer.ts';
import type { SessionHub } from '../socket/session.ts';
import type { MaybePromise } from '../socket/types.ts';
import { Endpoints } from './endpoints.ts';
import type { Interception } from './interception.ts';
import { OneTimeKeys } from './keys.ts';
import { Subscription, type TopicMessages } from './subscription.ts';

/** A handler that was given at run time, or a function that is called when the socket opens. */
export type EndpointHandler =
	WebSocketHandler<unknown> | ((peer: Peer<unknown>) => MaybePromise<void>);

/** What `continuous` returns. */
export interface EndpointController {
	readonly path: string;
	/** The peers of this path, in this process. */
	readonly peers: ReadonlySet<Peer>;
	/**
	 * Send to every peer of this path.
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

/** Where one-time keys are used, relative to `paths.base`. */
export const keyPath = '/_/connect/';

/**
 * Who is connected, and a way to reach them from any endpoint, action, load or job: the one object behind
 * `import { websockets }`, `event.platform.websockets` and `globalThis[Symbol.for('svelte-adapter-ws')]`.
 * Where no server runs (build, prerendering) nobody is connected, and every call is harmless.
 */
export interface WebSockets {
	/**
	 * Send to everyone on the topic. Strings and binary data go as they are, anything else as JSON.
	 * @throws {AdapterError} `bad_value` for what cannot be sent
	 */
	publish(topic: string, value: unknown, options?: SendOptions): void;
	/**
	 * Send to one peer by its id; harmless if it is gone.
	 * @throws {AdapterError} `bad_value` for what cannot be sent
	 */
	send(id: string, value: unknown, options?: SendOptions): void;
	/**
	 * What is published to the topic from now on, until the signal aborts or the loop ends; one that never begins is ended by
	 * `return()`, or by `await using`. Up to 1024 messages wait
	 * while the loop is busy; the loop fails with `buffer_full` at the one after them.
	 */
	subscribe(topic: string, options?: { signal?: AbortSignal }): TopicMessages;
	/**
	 * A URL that opens one socket with this handler, made for the request of `event`: `wss://host/base/_/connect/<key>`, on
	 * the host of `event.url`; `ws:` where the app, or a page of that host which has sent the request, is on plain http. The key is 256 random bits; whoever has it gets in through `handle` and the handler's own
	 * `upgrade`. It is refused with 404 when it was used, or after `ttl` milliseconds. Default: 120,000.
	 */
	use(event: UseEvent, handler: EndpointHandler, options?: { ttl?: number }): string;
	/**
	 * Add a path while the server runs, in Kit's route syntax and relative to `paths.base`; it comes before those of
	 * `src/websocket`. The same path again replaces the handler: open sockets stay, and their next event goes to the new
	 * one. Sockets above `limit` are refused with 503. Default: no limit.
	 * @throws {AdapterError} `bad_route`
	 */
	continuous(
		path: string,
		handler: EndpointHandler,
		options?: { limit?: number }
	): EndpointController;
	/** The peers of this process. */
	readonly peers: Iterable<Peer>;
	/** How many peers this process has. */
	readonly size: number;
	/** How many peers of this process are on the topic. */
	subscribers(topic: string): number;
	/** Close every peer of this process, or those that `filter` picks. Default: 1000 without a reason. */
	close(code?: number, reason?: string, filter?: (peer: Peer) => boolean): void;
}

export class Registry implements WebSockets, SessionHub {
	/** What the current request is to be answered by inside of `handle`, if it is a matter of sockets. */
	readonly interceptions = new AsyncLocalStorage<Interception>();
	/** What `use` has handed out. */
	readonly keys = new OneTimeKeys();
	readonly #peers = new Map<string, Peer>();
	readonly #subscriptions = new Map<string, Set<Subscription>>();
	#engine: Engine | undefined;
	#base = '';
	/** What `continuous` has added; absent where no server runs. */
	endpoints: Endpoints | undefined;

	get peers(): Iterable<Peer> {
		return this.#peers.values();
	}

	get size(): number {
		return this.#peers.size;
	}

	publish(topic: string, value: unknown, { compress = false }: SendOptions = {}): void {
		const data = encode(value);
		this.#engine?.publish(topic, data, compress);
		this.published(topic, data);
	}

	send(id: string, value: unknown, options?: SendOptions): void {
		this.#peers.get(id)?.send(value, options);
	}

	subscribe(topic: string, { signal }: { signal?: AbortSignal } = {}): TopicMessages {
		const onAbort = () => subscription.end();
		const subscription = new Subscription(topic, (ended) => {
			signal?.removeEventListener('abort', onAbort);
			this.#unsubscribe(topic, ended);
		});
		if (this.#engine === undefined || signal?.aborted) {
			subscription.end();
			return subscription;
		}
		const subscriptions = this.#subscriptions.get(topic) ?? new Set();
		this.#subscriptions.set(topic, subscriptions.add(subscription));
		signal?.addEventListener('abort', onAbort, { once: true });
		return subscription;
	}

	use(event: UseEvent, handler: EndpointHandler, { ttl = 120_000 } = {}): string {
		const url = new URL(event.url.origin);
		url.protocol = isPlainHttp(event) ? 'ws:' : 'wss:';
		// Where no server runs the key leads nowhere, and nothing waits for it.
		const key = this.#engine === undefined ? 'none' : this.keys.add(toHandler(handler), ttl);
		url.pathname = this.#base + keyPath + key;
		return url.href;
	}

	continuous(
		path: string,
		handler: EndpointHandler,
		{ limit = Infinity }: { limit?: number } = {}
	): EndpointController {
		// Where no server runs nobody can connect, but a bad path is a mistake there too.
		const endpoints = this.endpoints ?? new Endpoints(this.#base);
		const { peers, topic } = endpoints.add(path, toHandler(handler), limit);
		return {
			path,
			peers,
			publish: (value, options) => this.publish(topic, value, options),
			close(code = 1000, reason = '') {
				endpoints.remove(path);
				for (const peer of [...peers]) peer.close(code, reason);
			}
		};
	}

	subscribers(topic: string): number {
		return this.#engine?.subscribers(topic) ?? 0;
	}

	close(code = 1000, reason = '', filter: (peer: Peer) => boolean = () => true): void {
		for (const peer of [...this.#peers.values()]) {
			if (filter(peer)) peer.close(code, reason);
		}
	}

	/**
	 * A server has started: what is published from now on goes out through its engine.
	 * @param base `paths.base`
	 */
	attach(engine: Engine, base = ''): void {
		this.#engine = engine;
		this.#base = base;
		this.endpoints = new Endpoints(base);
	}

	/** The server has stopped. One that was attached after it goes on. */
	detach(engine = this.#engine): void {
		if (engine !== this.#engine) return;
		this.#engine = undefined;
		this.endpoints = undefined;
		this.keys.clear();
		for (const subscriptions of [...this.#subscriptions.values()]) {
			for (const subscription of [...subscriptions]) subscription.end();
		}
	}

	add(peer: Peer): void {
		this.#peers.set(peer.id, peer);
	}

	remove(peer: Peer): void {
		this.#peers.delete(peer.id);
	}

	published(topic: string, data: SocketData): void {
		const subscriptions = this.#subscriptions.get(topic);
		if (subscriptions === undefined) return;
		// The caller may go on using its buffer; a message stays as it is.
		const message = new Message(typeof data === 'string' ? data : data.slice());
		for (const subscription of [...subscriptions]) subscription.push(message);
	}

	#unsubscribe(topic: string, subscription: Subscription): void {
		const subscriptions = this.#subscriptions.get(topic);
		subscriptions?.delete(subscription);
		if (subscriptions?.size === 0) this.#subscriptions.delete(topic);
	}
}

/** A server that is told nothing believes in https. A page on the same host knows how it has reached that. */
function isPlainHttp({ url, request }: UseEvent): boolean {
	const origin = request?.headers.get('origin') ?? '';
	return url.protocol === 'http:' || origin === `http://${url.host}`;
}

function toHandler(handler: EndpointHandler): AnyHandler {
	return typeof handler === 'function' ? { open: handler } : handler;
}
