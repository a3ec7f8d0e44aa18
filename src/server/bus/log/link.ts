import type { Entry, HistoryLimits, LogPosition, NewEntry } from '../topic-log.ts';

/** Where an entry stands, and since when. */
export interface Numbered extends LogPosition {
	readonly time: number;
}

/** A part of what a topic remembers, from its oldest entry after an offset on, and not above about `pageBytes`. */
export interface Page {
	readonly epoch: string;
	readonly last: number;
	/** Without a hole. Empty where nothing is remembered after the offset. */
	readonly entries: readonly Entry[];
	/** As `Extent` has it. */
	readonly now: number;
}

/** Bytes of a page, whose last entry may be above it: an answer is no burden for who gives it, however much a topic remembers. */
export const pageBytes = 1024 * 1024;

/**
 * The contract of a way to whoever keeps a log, over one connection. `SharedLog` makes a log of it: it gathers, waits, and gives up.
 */
export interface LogLink {
	/** Bytes of the largest entry, and of all of one call. */
	readonly maxEntry: number;
	/** @throws {AdapterError} `history_unshared`, as `TopicLog.prepare` */
	prepare?(): Promise<void>;
	/**
	 * Number entries in this order, and keep them. Not called again for a topic before it has settled, or was given up.
	 * @param patience milliseconds after which nothing is to be kept any more, as far as that can be known
	 * @returns for each entry where it stands, or why not
	 */
	append(
		topic: string,
		entries: readonly NewEntry[],
		limits: HistoryLimits,
		patience: number
	): Promise<readonly (Numbered | Error)[]>;
	read(topic: string, after: number, limits: HistoryLimits): Promise<Page>;
}

/** Bytes of what is remembered. */
export function sizeOf({ data }: NewEntry): number {
	return typeof data === 'string' ? Buffer.byteLength(data) : data.byteLength;
}
