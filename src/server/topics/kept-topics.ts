import type { Follower } from '../socket/kept-topic.ts';
import { LocalMemory } from './local-memory.ts';
import { TopicPatterns } from './patterns.ts';
import type { PresenceKeeper, TopicHub } from './place.ts';
import { Topic } from './topic.ts';

/** Topics that remember and that nobody is on: above it those are forgotten that were used longest ago. */
const maxIdle = 10_000;

/** Milliseconds between two looks at all topics. */
const interval = 1000;

/** The topics of which more is kept than who is on them. */
export class KeptTopics {
	presence: PresenceKeeper | undefined;
	readonly #hub: TopicHub;
	readonly #topics = new Map<string, Topic>();
	/** Those that nobody is on, the one that was used longest ago first. */
	readonly #idle = new Set<Topic>();
	/** Who has to take what is queued for him before he gets the rest. */
	readonly #slow = new Map<Follower, Set<Topic>>();
	#patterns = new TopicPatterns(undefined);
	/** Asked for each publish: nothing is kept of any topic. */
	#isEmpty = true;
	#numbers = 0;
	#timer: NodeJS.Timeout | undefined;

	constructor(hub: TopicHub) {
		this.#hub = hub;
	}

	/** Some topics remember. */
	get haveHistory(): boolean {
		return this.#patterns.haveHistory;
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
				topic.settings = settings;
			} else this.#replace(topic);
		}
	}

	/** What numbers topics is another one: what they have numbered means nothing any more. */
	restart(): void {
		for (const topic of [...this.#topics.values()]) if (topic.hasHistory) this.#replace(topic);
	}

	/** The other processes were out of reach. */
	rejoin(): void {
		for (const topic of this.#topics.values()) topic.memory?.rejoin();
	}

	/** A peer has taken what was queued for it. */
	drained(follower: Follower): void {
		const topics = this.#slow.get(follower);
		if (topics === undefined) return;
		this.#slow.delete(follower);
		for (const topic of topics) topic.drained(follower);
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
			presence: this.presence,
			remember: (events) =>
				settings.history && new LocalMemory(name, settings.history, this.#hub, events),
			onSlow: (follower) => this.#wait(follower, topic),
			onUse: () => this.#used(topic)
		});
		this.#topics.set(name, topic);
		this.#used(topic);
		this.#timer ??= setInterval(() => this.#tick(), interval).unref();
		return topic;
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

	/** Another one takes its place, or none. Whoever is on it stays. */
	#replace(topic: Topic): void {
		const followers = [...topic.followers()];
		for (const follower of followers) topic.unsubscribe(follower, false);
		this.#forget(topic);
		const next = this.get(topic.name);
		next?.takeListeners(topic);
		for (const follower of followers) {
			if (next) next.subscribe(follower, {});
			else follower.enter(topic.name);
		}
	}

	#wait(follower: Follower, topic: Topic): void {
		const topics = this.#slow.get(follower);
		if (topics) topics.add(topic);
		else this.#slow.set(follower, new Set([topic]));
	}

	#tick(): void {
		for (const topic of [...this.#topics.values()]) topic.memory?.tick();
		for (const topic of [...this.#idle]) if (topic.isForgettable) this.#forget(topic);
		if (this.#topics.size > 0) return;
		clearInterval(this.#timer);
		this.#timer = undefined;
	}
}
