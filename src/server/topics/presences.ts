import type { Processes } from '../bus/processes.ts';
import type { Attendance, Follower } from '../socket/kept-topic.ts';
import type { Present } from '../../shared/protocol.ts';
import type { PresenceKeeper, TopicPlace } from './place.ts';
import { Stamps, type Said } from './presence-claim.ts';
import type { Saying } from './presence-messages.ts';
import { PresenceOthers } from './presence-others.ts';
import { TopicPresence, type PresenceWorld } from './presence-topic.ts';

/** Who is present, on every topic that keeps it. */
export class Presences implements PresenceKeeper, PresenceWorld {
	readonly stamps = new Stamps();
	/** The id of this process. */
	readonly #process: string;
	readonly #publish: (engineTopic: string, frame: string) => void;
	readonly #topics = new Map<string, TopicPresence>();
	readonly #others: PresenceOthers;
	/** Of whom this process says something else than before this turn. */
	readonly #news = new Map<TopicPresence, Set<string>>();
	/** Where something is to be told. */
	readonly #telling = new Set<TopicPresence>();

	/** @param publish to everyone on a topic of the engine */
	constructor(process: string, publish: (engineTopic: string, frame: string) => void) {
		this.#process = process;
		this.#publish = publish;
		this.#others = new PresenceOthers({
			all: () => this.#all(),
			changed: (topic, id) => this.#update(this.#topic(topic), id)
		});
	}

	/** @param processes that serve the same app; undefined where this one is alone */
	attach(processes: Processes | undefined): void {
		this.#others.attach(processes);
	}

	/** Everybody who is present on a topic, in the order in which they have come. */
	people(topic: string): Present[] {
		return this.#topics.get(topic)?.list.people ?? [];
	}

	come({ name }: TopicPlace, follower: Follower, attendance: Attendance | undefined): void {
		if (attendance !== undefined) this.#topic(name).come(follower, attendance);
	}

	welcome(place: TopicPlace, follower: Follower): void {
		this.#topic(place.name).welcome(place, follower);
	}

	leave({ name }: TopicPlace, follower: Follower, hasEnded: boolean): void {
		const topic = this.#topics.get(name);
		topic?.leave(follower, hasEnded);
		if (topic?.isIdle) this.tellSoon(topic);
	}

	/** A follower was slow, and takes messages again. */
	drained(name: string, follower: Follower): void {
		this.#topics.get(name)?.drained(follower);
	}

	changed(topic: TopicPresence, id: string): void {
		const ids = this.#news.get(topic);
		if (ids === undefined) this.#news.set(topic, new Set([id]));
		else ids.add(id);
		this.#update(topic, id);
		this.tellSoon(topic);
	}

	tellSoon(topic: TopicPresence): void {
		if (this.#telling.size === 0) setImmediate(() => this.#tell());
		this.#telling.add(topic);
	}

	publish(engineTopic: string, frame: string): void {
		this.#publish(engineTopic, frame);
	}

	#topic(name: string): TopicPresence {
		const known = this.#topics.get(name);
		if (known !== undefined) return known;
		const topic = new TopicPresence(name, this);
		this.#topics.set(name, topic);
		return topic;
	}

	/** The newest of all that is said of somebody is what is told. */
	#update(topic: TopicPresence, id: string): void {
		const own = topic.said(id);
		let [newest, from, since] = [own, this.#process, own?.since ?? Infinity];
		for (const [process, said] of this.#others.said(topic.name, id)) {
			since = Math.min(since, said.since);
			if (newest === undefined || isNewer(said, process, newest, from))
				[newest, from] = [said, process];
		}
		const isNews =
			newest === undefined ? topic.list.hide(id) : topic.list.show(id, { ...newest, since });
		if (isNews) this.tellSoon(topic);
	}

	#tell(): void {
		const telling = [...this.#telling];
		this.#telling.clear();
		this.#others.announce(this.#takeNews());
		for (const topic of telling) {
			topic.tell();
			if (topic.isIdle) this.#topics.delete(topic.name);
		}
	}

	#takeNews(): Saying[] {
		const news = [...this.#news].flatMap(([topic, ids]) =>
			[...ids].map((id) => ({ topic: topic.name, id, said: topic.said(id) }))
		);
		this.#news.clear();
		return news;
	}

	*#all(): Iterable<Saying> {
		for (const topic of this.#topics.values()) {
			for (const id of topic.ids) yield { topic: topic.name, id, said: topic.said(id) };
		}
	}
}

/** Everywhere the same, also where two clocks say the same. */
function isNewer(said: Said, process: string, other: Said, from: string): boolean {
	return said.at === other.at ? process > from : said.at > other.at;
}
