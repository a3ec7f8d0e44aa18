import { History, steadyTime } from '../history.ts';
import type { Entry, HistoryLimits, NewEntry } from '../topic-log.ts';
import { pageBytes, sizeOf, type LogLink, type Numbered, type Page } from './link.ts';

/** Bytes of all topics together. Above it those that nobody has asked for the longest are forgotten, numbers and all. */
const limit = 64 * 1024 * 1024;

/** Bytes that a topic and an entry need beside their text. */
const overhead = { topic: 500, entry: 200 };

/** Milliseconds between two looks for what is too old. */
const interval = 30_000;

/** Milliseconds after which a topic that remembers nothing any more, and that nobody has asked for, is forgotten. */
const idleTime = 3_600_000;

interface Kept {
	readonly history: History;
	/** Bytes, by and large. */
	weight: number;
	/** When somebody has asked for it. */
	used: number;
}

/** What all topics remember, in the memory of this process. */
export class Histories {
	/** By topic; those that were used last come last. */
	readonly #topics = new Map<string, Kept>();
	readonly #limit: number;
	#weight = 0;
	#timer: NodeJS.Timeout | undefined;

	/** @param bytes of all topics together */
	constructor(bytes = limit) {
		this.#limit = bytes;
	}

	/** How many topics there are. */
	get size(): number {
		return this.#topics.size;
	}

	append(topic: string, entries: readonly NewEntry[], limits: HistoryLimits): Numbered[] {
		const kept = this.#use(topic, limits);
		const { history } = kept;
		const numbered = entries.map((entry) => {
			const { offset, time } = history.append(entry);
			return { epoch: history.epoch, offset, time };
		});
		this.#weigh(topic, kept);
		this.#shrink();
		return numbered;
	}

	read(topic: string, after: number, limits: HistoryLimits): Page {
		const { history } = this.#use(topic, limits);
		const { epoch, last } = history;
		const entries = history.after(after) ?? (after > last ? [] : history.newest(Infinity));
		this.#shrink();
		return { epoch, last, entries: beginningOf(entries), now: steadyTime() };
	}

	/** Forget what is too old. */
	sweep(): void {
		for (const [topic, kept] of this.#topics) {
			const { history, used } = kept;
			history.expire();
			this.#weigh(topic, kept);
			const age = performance.now() - used;
			if (history.size === 0 && age > idleTime + history.limits.ttl * 1000)
				this.#forget(topic, kept);
		}
	}

	#use(topic: string, limits: HistoryLimits): Kept {
		const kept = this.#topics.get(topic) ?? { history: new History(limits), weight: 0, used: 0 };
		kept.history.limits = limits;
		kept.used = performance.now();
		this.#topics.delete(topic);
		this.#topics.set(topic, kept);
		if (kept.weight === 0) this.#weigh(topic, kept);
		this.#timer ??= setInterval(() => this.#tick(), interval).unref();
		return kept;
	}

	#weigh(topic: string, kept: Kept): void {
		const { bytes, size } = kept.history;
		const weight = overhead.topic + topic.length + bytes + size * overhead.entry;
		this.#weight += weight - kept.weight;
		kept.weight = weight;
	}

	/** The one that was used last stays, whatever it weighs. */
	#shrink(): void {
		for (const [topic, kept] of this.#topics) {
			if (this.#weight <= this.#limit || this.#topics.size === 1) return;
			this.#forget(topic, kept);
		}
	}

	#forget(topic: string, { weight }: Kept): void {
		this.#topics.delete(topic);
		this.#weight -= weight;
	}

	#tick(): void {
		this.sweep();
		if (this.#topics.size > 0) return;
		clearInterval(this.#timer);
		this.#timer = undefined;
	}
}

function beginningOf(entries: readonly Entry[]): readonly Entry[] {
	let bytes = 0;
	const end = entries.findIndex((entry) => (bytes += sizeOf(entry)) >= pageBytes);
	return end === -1 ? entries : entries.slice(0, end + 1);
}

/** The way to what the same process keeps. */
export class HistoriesLink implements LogLink {
	readonly maxEntry: number;
	readonly #histories: Histories;

	constructor(histories: Histories, maxEntry: number) {
		this.#histories = histories;
		this.maxEntry = maxEntry;
	}

	async append(
		topic: string,
		entries: readonly NewEntry[],
		limits: HistoryLimits
	): Promise<Numbered[]> {
		return this.#histories.append(topic, entries, limits);
	}

	async read(topic: string, after: number, limits: HistoryLimits): Promise<Page> {
		return this.#histories.read(topic, after, limits);
	}
}
