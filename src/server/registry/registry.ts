import { AsyncLocalStorage } from 'node:async_hooks';
import type { Engine, SocketData } from '../engine/engine.ts';
import { AdapterError, blame, type Caller } from '../../shared/errors.ts';
import { badValue, checkAmount, checkClose, checkTopic } from '../socket/check.ts';
import { keyPath } from '../key-path.ts';
import { encode } from '../socket/encode.ts';
import type { AnyHandler } from '../socket/handler.ts';
import { Message } from '../socket/message.ts';
import type { Peer, SendOptions } from '../socket/peer.ts';
import type { SessionHub } from '../socket/session.ts';
import { Endpoints } from './endpoints.ts';
import type { Interception } from './interception.ts';
import { OneTimeKeys } from './keys.ts';
import { Subscription, type TopicMessages } from './subscription.ts';
import type { EndpointController, EndpointHandler, UseEvent, WebSockets } from './websockets.ts';

/** What sockets have to know of the app that runs. */
export interface RunningApp {
	/** Kit's hook, if the app has it. */
	handleError?: ((input: { error: unknown }) => unknown) | undefined;
	/** What Kit keeps beside an event, as far as it is the same for every request. */
	state?: object;
}

export class Registry implements WebSockets, SessionHub {
	/** What the current request is to be answered by inside of `handle`, if it is a matter of sockets. */
	readonly interceptions = new AsyncLocalStorage<Interception | undefined>();
	/** The app as it is now: in dev it is another one after an edit. */
	app: RunningApp = {};
	/** What `use` has handed out. */
	readonly keys = new OneTimeKeys();
	/** Whether our plugins are part of the config that Vite has just read: in SvelteKit 2 the adapter cannot see them. */
	hasPlugins = false;
	readonly #peers = new Map<string, Peer>();
	readonly #subscriptions = new Map<string, Set<Subscription>>();
	#engine: Engine | undefined;
	/** The server stops: nobody subscribes any more. */
	#isStopping = false;
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
		const caller = Registry.prototype.publish;
		checkTopic(topic, caller);
		this.#publish(topic, encode(value, caller), compress);
	}

	send(id: string, value: unknown, { compress = false }: SendOptions = {}): void {
		const caller = Registry.prototype.send;
		if (typeof id !== 'string') throw noId(id, caller);
		// A mistake is one, whether or not somebody is there.
		const data = encode(value, caller);
		this.#peers.get(id)?.transmit(data, compress);
	}

	subscribe(topic: string, { signal }: { signal?: AbortSignal } = {}): TopicMessages {
		checkTopic(topic, Registry.prototype.subscribe);
		const onAbort = () => subscription.end();
		const subscription = new Subscription(topic, (ended) => {
			signal?.removeEventListener('abort', onAbort);
			this.#unsubscribe(topic, ended);
		});
		if (this.#engine === undefined || this.#isStopping || signal?.aborted) {
			subscription.end();
			return subscription;
		}
		const subscriptions = this.#subscriptions.get(topic) ?? new Set();
		this.#subscriptions.set(topic, subscriptions.add(subscription));
		signal?.addEventListener('abort', onAbort, { once: true });
		return subscription;
	}

	use(event: UseEvent, handler: EndpointHandler, { ttl = 120_000 } = {}): string {
		const caller = Registry.prototype.use;
		checkAmount('ttl', ttl, caller);
		const made = toHandler(handler, caller);
		const url = new URL(event.url.origin);
		url.protocol = isPlainHttp(event) ? 'ws:' : 'wss:';
		// Where no server runs the key leads nowhere, and nothing waits for it.
		const key = this.#engine === undefined ? 'none' : this.keys.add(made, ttl);
		url.pathname = this.#base + keyPath + key;
		return url.href;
	}

	continuous(
		path: string,
		handler: EndpointHandler,
		{ limit = Infinity }: { limit?: number } = {}
	): EndpointController {
		const caller = Registry.prototype.continuous;
		checkAmount('limit', limit, caller);
		// Where no server runs nobody can connect, but a bad path is a mistake there too.
		const endpoints = this.endpoints ?? new Endpoints(this.#base);
		const { peers, topic } = blaming(caller, () =>
			endpoints.add(path, toHandler(handler, caller), limit)
		);
		const publish: EndpointController['publish'] = (value, { compress = false } = {}) =>
			this.#publish(topic, encode(value, publish), compress);
		const close: EndpointController['close'] = (code = 1000, reason = '') => {
			checkClose(code, reason, close);
			endpoints.remove(path);
			for (const peer of [...peers]) peer.close(code, reason);
		};
		return { path, peers, publish, close };
	}

	subscribers(topic: string): number {
		checkTopic(topic, Registry.prototype.subscribers);
		return this.#engine?.subscribers(topic) ?? 0;
	}

	close(code = 1000, reason = '', filter: (peer: Peer) => boolean = () => true): void {
		checkClose(code, reason, Registry.prototype.close);
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
		this.admitSubscriptions();
		this.#base = base;
		this.endpoints = new Endpoints(base);
	}

	/** The server has stopped. One that was attached after it goes on. */
	detach(engine = this.#engine): void {
		if (engine !== this.#engine) return;
		this.#engine = undefined;
		this.endpoints = undefined;
		this.keys.clear();
		this.endSubscriptions();
	}

	/** The server stops: those who wait for messages wait no longer. Sockets go on. */
	endSubscriptions(): void {
		this.#isStopping = true;
		for (const subscriptions of [...this.#subscriptions.values()]) {
			for (const subscription of [...subscriptions]) subscription.end();
		}
	}

	/** Who subscribes from now on waits for messages again. */
	admitSubscriptions(): void {
		this.#isStopping = false;
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
		const message = new Message(typeof data === 'string' ? data : new Uint8Array(data));
		for (const subscription of [...subscriptions]) subscription.push(message);
	}

	#publish(topic: string, data: SocketData, compress: boolean): void {
		this.#engine?.publish(topic, data, compress);
		this.published(topic, data);
	}

	#unsubscribe(topic: string, subscription: Subscription): void {
		const subscriptions = this.#subscriptions.get(topic);
		subscriptions?.delete(subscription);
		if (subscriptions?.size === 0) this.#subscriptions.delete(topic);
	}
}

function noId(id: unknown, caller: Caller): AdapterError {
	return badValue(caller, {
		what: 'This is no id of a peer',
		value: typeof id,
		todo: 'Use the id of a peer, a string.'
	});
}

/** A server that is told nothing believes in https. A page on the same host knows how it has reached that. */
function isPlainHttp({ url, request }: UseEvent): boolean {
	const origin = request?.headers.get('origin') ?? '';
	return url.protocol === 'http:' || origin === `http://${url.host}`;
}

/** Our own errors begin where the app has called `method`. */
function blaming<T>(method: Caller, run: () => T): T {
	try {
		return run();
	} catch (error) {
		throw error instanceof AdapterError ? blame(error, method) : error;
	}
}

/** @throws {AdapterError} `bad_value` */
function toHandler(handler: EndpointHandler, caller: Caller): AnyHandler {
	if (typeof handler === 'function') return { open: handler };
	if (typeof handler === 'object' && handler !== null) return handler;
	throw badValue(caller, {
		what: 'This is no handler',
		value: typeof handler,
		todo: 'Give it an object with hooks such as open and message, or a function.'
	});
}
