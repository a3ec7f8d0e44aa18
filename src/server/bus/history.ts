import { randomBytes } from 'node:crypto';
import type { Entry, HistoryLimits, NewEntry } from './topic-log.ts';

/** Nobody guesses one. */
export function createEpoch(): string {
	return randomBytes(16).toString('hex');
}

/** Milliseconds since 1970, by a clock that nobody sets. */
export function steadyTime(): number {
	return performance.timeOrigin + performance.now();
}

export interface HistoryOptions {
	/** Default: a new one. */
	epoch?: string;
	/** The number that is given to nothing any more. Default: 0. */
	last?: number;
	/** Milliseconds. Default: `steadyTime`. */
	now?: () => number;
}

/** The newest of what was published to one topic, in order and without a hole. */
export class History {
	readonly epoch: string;
	limits: HistoryLimits;
	readonly #now: () => number;
	/** Those before `#first` are forgotten, and still there until it pays to make room. */
	#entries: (Entry | undefined)[] = [];
	#first = 0;
	#bytes = 0;
	#last: number;

	constructor(
		limits: HistoryLimits,
		{ epoch = createEpoch(), last = 0, now = steadyTime }: HistoryOptions = {}
	) {
		this.limits = limits;
		this.epoch = epoch;
		this.#last = last;
		this.#now = now;
	}

	/** The number of the newest entry, though it may be forgotten by now; 0 before the first one. */
	get last(): number {
		return this.#last;
	}

	/** How many are remembered. */
	get size(): number {
		return this.#entries.length - this.#first;
	}

	/** Of all that are remembered. */
	get bytes(): number {
		return this.#bytes;
	}

	/** Number what is published now, and remember it: the caller may go on using its bytes. */
	append({ data, compress, author }: NewEntry): Entry {
		const entry = {
			offset: this.#last + 1,
			time: this.#now(),
			data: typeof data === 'string' ? data : new Uint8Array(data),
			compress,
			author
		};
		this.adopt(entry);
		return entry;
	}

	/** Remember what somebody else has numbered, with bytes that stay as they are: after a hole nothing before it is of use. */
	adopt(entry: Entry): void {
		if (entry.offset !== this.#last + 1) this.clear();
		this.#last = entry.offset;
		this.#entries.push(entry);
		this.#bytes += bytesOf(entry);
		this.expire();
	}

	/** @returns undefined where something after the offset is forgotten, or has never been */
	after(offset: number): readonly Entry[] | undefined {
		this.expire();
		const missing = this.#last - offset;
		return missing < 0 || missing > this.size ? undefined : this.newest(missing);
	}

	/** In order. */
	newest(count: number): readonly Entry[] {
		this.expire();
		const wanted = Math.min(count, this.size);
		if (wanted === 0) return [];
		return this.#entries.slice(-wanted).filter((entry) => entry !== undefined);
	}

	/** Forget what is above a limit. */
	expire(): void {
		const { size, bytes, ttl } = this.limits;
		const oldest = this.#now() - ttl * 1000;
		for (;;) {
			const entry = this.#entries[this.#first];
			if (entry === undefined) break;
			if (this.size <= size && this.#bytes <= bytes && entry.time > oldest) break;
			this.#bytes -= bytesOf(entry);
			this.#entries[this.#first] = undefined;
			this.#first += 1;
		}
		if (this.#first > 32 && this.#first * 2 > this.#entries.length) {
			this.#entries = this.#entries.slice(this.#first);
			this.#first = 0;
		}
	}

	/** Numbers go on. */
	clear(): void {
		this.#entries = [];
		this.#first = 0;
		this.#bytes = 0;
	}
}

function bytesOf({ data }: Entry): number {
	return typeof data === 'string' ? Buffer.byteLength(data) : data.byteLength;
}
