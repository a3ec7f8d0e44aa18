import type { HistoryLimits } from '../bus/topic-log.ts';
import type { Follower } from '../socket/kept-topic.ts';
import type { Peer } from '../socket/peer.ts';
import { LocalMemory } from './local-memory.ts';
import { isUnshared, LogAccess } from './log-access.ts';
import type { Memory, MemoryEvents } from './memory.ts';
import { TopicPatterns } from './patterns.ts';
import type { PresenceKeeper, TopicHub } from './place.ts';
import { SharedMemory } from './shared-memory.ts';
import { Topic } from './topic.ts';

/** Topics that remember and that nobody is on: above it those are forgotten that were used longest ago. */
const maxIdle = 10_000;

/** Milliseconds between two looks at all topics. */
const interval = 1000;

/** The topics of which more is kept than who is on them. */
export class KeptTopics {
	readonly #hub: TopicHub;
	readonly #presence: PresenceKeeper | undefined;
	readonly #topics = new Map<string, Topic>();
	/** Those that nobody is on, the one that was used longest ago first. */
	readonly #idle = new Set<Topic>();
	/** Who has to take what is queued for him before he gets the rest. */
	readonly #slow = new Map<Follower, Set<Topic>>();
	/** How many messages a client of ours had lost when it was reminded of what it lacks. */
	readonly #losses = new WeakMap<Follower, number>();
	#patterns = new TopicPatterns(undefined);
	/** Asked for each publish: nothing is kept of any topic. */
	#isEmpty = true;
	#numbers = 0;
	/** One place numbers for all processes. */
	#isShared = false;
	readonly #access: LogAccess;
	#timer: NodeJS.Timeout | undefined;

	constructor(hub: TopicHub, presence?: PresenceKeeper) {
		this.#hub = hub;
		this.#presence = presence;
		this.#access = new LogAccess({
			log: () => hub.log,
			warn: (what, reason) => hub.warn(what, reason),
			onUnshared: (reason) => this.#unshare(reason)
		});
	}

	/** Some topics remember. */
	get haveHistory(): boolean {
		return this.#patterns.haveHistory;
	}

	/** Whether that is for all processes. */
	get haveSharedHistory(): boolean {
		return this.#isShared && this.haveHistory;
	}

	/** Undefined for a topic of which nothing is kept. */
	get(topic: string): Topic | undefined {
		if (this.#isEmpty) return undefined;
		return this.#topics.get(topic) ?? this.#create(topic);
	}

	/** The same, if there is something by now. */
	find(topic: string): Topic | undefined {
		return this.#topics.get(topic);
	}

	/** Take what the app says of its topics. Those that are there keep what they have, as far as it is to be kept. */
	declare(patterns: TopicPatterns): void {
		this.#patterns = patterns;
		this.#isEmpty = this.#patterns.isEmpty;
		for (const topic of [...this.#topics.values()]) {
			const settings = this.#patterns.find(topic.name);
			if (settings && (settings.history === undefined) === !topic.hasHistory) {
				const wasSeen = topic.hasPresence;
				topic.settings = settings;
				if (topic.hasPresence && !wasSeen) this.#welcome(topic);
			} else this.#replace(topic);
		}
	}

	/** The way to the other processes is open, if there is one. @returns when it is known who numbers */
	async connected(): Promise<void> {
		const { log } = this.#hub;
		this.#share(log !== undefined);
		if (log === undefined || !this.haveHistory) return;
		await log.prepare().catch((error: unknown) => {
			if (isUnshared(error)) this.#unshare(error);
		});
	}

	/** @returns when what was published has its number */
	async settled(): Promise<void> {
		await Promise.all([...this.#topics.values()].map(({ memory }) => memory?.settled));
	}

	/** The other processes were out of reach. */
	rejoin(): void {
		for (const topic of this.#topics.values()) topic.memory?.rejoin();
	}

	/** A peer has taken what was queued for it. @param names of the topics that it is on */
	drained(follower: Follower & Pick<Peer, 'dropped'>, names: Iterable<string>): void {
		const slow = this.#slow.get(follower);
		this.#slow.delete(follower);
		for (const topic of slow ?? []) topic.drained(follower, false);
		const { client, dropped } = follower;
		if (client === undefined || dropped === (this.#losses.get(follower) ?? 0)) return;
		this.#losses.set(follower, dropped);
		for (const name of names) {
			const topic = this.#topics.get(name);
			if (topic && !slow?.has(topic)) topic.drained(follower, true);
		}
	}

	/** A peer has ended, and is on no topic any more. */
	left(follower: Follower): void {
		this.#slow.delete(follower);
	}

	/** The topics that are to be heard of though nobody here is on them. */
	*listened(): Iterable<string> {
		for (const { name, memory } of this.#topics.values()) if (memory?.listens) yield name;
	}

	#create(name: string): Topic | undefined {
		const settings = this.#patterns.find(name);
		if (settings === undefined) return undefined;
		this.#numbers += 1;
		const topic: Topic = new Topic({
			name,
			number: this.#numbers,
			settings,
			hub: this.#hub,
			presence: this.#presence,
			remember: (events) => settings.history && this.#remember(name, settings.history, events),
			onSlow: (follower) => this.#wait(follower, topic),
			onUse: () => this.#used(topic)
		});
		this.#topics.set(name, topic);
		this.#used(topic);
		this.#timer ??= setInterval(() => this.#tick(), interval).unref();
		return topic;
	}

	#remember(name: string, limits: HistoryLimits, events: MemoryEvents): Memory {
		return this.#isShared
			? new SharedMemory(name, limits, this.#hub, this.#access, events)
			: new LocalMemory(name, limits, this.#hub, events);
	}

	/** What was numbered by another one means nothing any more. */
	#share(isShared: boolean): void {
		if (isShared === this.#isShared) return;
		this.#isShared = isShared;
		for (const topic of [...this.#topics.values()]) if (topic.hasHistory) this.#replace(topic);
	}

	#unshare(reason: unknown): void {
		if (!this.#isShared) return;
		this.#share(false);
		this.#hub.warn('Each process remembers what it has seen itself', reason);
	}

	#used(topic: Topic): void {
		this.#idle.delete(topic);
		if (topic.isUsed || this.#topics.get(topic.name) !== topic) return;
		this.#idle.add(topic);
		if (this.#idle.size <= maxIdle) return;
		for (const oldest of this.#idle) return this.#forget(oldest);
	}

	#forget(topic: Topic): void {
		this.#idle.delete(topic);
		this.#topics.delete(topic.name);
		topic.memory?.stop();
	}

	/** Those who are on it can be told who is there. */
	#welcome(topic: Topic): void {
		for (const follower of topic.followers()) {
			if (follower.client) this.#presence?.welcome(topic, follower);
		}
	}

	/** Another one takes its place, or none. Whoever is on it stays. */
	#replace(topic: Topic): void {
		const followers = [...topic.followers()];
		for (const follower of followers) topic.unsubscribe(follower, false, true);
		this.#forget(topic);
		const next = this.get(topic.name);
		next?.heed(topic.listeners);
		for (const follower of followers) {
			if (next) next.subscribe(follower, {});
			else {
				this.#presence?.leave(topic, follower, false);
				follower.enter(topic.name);
			}
		}
	}

	#wait(follower: Follower, topic: Topic): void {
		const topics = this.#slow.get(follower);
		if (topics) topics.add(topic);
		else this.#slow.set(follower, new Set([topic]));
	}

	#tick(): void {
		for (const topic of [...this.#topics.values()]) topic.tick();
		for (const topic of [...this.#idle]) if (topic.isForgettable) this.#forget(topic);
		if (this.#topics.size > 0) return;
		clearInterval(this.#timer);
		this.#timer = undefined;
	}
}
