import type { History } from '../bus/history.ts';
import type { Entry, HistoryLimits, LogPosition, NewEntry } from '../bus/topic-log.ts';
import type { SocketData } from '../engine/engine.ts';
import type { Follower } from '../socket/kept-topic.ts';

/** What a topic remembers, wherever that is kept. */
export interface Memory {
	/** Absent while it is not known. */
	readonly history: History | undefined;
	/** Take other limits from now on. */
	limits: HistoryLimits;
	/** It hears of other processes also while nobody is here for it. */
	readonly listens: boolean;
	/** Number it, remember it, and have it delivered in its turn. */
	publish(entry: NewEntry, sender: Follower | undefined): void;
	/** Another process has published it, and nobody has numbered it. */
	receive(data: SocketData, compress: boolean): void;
	/** Another process has published it with a number. */
	receiveNumbered(epoch: string, entry: Omit<Entry, 'time'>): void;
	/** Somebody is here for it, or nobody any more. */
	wake(): void;
	sleep(): void;
	/** Find out whether others know of something newer. @returns false where nobody could */
	refresh(): boolean;
	/** Time passes: called every second or so. */
	tick(): void;
	/** The other processes were out of reach for a while. */
	rejoin(): void;
	/** When everything that was published here has its number. */
	readonly settled: Promise<unknown> | undefined;
	/** Where the topic stands now. */
	position(): Promise<LogPosition>;
	/** It can be made anew without anybody noticing. Asked only while nobody is here for it. */
	readonly isForgettable: boolean;
	/** It is forgotten. */
	stop(): void;
}

/** What becomes of it. */
export interface MemoryEvents {
	/** A message is next. */
	deliver(entry: Entry, sender: Follower | undefined): void;
	/** A message could not be numbered. */
	pass(data: SocketData, compress: boolean, sender: Follower | undefined): void;
	/** What there is has been read. @param isCertain nothing has been asked for since */
	known(isCertain: boolean): void;
	/** The history is another one, or goes on after a hole. @param missed how many are missing, where it is known */
	lost(missed: number | undefined): void;
}
