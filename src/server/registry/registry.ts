import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { blaming } from '../../shared/errors.ts';
import type { Processes } from '../bus/processes.ts';
import type { Engine } from '../engine/engine.ts';
import type { Present } from '../../shared/protocol.ts';
import { checkAmount, checkClose, checkFilter, checkTopic } from '../socket/check.ts';
import { keyPath } from '../key-path.ts';
import type { TopicPatterns } from '../topics/patterns.ts';
import { encode } from '../socket/encode.ts';
import type { PublishOptions, SendOptions } from '../socket/peer-hub.ts';
import type { Peer } from '../socket/peer.ts';
import { isPlainHttp, noHistory, noId, noPresence, toHandler } from './calls.ts';
import { Closings } from './closings.ts';
import { createController, Endpoints } from './endpoints.ts';
import { Hub } from './hub.ts';
import type { Interception } from './interception.ts';
import { OneTimeKeys } from './keys.ts';
import { Others } from './others.ts';
import type { Attached, RunningApp } from './server.ts';
import { Subscription, type TopicMessages } from './subscription.ts';
import type {
	CloseFilter,
	EndpointController,
	EndpointHandler,
	UseEvent,
	WebSockets
} from './websockets.ts';

/** Milliseconds that what topics remember may take to leave: most of two seconds belongs to the bus. */
const patience = 300;

export class Registry extends Hub implements WebSockets {
	/** What the current request is to be answered by inside of `handle`, if it is a matter of sockets. */
	readonly interceptions = new AsyncLocalStorage<Interception | undefined>();
	/** The app as it is now: in dev it is another one after an edit. */
	app: RunningApp = {};
	/** What `use` has handed out. */
	readonly keys = new OneTimeKeys(this.process);
	/** Whether our plugins are part of the config that Vite has just read: in SvelteKit 2 the adapter cannot see them. */
	hasPlugins = false;
	/** What upgrades under way have not heard of. */
	readonly closings = new Closings();
	/** The server stops: nobody subscribes any more. */
	#isStopping = false;
	#base = '';
	/** What `continuous` has added; absent where no server runs. */
	get endpoints(): Endpoints | undefined {
		return this.here.endpoints;
	}

	get peers(): Iterable<Peer> {
		return this.here.peers[Symbol.iterator]();
	}

	get size(): number {
		return this.here.peers.size;
	}

	/** How many peers have ever come. */
	get arrivals(): number {
		return this.here.peers.arrivals;
	}

	publish(topic: string, value: unknown, options: PublishOptions = {}): void {
		const caller = Registry.prototype.publish;
		checkTopic(topic, caller);
		this.publishing.publish(topic, encode(value, caller), options);
	}

	send(id: string, value: unknown, { compress = false }: SendOptions = {}): void {
		const caller = Registry.prototype.send;
		if (typeof id !== 'string') throw noId(id, caller);
		// A mistake is one, whether or not somebody is there.
		const data = encode(value, caller);
		const letter = { id, data, compress };
		if (!this.here.send(letter)) this.others?.send(letter);
	}

	subscribe(topic: string, { signal }: { signal?: AbortSignal } = {}): TopicMessages {
		checkTopic(topic, Registry.prototype.subscribe);
		if (this.here.engine === undefined || this.#isStopping || signal?.aborted) {
			const ended = new Subscription(topic, () => {});
			ended.end();
			return ended;
		}
		return this.here.subscriptions.add(topic, signal, this.app.owner?.());
	}

	use(event: UseEvent, handler: EndpointHandler, { ttl = 120_000 } = {}): string {
		const caller = Registry.prototype.use;
		checkAmount('ttl', ttl, caller);
		const made = toHandler(handler, caller);
		const url = new URL(event.url.origin);
		url.protocol = isPlainHttp(event) ? 'ws:' : 'wss:';
		// Where no server runs the key leads nowhere, and nothing waits for it.
		const key = this.here.engine === undefined ? 'none' : this.keys.add(made, ttl);
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
		const endpoint = blaming(caller, () => endpoints.add(path, toHandler(handler, caller), limit));
		const publish = this.publishing.everywhere.bind(this.publishing);
		return createController({ endpoints, endpoint, path, publish });
	}

	async position(topic: string): Promise<string> {
		const caller = Registry.prototype.position;
		checkTopic(topic, caller);
		// Where no server runs nobody has said what topics keep.
		if (this.here.engine === undefined) return '';
		const kept = this.topics.get(topic);
		if (!kept?.hasHistory) throw noHistory(topic, caller);
		return kept.position();
	}

	presence<Info = unknown>(topic: string): Present<Info>[] {
		const caller = Registry.prototype.presence;
		checkTopic(topic, caller);
		if (this.here.engine === undefined) return [];
		if (!this.topics.get(topic)?.hasPresence) throw noPresence(topic, caller);
		return this.presences.people(topic) as Present<Info>[];
	}

	/** Take what the app says of its topics, also for those that peers are on already. */
	declare(patterns: TopicPatterns): void {
		this.topics.declare(patterns);
		for (const peer of this.here.peers) {
			for (const topic of peer.topics) this.topics.get(topic)?.adopt(peer);
		}
	}

	subscribers(topic: string): number {
		checkTopic(topic, Registry.prototype.subscribers);
		return this.here.count(topic);
	}

	async count(topic?: string, { timeout = 1000 }: { timeout?: number } = {}): Promise<number> {
		const caller = Registry.prototype.count;
		if (topic !== undefined) checkTopic(topic, caller);
		checkAmount('timeout', timeout, caller);
		const others = this.others?.count(topic, timeout);
		return this.here.count(topic) + ((await others) ?? 0);
	}

	close(code = 1000, reason = '', filter?: CloseFilter): void {
		checkClose(code, reason, Registry.prototype.close);
		checkFilter(filter, Registry.prototype.close);
		const by = this.interceptions.getStore();
		const closing = this.here.close(code, reason, filter, by?.peer);
		// An upgrade has neither an id nor topics.
		if (typeof filter === 'object') this.others?.closePeers(code, reason, filter);
		else this.closings.add(closing, by?.order);
	}

	/** The other processes, where there is a bus. */
	get processes(): Processes | undefined {
		return this.others?.directory;
	}

	/** What the other processes are reached by, for the log, and whether it is there that topics remember. */
	get bus(): string | undefined {
		const { others, topics } = this;
		const history = topics.haveSharedHistory ? ', where topics remember' : '';
		return others?.description && others.description + history;
	}

	/** A server has started: what is published from now on goes out through its engine, and through its bus. */
	attach(engine: Engine, { base = '', log, bus }: Attached = {}): void {
		this.here.engine = engine;
		this.here.log = log;
		this.admitSubscriptions();
		this.#base = base;
		void this.disconnect();
		this.others =
			bus &&
			new Others({
				process: this.process,
				bus,
				here: this.here,
				kept: (topic) => this.topics.get(topic),
				onBack: () => this.topics.rejoin(),
				wanted: () => this.#wanted(),
				log
			});
		this.presences.attach(this.others?.directory);
		this.here.endpoints = new Endpoints(base, this.others);
	}

	/** Open the bus, if there is one; also again, after `disconnect`. @returns when the first attempt has ended, either way */
	async connect(): Promise<void> {
		await this.others?.open();
		await this.topics.connected();
	}

	/** Take leave of the other processes. @returns when what was published has left, within two seconds */
	async disconnect(): Promise<void> {
		// Another one may have taken its place by then.
		const { others } = this;
		if (others === undefined) return;
		await Promise.race([this.topics.settled(), sleep(patience, undefined, { ref: false })]);
		await others.close();
	}

	/** The server has stopped. One that was attached after it goes on. The bus stays until `disconnect`. */
	detach(engine = this.here.engine): void {
		if (engine !== this.here.engine) return;
		this.here.engine = undefined;
		this.here.endpoints = undefined;
		this.keys.clear();
		this.endSubscriptions();
	}

	/** The server stops: those who wait for messages wait no longer. Sockets go on. */
	endSubscriptions(): void {
		this.#isStopping = true;
		this.here.subscriptions.end(() => true);
	}

	/** Who subscribes from now on waits for messages again. */
	admitSubscriptions(): void {
		this.#isStopping = false;
	}

	*#wanted(): Iterable<string> {
		for (const { topics } of this.here.peers) yield* topics;
		yield* this.here.subscriptions.topics();
		yield* this.endpoints?.topics() ?? [];
		yield* this.topics.listened();
	}
}
