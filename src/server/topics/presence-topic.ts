import type { Attendance, Follower } from '../socket/kept-topic.ts';
import type { TopicPlace } from './place.ts';
import { Claim, type Said, type Stamps } from './presence-claim.ts';
import { Briefing, changeFrames } from './presence-frames.ts';
import { PresenceList } from './presence-list.ts';

/** What is done with what is known of those who are present. */
export interface PresenceWorld {
	readonly stamps: Stamps;
	/** What this process says of somebody is not what it was. */
	changed(topic: TopicPresence, id: string): void;
	/** Something is to be told at the end of this turn. */
	tellSoon(topic: TopicPresence): void;
	/** To everyone on a topic of the engine. */
	publish(engineTopic: string, frame: string): void;
}

/** Who is present on one topic: those of this process, and what is known of all. */
export class TopicPresence {
	readonly name: string;
	/** Those of all processes. */
	readonly list = new PresenceList();
	/** Those of this one. */
	readonly #claims = new Map<string, Claim>();
	/** Under which id a socket is present. */
	readonly #ids = new Map<Follower, string>();
	/** Those who are told, and how many messages each had lost when it was told of everybody. */
	readonly #watchers = new Map<Follower, number>();
	/** Watchers who do not know yet who is there. */
	readonly #newcomers = new Set<Follower>();
	/** Those who are being told, and are slow. */
	readonly #briefings = new Map<Follower, Briefing>();
	readonly #world: PresenceWorld;
	/** As watchers know the topic. */
	#place: TopicPlace | undefined;

	constructor(name: string, world: PresenceWorld) {
		this.name = name;
		this.#world = world;
	}

	/** Nobody would miss it. */
	get isIdle(): boolean {
		return this.#watchers.size + this.#claims.size + this.list.size === 0;
	}

	/** A peer may be seen from now on, or is seen otherwise than before. */
	come(follower: Follower, { id, json }: Attendance): void {
		if (this.#ids.get(follower) !== id) this.#rise(follower, false);
		const claim = this.#claims.get(id) ?? new Claim(() => this.#changed(id));
		const known = this.list.find(id);
		const at = this.#world.stamps.next(known?.at);
		claim.sit(follower, { json, since: known?.since ?? at, at });
		this.#claims.set(id, claim);
		this.#ids.set(follower, id);
		this.#changed(id);
	}

	/** A client of ours is told from now on, and first who is there. */
	welcome(place: TopicPlace, follower: Follower): void {
		this.#place = place;
		this.#brief(follower);
	}

	/** @param hasEnded its socket, so that whoever it was may come back */
	leave(follower: Follower, hasEnded: boolean): void {
		this.#watchers.delete(follower);
		this.#newcomers.delete(follower);
		this.#briefings.delete(follower);
		this.#rise(follower, hasEnded);
	}

	/** It was slow, and takes messages again. */
	drained(follower: Follower): void {
		const lost = this.#watchers.get(follower);
		if (lost === undefined) return;
		// One of those may have been about somebody.
		if (follower.dropped > lost) this.#brief(follower);
		else if (this.#briefings.get(follower)?.proceed()) this.#briefings.delete(follower);
	}

	/** What this process says of somebody. */
	said(id: string): Said | undefined {
		return this.#claims.get(id)?.said;
	}

	/** Of whom this process says something. */
	get ids(): Iterable<string> {
		return this.#claims.keys();
	}

	/** Everyone is told what has changed, and who has come is told who is there. */
	tell(): void {
		const changes = this.list.takeChanges();
		if (this.#place === undefined) return;
		const { number, framesTopic } = this.#place;
		const isForAll = this.#watchers.size > this.#newcomers.size;
		for (const follower of this.#newcomers) {
			const briefing = new Briefing(number, this.list, follower);
			if (!briefing.proceed()) this.#briefings.set(follower, briefing);
		}
		this.#newcomers.clear();
		// Those who have come in this turn hear of it twice, which says the same.
		if (!isForAll) return;
		for (const frame of changeFrames(number, changes)) this.#world.publish(framesTopic, frame);
	}

	#brief(follower: Follower): void {
		this.#watchers.set(follower, follower.dropped);
		this.#briefings.delete(follower);
		this.#newcomers.add(follower);
		this.#world.tellSoon(this);
	}

	#rise(follower: Follower, hasEnded: boolean): void {
		const id = this.#ids.get(follower);
		if (id === undefined) return;
		this.#ids.delete(follower);
		this.#claims.get(id)?.leave(follower, hasEnded);
		this.#changed(id);
	}

	#changed(id: string): void {
		if (this.said(id) === undefined) this.#claims.delete(id);
		this.#world.changed(this, id);
	}
}
