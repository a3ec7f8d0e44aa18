import { History, steadyTime } from '../bus/history.ts';
import type { Entry, Extent, HistoryLimits } from '../bus/topic-log.ts';
import type { Follower } from '../socket/kept-topic.ts';
import type { MemoryEvents } from './memory.ts';

/** A message that has a number. */
export interface Numbered {
	epoch: string;
	entry: Entry;
	/** Who does not get it. */
	sender?: Follower | undefined;
}

export interface StayOptions {
	/** What the log has after an offset. */
	read: (after: number) => Promise<Extent>;
	limits: () => HistoryLimits;
	events: MemoryEvents;
	/** It is known what was published before, or cannot be found out for now. */
	onBegun: () => void;
}

/** Milliseconds that a message may be late before it is read. */
const lateness = 50;

/** Milliseconds after which the log is read again, though nothing seems to be missing: the bus loses messages. */
const first = 1000;
const usual = 15_000;

/** Messages that may wait for an earlier one: more than that are read again. */
const maxEarly = 10_000;

/**
 * While somebody is here for a topic: what is published comes by the bus, in any order, and may be lost there; it is delivered in the
 * order of its numbers, and what is missing is read.
 */
export class Stay {
	history: History | undefined;
	readonly #options: StayOptions;
	/** Messages that an earlier one is missing before, by offset. */
	readonly #early = new Map<number, Numbered>();
	#isOver = false;
	#isReading = false;
	/** Something has happened since the log was asked. */
	#isAskedAgain = false;
	#failures = 0;
	#nextRead = Infinity;
	#timer: NodeJS.Timeout | undefined;

	constructor(options: StayOptions) {
		this.#options = options;
	}

	/** It is not known yet what was published before, and may be at any moment. */
	get isBeginning(): boolean {
		return this.history === undefined && this.#failures === 0;
	}

	begin(): void {
		this.readNow();
	}

	end(): void {
		this.#isOver = true;
		clearTimeout(this.#timer);
	}

	/** A message has come, from wherever. */
	take(numbered: Numbered): void {
		const { history } = this;
		const { epoch, entry } = numbered;
		if (history && epoch !== history.epoch) return this.readNow();
		if (history && entry.offset <= history.last) return;
		if (this.#early.size >= maxEarly) this.#early.clear();
		this.#early.set(entry.offset, numbered);
		if (history) this.#deliverReady(history);
		else if (this.#failures > 0) this.readNow();
	}

	/** Called every second or so. */
	tick(): void {
		this.history?.expire();
		if (performance.now() >= this.#nextRead) this.readNow();
	}

	/** Not all topics at once. */
	readSoon(): void {
		this.#failures = Math.min(this.#failures, 1);
		this.#nextRead = performance.now() + Math.random() * first;
	}

	readNow(): void {
		if (this.#isOver) return;
		this.#isAskedAgain = this.#isReading;
		if (!this.#isReading) void this.#read();
	}

	async #read(): Promise<void> {
		this.#isReading = true;
		try {
			const after = this.history?.last ?? 0;
			const extent = await this.#options.read(after);
			const isOther = this.history !== undefined && extent.epoch !== this.history.epoch;
			const all = isOther && after > 0 ? await this.#options.read(0) : extent;
			if (!this.#isOver) this.#apply(all);
			this.#failures = 0;
			this.#nextRead = performance.now() + usual * (0.75 + Math.random() / 2);
		} catch {
			this.#failures += 1;
			this.#nextRead = performance.now() + Math.min(first * 2 ** this.#failures, usual);
			if (!this.#isOver) this.#options.onBegun();
		}
		this.#isReading = false;
		if (this.#isAskedAgain) this.readNow();
	}

	#apply({ epoch, last, entries, now }: Extent): void {
		const here = steadyTime();
		const aged = entries.map((entry) => ({ ...entry, time: here - Math.max(now - entry.time, 0) }));
		const { history } = this;
		if (history === undefined) this.#beginWith(epoch, last, aged);
		else if (epoch !== history.epoch) this.#goOn(epoch, last - aged.length, undefined, aged);
		else {
			const fresh = aged.filter(({ offset }) => offset > history.last);
			const missed = (fresh[0]?.offset ?? last + 1) - history.last - 1;
			if (missed > 0) this.#goOn(epoch, history.last + missed, missed, fresh);
			else for (const entry of fresh) this.#deliver(history, entry);
		}
		if (this.history === undefined) return;
		this.#deliverReady(this.history);
		this.#options.events.known(!this.#isAskedAgain);
	}

	/** What was published before somebody came is only remembered. */
	#beginWith(epoch: string, last: number, entries: readonly Entry[]): void {
		const history = new History(this.#options.limits(), { epoch, last: last - entries.length });
		for (const entry of entries) history.adopt(entry);
		this.history = history;
		this.#forgetEarly(history);
		// The bus may not have been listened to yet when it was read.
		this.#options.events.known(!this.#isAskedAgain);
		this.#options.onBegun();
	}

	/** Something cannot be had any more. */
	#goOn(epoch: string, last: number, missed: number | undefined, entries: readonly Entry[]): void {
		const history = new History(this.#options.limits(), { epoch, last });
		this.history = history;
		this.#forgetEarly(history, last);
		this.#options.events.lost(missed);
		for (const entry of entries) this.#deliver(history, entry);
	}

	#deliver(history: History, entry: Entry): void {
		const sender = this.#early.get(entry.offset)?.sender;
		this.#early.delete(entry.offset);
		history.adopt(entry);
		this.#options.events.deliver(entry, sender);
	}

	#deliverReady(history: History): void {
		for (;;) {
			const next = this.#early.get(history.last + 1);
			if (next === undefined) break;
			this.#deliver(history, next.entry);
		}
		if (this.#early.size === 0 || this.#timer !== undefined) return;
		this.#timer = setTimeout(() => {
			this.#timer = undefined;
			if (this.#early.size > 0) this.readNow();
		}, lateness).unref();
	}

	#forgetEarly({ epoch, last }: History, upTo = last): void {
		for (const [offset, early] of this.#early) {
			if (early.epoch !== epoch || offset <= upTo) this.#early.delete(offset);
		}
	}
}
