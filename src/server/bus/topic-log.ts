/**
 * The contract of the one place that numbers what is published to a topic that remembers, and keeps the newest of it for all
 * processes. It tells nobody of what is new: processes tell one another, by the bus, and read here what they have missed.
 */

/** How much a topic remembers: whatever of it is reached first. */
export interface HistoryLimits {
	/** Messages. */
	readonly size: number;
	/** Bytes of all of them. */
	readonly bytes: number;
	/** Seconds that a message is kept. */
	readonly ttl: number;
}

/** What is to be remembered. Bytes are the caller's again when the call returns. */
export interface NewEntry {
	readonly data: string | Uint8Array;
	readonly compress: boolean;
	/** What the client calls itself that is not to get it (`shared/protocol.ts`); empty for nobody. */
	readonly author: string;
}

export interface Entry extends NewEntry {
	/** From 1 on, without a hole, in the order in which they were appended. */
	readonly offset: number;
	/** When it was appended, in milliseconds since 1970 by the clock of whoever keeps it. */
	readonly time: number;
}

export interface LogPosition {
	/**
	 * MUST be another one whenever numbers begin anew, and one that nobody guesses (128 random bits or more): else somebody who
	 * has seen number 5 of the numbers before would be told that he has missed nothing since number 5 of these. It never leaves
	 * the servers.
	 */
	readonly epoch: string;
	readonly offset: number;
}

/** What a topic remembers. */
export interface Extent {
	readonly epoch: string;
	/** Of the newest entry, though it may be forgotten by now; 0 before the first one. */
	readonly last: number;
	/** In order and without a hole, up to the newest one. */
	readonly entries: readonly Entry[];
	/** When it was read, by the clock of the entries: how old they are is known by no other. */
	readonly now: number;
}

export interface TopicLog {
	/** For the line that is printed at start, without credentials. */
	readonly description: string;

	/**
	 * Called where topics remember, once the bus was opened. MUST settle within five seconds, and MUST resolve where nobody can tell yet.
	 * @throws {AdapterError} `history_unshared` if the broker turns out to keep nothing, as the other methods do then: each process
	 * has to keep what it has seen itself, and what the error says belongs into the log, once
	 */
	prepare(): Promise<void>;

	/**
	 * Number an entry and keep it. Those that one process appends to one topic MUST be numbered in the order of the calls. MUST
	 * reject within five seconds where the log cannot be reached, and MUST NOT keep it later then, as far as that can be known.
	 */
	append(
		topic: string,
		entry: NewEntry,
		limits: HistoryLimits
	): Promise<LogPosition & { readonly time: number }>;

	/**
	 * What is remembered after an offset. A topic that nobody has appended to has an epoch too, which MUST stay the one of its
	 * first entry. Numbers MUST go on for at least `ttl` after the last append, whether or not anything of it is still kept.
	 * MUST reject within five seconds where the log cannot be reached.
	 */
	read(topic: string, after: number, limits: HistoryLimits): Promise<Extent>;
}
