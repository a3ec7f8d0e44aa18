import { History, steadyTime } from '../bus/history.ts';
import type { HistoryLimits, LogPosition, NewEntry } from '../bus/topic-log.ts';
import type { SocketData } from '../engine/engine.ts';
import type { Follower } from '../socket/kept-topic.ts';
import type { Memory, MemoryEvents } from './memory.ts';
import type { TopicHub } from './place.ts';

/** A topic that this process numbers itself: it is the only one, or there is no place that could do it for all of them. */
export class LocalMemory implements Memory {
	history: History;
	readonly listens = true;
	readonly settled = undefined;
	readonly #topic: string;
	readonly #hub: TopicHub;
	readonly #events: MemoryEvents;
	/** When somebody was last here for it. */
	#usedAt = -Infinity;

	constructor(topic: string, limits: HistoryLimits, hub: TopicHub, events: MemoryEvents) {
		this.#topic = topic;
		this.#hub = hub;
		this.#events = events;
		this.history = new History(limits);
		// Also while nobody is here: what others publish would be missing in its numbers.
		hub.listen(topic);
	}

	set limits(limits: HistoryLimits) {
		this.history.limits = limits;
	}

	publish(entry: NewEntry, sender: Follower | undefined): void {
		this.#remember(entry, sender);
		this.#hub.tellOthers(this.#topic, entry.data, entry.compress);
	}

	receive(data: SocketData, compress: boolean): void {
		this.#remember({ data, compress, author: '' }, undefined);
	}

	/** By a log that this process does not have. */
	receiveNumbered(_: string, { data, compress, author }: NewEntry): void {
		this.#remember({ data, compress, author }, undefined);
	}

	wake(): void {
		this.#use();
	}

	sleep(): void {
		this.#use();
	}

	refresh(): false {
		return false;
	}

	tick(): void {
		this.history.expire();
	}

	/** What others have published meanwhile is missing, and nobody must believe that it is not. */
	rejoin(): void {
		this.history = new History(this.history.limits);
		this.#events.lost(undefined);
	}

	async position(): Promise<LogPosition> {
		this.#use();
		const { epoch, last } = this.history;
		return { epoch, offset: last };
	}

	get isForgettable(): boolean {
		return steadyTime() - this.#usedAt > this.history.limits.ttl * 1000;
	}

	stop(): void {
		this.#hub.unlisten(this.#topic);
	}

	#remember(entry: NewEntry, sender: Follower | undefined): void {
		this.#use();
		this.#events.deliver(this.history.append(entry), sender);
	}

	#use(): void {
		this.#usedAt = steadyTime();
	}
}
