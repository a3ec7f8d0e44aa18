import { frame, kinds } from '../../shared/protocol.ts';
import type { Entry } from '../bus/topic-log.ts';
import type { SocketData } from '../engine/engine.ts';
import { ownTopic } from '../socket/check.ts';
import type { Arrival, Follower, KeptTopic } from '../socket/kept-topic.ts';
import { Audience } from './audience.ts';
import { Latecomers } from './latecomers.ts';
import type { Memory, MemoryEvents } from './memory.ts';
import type { TopicSettings } from './patterns.ts';
import type { PresenceKeeper, TopicHub, TopicPlace } from './place.ts';
import { Positions } from './positions.ts';
import { Resends } from './resends.ts';

export interface TopicOptions {
	name: string;
	number: number;
	settings: TopicSettings;
	hub: TopicHub;
	presence: PresenceKeeper | undefined;
	/** Where it remembers, if it does. */
	remember: (events: MemoryEvents) => Memory | undefined;
	/** A follower is to be told with `drained` when it has taken what is queued for it. */
	onSlow: (follower: Follower, topic: Topic) => void;
	/** Somebody is here for it, or nobody any more. */
	onUse: (topic: Topic) => void;
}

/** A topic of which more is kept than who is on it. */
export class Topic implements KeptTopic, TopicPlace, MemoryEvents {
	readonly name: string;
	readonly number: number;
	readonly framesTopic: string;
	readonly #options: TopicOptions;
	readonly #positions: Positions;
	readonly #audience: Audience;
	readonly #latecomers: Latecomers;
	readonly #resends = new Resends();
	/** Absent where nothing is remembered. */
	readonly memory: Memory | undefined;
	/** Who waits for its messages without being a peer. */
	listeners = 0;

	constructor(options: TopicOptions) {
		const { name, number, settings, hub, remember } = options;
		this.name = name;
		this.number = number;
		this.framesTopic = `${ownTopic}kept:${number}`;
		this.#options = options;
		this.#positions = new Positions(name);
		this.#audience = new Audience(this, hub, settings.history !== undefined);
		this.#latecomers = new Latecomers({
			place: this,
			positions: this.#positions,
			onCaughtUp: (follower) => this.#enter(follower),
			onSlow: (follower) => options.onSlow(follower, this)
		});
		this.memory = remember(this);
	}

	get settings(): TopicSettings {
		return this.#options.settings;
	}

	/** Keep more or less of the same. */
	set settings(settings: TopicSettings) {
		this.#options.settings = settings;
		if (this.memory && settings.history) this.memory.limits = settings.history;
	}

	get hasHistory(): boolean {
		return this.memory !== undefined;
	}

	get hasPresence(): boolean {
		return this.settings.hasPresence;
	}

	/** How many peers are on it here. */
	get size(): number {
		return this.#audience.size + this.#latecomers.size;
	}

	/** Somebody is here for it. */
	get isUsed(): boolean {
		return this.size + this.listeners > 0;
	}

	/** It can be made anew without anybody noticing. */
	get isForgettable(): boolean {
		return !this.isUsed && (this.memory?.isForgettable ?? true);
	}

	*followers(): IterableIterator<Follower> {
		yield* this.#audience;
		yield* this.#latecomers;
	}

	has(follower: Follower): boolean {
		return this.#audience.has(follower) || this.#latecomers.has(follower);
	}

	subscribe(follower: Follower, arrival: Arrival): void {
		const isNew = !this.has(follower);
		if (isNew && !this.isUsed) this.#wake();
		if (this.hasPresence) this.#options.presence?.come(this, follower, arrival.presence);
		if (isNew) this.#receive(follower, arrival);
	}

	/** Somebody was on it before anything was kept of it. */
	adopt(follower: Follower): void {
		if (this.has(follower)) return;
		follower.exit(this.name);
		this.subscribe(follower, {});
	}

	/** @param isPresent whoever it is goes on being seen */
	unsubscribe(follower: Follower, hasEnded: boolean, isPresent = false): void {
		if (!isPresent) this.#options.presence?.leave(this, follower, hasEnded);
		const state = this.#audience.remove(follower) ? 'known' : this.#latecomers.remove(follower);
		if (state === undefined) return;
		this.#resends.forget(follower);
		if (follower.client && state === 'known' && !hasEnded && follower.readyState === 1) {
			follower.transmitFrame(frame(kinds.left, this.number), false);
		}
		if (!this.isUsed) this.#sleep();
	}

	publish(data: SocketData, compress: boolean, sender?: Follower): void {
		if (this.memory) {
			const author = sender?.client?.name ?? '';
			this.memory.publish({ data, compress, author }, sender);
			if (!this.isUsed) this.#options.onUse(this);
			return;
		}
		this.pass(data, compress, sender);
		this.#options.hub.tellOthers(this.name, data, compress);
	}

	passVolatile(data: SocketData, compress: boolean, sender?: Follower): void {
		this.#audience.passVolatile(data, compress, sender);
		this.#options.hub.feed(this.name, data);
	}

	/** Another process has published it. */
	receive(data: SocketData, compress: boolean): void {
		if (this.memory) this.memory.receive(data, compress);
		else this.pass(data, compress);
	}

	receiveNumbered(epoch: string, entry: Omit<Entry, 'time'>): void {
		if (this.memory) this.memory.receiveNumbered(epoch, entry);
		else this.pass(entry.data, entry.compress);
	}

	resend(follower: Follower, offset: number): void {
		const history = this.memory?.history;
		const isWrong = !Number.isSafeInteger(offset) || offset < 0;
		if (history === undefined || isWrong || offset >= history.last) return;
		// One who is behind gets it anyway.
		if (!this.#audience.has(follower) || !this.#resends.ask(follower, offset)) return;
		this.#audience.remove(follower);
		this.#latecomers.resend(follower, offset, history);
	}

	/** A follower has taken what was queued for it. @param hasLost it has lost messages, of whichever topic */
	drained(follower: Follower, hasLost: boolean): void {
		const history = this.memory?.history;
		if (history === undefined) return;
		if (hasLost && this.#audience.has(follower)) this.#latecomers.remind(follower, history);
		else this.#latecomers.goOn(follower, history);
	}

	tick(): void {
		this.memory?.tick();
		for (const [follower, offset] of this.#resends.due()) this.resend(follower, offset);
	}

	/** Somebody who is no peer waits for messages, or does not any more. */
	heed(count = 1): void {
		if (count > 0 && !this.isUsed) this.#wake();
		this.listeners += count;
	}

	ignore(): void {
		this.listeners -= 1;
		if (!this.isUsed) this.#sleep();
	}

	/** Where it stands, for clients. */
	async position(): Promise<string> {
		const found = await this.memory?.position().catch((error: unknown) => {
			this.#options.hub.warn('Where a topic stands cannot be found out', error);
		});
		if (!this.isUsed) this.#options.onUse(this);
		return found ? this.#positions.at(found.epoch, found.offset) : '';
	}

	deliver(entry: Entry, sender?: Follower): void {
		this.#latecomers.published(entry, sender);
		this.#audience.deliver(entry, sender);
		this.#options.hub.feed(this.name, entry.data);
	}

	pass(data: SocketData, compress: boolean, sender?: Follower): void {
		this.#latecomers.pass(data, compress, sender);
		this.#audience.pass(data, compress, sender);
		this.#options.hub.feed(this.name, data);
	}

	known(isCertain: boolean): void {
		const history = this.memory?.history;
		if (history) this.#latecomers.begin(history, isCertain);
	}

	lost(missed: number | undefined): void {
		const history = this.memory?.history;
		if (history === undefined) return;
		this.#audience.tell(this.#latecomers.loss(history, missed));
		this.#latecomers.restart(history);
	}

	#receive(follower: Follower, arrival: Arrival): void {
		const memory = this.memory;
		if (memory === undefined) {
			if (follower.client) {
				follower.transmitFrame(frame(kinds.topic, JSON.stringify({ number: this.number })), false);
			}
			this.#enter(follower);
		} else if (follower.client === undefined && !arrival.replay) this.#enter(follower);
		else if (memory.history === undefined) this.#latecomers.wait(follower, arrival);
		else if (this.#latecomers.meet(follower, arrival, memory.history, false)) return;
		else if (!memory.refresh()) this.known(true);
	}

	/** It has everything that it is to have, and is here from now on. */
	#enter(follower: Follower): void {
		this.#audience.add(follower);
		if (this.hasPresence && follower.client) this.#options.presence?.welcome(this, follower);
	}

	#wake(): void {
		this.memory?.wake();
		this.#options.onUse(this);
	}

	#sleep(): void {
		this.memory?.sleep();
		this.#options.onUse(this);
	}
}
