import { escape, isFrame } from '../../shared/protocol.ts';
import type { Entry } from '../bus/topic-log.ts';
import type { SocketData } from '../engine/engine.ts';
import type { Follower } from '../socket/kept-topic.ts';
import { numbered, passed } from './numbered.ts';
import type { TopicHub, TopicPlace } from './place.ts';

/** Those who get at once what is published to a topic. */
export class Audience {
	readonly #place: TopicPlace;
	readonly #hub: Pick<TopicHub, 'publish'>;
	/** Messages have numbers, which own clients get with them. */
	readonly #areNumbered: boolean;
	readonly #followers = new Set<Follower>();
	/** Own clients, by what they call themselves: a client may be here twice while one connection takes the place of another. */
	readonly #authors = new Map<string, readonly Follower[]>();
	#ownClients = 0;

	constructor(place: TopicPlace, hub: Pick<TopicHub, 'publish'>, areNumbered: boolean) {
		this.#place = place;
		this.#hub = hub;
		this.#areNumbered = areNumbered;
	}

	[Symbol.iterator](): IterableIterator<Follower> {
		return this.#followers.values();
	}

	get size(): number {
		return this.#followers.size;
	}

	has(follower: Follower): boolean {
		return this.#followers.has(follower);
	}

	add(follower: Follower): void {
		if (this.#followers.has(follower)) return;
		this.#followers.add(follower);
		const { name, framesTopic } = this.#place;
		if (follower.client) {
			this.#ownClients += 1;
			const author = follower.client.name;
			this.#authors.set(author, [...(this.#authors.get(author) ?? []), follower]);
			follower.enter(framesTopic);
		}
		if (!this.#areNumbered || !follower.client) follower.enter(name);
	}

	/** @returns whether it was there */
	remove(follower: Follower): boolean {
		if (!this.#followers.delete(follower)) return false;
		const { name, framesTopic } = this.#place;
		if (follower.client) {
			this.#ownClients -= 1;
			const author = follower.client.name;
			const others = this.#authors.get(author)?.filter((each) => each !== follower) ?? [];
			if (others.length > 0) this.#authors.set(author, others);
			else this.#authors.delete(author);
			follower.exit(framesTopic);
		}
		if (!this.#areNumbered || !follower.client) follower.exit(name);
		return true;
	}

	/** A message with a number. @param sender who does not get it, besides its author */
	deliver(entry: Entry, sender?: Follower): void {
		const { name, number, framesTopic } = this.#place;
		const { data, compress, author, offset } = entry;
		if (this.#followers.size > this.#ownClients) this.#publish(name, data, compress, sender);
		if (this.#ownClients === 0) return;
		const own = (author !== '' && this.#authors.get(author)) || [];
		// An engine leaves out one.
		const [first, ...others] = own;
		for (const each of others) each.exit(framesTopic);
		for (const each of numbered(number, entry)) this.#publish(framesTopic, each, compress, first);
		for (const each of others) each.enter(framesTopic);
		for (const each of own) each.transmitFrame(passed(number, offset), false);
	}

	/** A message without a number, or of a topic where none has one. @param sender who does not get it */
	pass(data: SocketData, compress: boolean, sender?: Follower): void {
		const { name, framesTopic } = this.#place;
		if (this.#areNumbered) {
			if (this.#followers.size > this.#ownClients) this.#publish(name, data, compress, sender);
			if (this.#ownClients === 0) return;
			const text = isFrame(data) ? escape(data) : data;
			this.#publish(framesTopic, text, compress, sender);
		} else if (isFrame(data)) {
			// It is not the same for all who are on one topic of the engine.
			for (const each of this.#followers) if (each !== sender) each.transmit(data, compress);
		} else this.#publish(name, data, compress, sender);
	}

	/** The same for those who have taken everything before it. */
	passVolatile(data: SocketData, compress: boolean, sender?: Follower): void {
		const behind = [...this.#followers].filter(({ bufferedAmount }) => bufferedAmount > 0);
		for (const each of behind) this.remove(each);
		this.pass(data, compress, sender);
		for (const each of behind) this.add(each);
	}

	/** A frame to every own client. */
	tell(frame: string): void {
		if (this.#ownClients > 0) this.#hub.publish(this.#place.framesTopic, frame, false);
	}

	#publish(topic: string, data: SocketData, compress: boolean, sender?: Follower): void {
		if (sender) sender.publishRaw(topic, data, compress);
		else this.#hub.publish(topic, data, compress);
	}
}
