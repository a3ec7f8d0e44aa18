import { AsyncLocalStorage } from 'node:async_hooks';
import type { CreateBus } from '../bus/bus.ts';
import type { Processes } from '../bus/processes.ts';
import type { Engine, SocketData } from '../engine/engine.ts';
import type { Log } from '../log.ts';
import { checkAmount, checkClose, checkFilter, checkTopic } from '../socket/check.ts';
import { keyPath } from '../key-path.ts';
import { encode } from '../socket/encode.ts';
import { Message } from '../socket/message.ts';
import type { Peer, SendOptions } from '../socket/peer.ts';
import type { SessionHub } from '../socket/session.ts';
import { blaming, isPlainHttp, noId, toHandler } from './calls.ts';
import { Closing, Closings } from './closings.ts';
import { Endpoints } from './endpoints.ts';
import { createId, createProcessId } from './ids.ts';
import type { Interception } from './interception.ts';
import { OneTimeKeys } from './keys.ts';
import { Others } from './others.ts';
import { Subscription, type TopicMessages } from './subscription.ts';
import { Subscriptions } from './subscriptions.ts';
import type {
	CloseFilter,
	CloseTarget,
	EndpointController,
	EndpointHandler,
	UseEvent,
	WebSockets
} from './websockets.ts';

/** What sockets have to know of the app that runs. */
export interface RunningApp {
	/** Kit's hook, if the app has it. */
	handleError?: ((input: { error: unknown }) => unknown) | undefined;
	/** What Kit keeps beside an event, as far as it is the same for every request. */
	state?: object;
	/** For whom the code runs that is running; undefined for a job of the server's own. */
	owner?: () => CloseTarget | undefined;
}

/** What a server is, to the registry. */
export interface Attached {
	/** `paths.base` */
	base?: string;
	log?: Log | undefined;
	/** The way to the other processes, if there are any. */
	bus?: CreateBus | undefined;
}

export class Registry implements WebSockets, SessionHub {
	/** This process, among all that serve the app: 12 hexadecimal digits. */
	readonly process = createProcessId();
	/** What the current request is to be answered by inside of `handle`, if it is a matter of sockets. */
	readonly interceptions = new AsyncLocalStorage<Interception | undefined>();
	/** The app as it is now: in dev it is another one after an edit. */
	app: RunningApp = {};
	/** What `use` has handed out. */
	readonly keys = new OneTimeKeys(this.process);
	/** Whether our plugins are part of the config that Vite has just read: in SvelteKit 2 the adapter cannot see them. */
	hasPlugins = false;
	readonly #peers = new Set<Peer>();
	/** Those of whom somebody knows the id. */
	readonly #identified = new Map<string, Peer>();
	readonly #subscriptions = new Subscriptions();
	/** What upgrades under way have not heard of. */
	readonly closings = new Closings();
	#engine: Engine | undefined;
	/** Absent where this process is the only one. */
	#others: Others | undefined;
	#log: Log | undefined;
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
		this.#identified.get(id)?.transmit(data, compress);
	}

	subscribe(topic: string, { signal }: { signal?: AbortSignal } = {}): TopicMessages {
		checkTopic(topic, Registry.prototype.subscribe);
		if (this.#engine === undefined || this.#isStopping || signal?.aborted) {
			const ended = new Subscription(topic, () => {});
			ended.end();
			return ended;
		}
		return this.#subscriptions.add(topic, signal, this.app.owner?.());
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
			endpoints.remove(path, { code, reason });
			for (const peer of [...peers]) peer.close(code, reason);
		};
		return { path, peers, publish, close };
	}

	subscribers(topic: string): number {
		checkTopic(topic, Registry.prototype.subscribers);
		return this.#engine?.subscribers(topic) ?? 0;
	}

	close(code = 1000, reason = '', filter?: CloseFilter): void {
		const caller = Registry.prototype.close;
		checkClose(code, reason, caller);
		checkFilter(filter, caller);
		const closing = new Closing({ code, reason, filter, log: this.#log });
		this.closings.add(closing, this.interceptions.getStore()?.order);
		for (const peer of [...this.#peers]) {
			if (closing.picks(peer)) peer.close(code, reason);
		}
		this.#subscriptions.end((owner) => owner !== undefined && closing.picks(owner));
	}

	/** The other processes, where there is a bus. */
	get processes(): Processes | undefined {
		return this.#others?.directory;
	}

	/** A server has started: what is published from now on goes out through its engine, and through its bus. */
	attach(engine: Engine, { base = '', log, bus }: Attached = {}): void {
		this.#engine = engine;
		this.#log = log;
		this.admitSubscriptions();
		this.#base = base;
		this.endpoints = new Endpoints(base);
		void this.disconnect();
		this.#others = bus && new Others({ process: this.process, bus, log });
	}

	/** Open the bus, if there is one. @returns when the first attempt has ended, either way */
	async connect(): Promise<void> {
		await this.#others?.open();
	}

	/** Take leave of the other processes. @returns when what was published has left, within two seconds */
	async disconnect(): Promise<void> {
		const others = this.#others;
		this.#others = undefined;
		await others?.close();
	}

	/** The server has stopped. One that was attached after it goes on. The bus stays until `disconnect`. */
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
		this.#subscriptions.end(() => true);
	}

	/** Who subscribes from now on waits for messages again. */
	admitSubscriptions(): void {
		this.#isStopping = false;
	}

	add(peer: Peer): void {
		this.#peers.add(peer);
	}

	remove(peer: Peer): void {
		this.#peers.delete(peer);
		if (peer.knownId !== undefined) this.#identified.delete(peer.knownId);
	}

	identify(peer: Peer): string {
		const id = createId(this.process);
		if (this.#peers.has(peer)) this.#identified.set(id, peer);
		return id;
	}

	published(topic: string, data: SocketData): void {
		// The caller may go on using its buffer; a message stays as it is.
		this.#subscriptions.push(
			topic,
			() => new Message(typeof data === 'string' ? data : new Uint8Array(data))
		);
	}

	#publish(topic: string, data: SocketData, compress: boolean): void {
		this.#engine?.publish(topic, data, compress);
		this.published(topic, data);
	}
}
