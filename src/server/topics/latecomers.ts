import { frame, kinds, type TopicState } from '../../shared/protocol.ts';
import type { History } from '../bus/history.ts';
import type { Entry } from '../bus/topic-log.ts';
import type { SocketData } from '../engine/engine.ts';
import type { Arrival, Follower } from '../socket/kept-topic.ts';
import { sendTo } from './numbered.ts';
import type { TopicPlace } from './place.ts';
import type { Positions } from './positions.ts';

export interface LatecomersOptions {
	place: TopicPlace;
	positions: Positions;
	/** It has everything, and gets from now on what is published. */
	onCaughtUp(follower: Follower): void;
	/** It is told to come back with `goOn` when it has taken what is queued for it. */
	onSlow(follower: Follower): void;
}

type Introduction = Pick<TopicState, 'isRecovered' | 'missed'> & { from: number };

/** How far one is. */
interface Progress {
	/** Offset of what it has, or is not to have. */
	at: number;
	/** What it has published itself is not for it after this offset. */
	ownAfter: number;
	/** What it has published since it came, and is known by nothing else. */
	readonly own: Set<number>;
	/** What an own client has to be told of the topic before anything else. */
	untold?: Introduction | undefined;
}

/** Those who first get what was published before. */
export class Latecomers {
	readonly #options: LatecomersOptions;
	/** Who waits until it is known what the topic remembers. */
	readonly #waiting = new Map<Follower, Arrival>();
	readonly #behind = new Map<Follower, Progress>();
	/** Those of whom the position that they came with has been used. */
	readonly #met = new WeakSet<Follower>();
	/** What is not for them, whatever they say that they are missing: offsets up to these. */
	#floors = new WeakMap<Follower, number>();
	/** The same of those who were told together. */
	#floor = 0;

	constructor(options: LatecomersOptions) {
		this.#options = options;
	}

	get size(): number {
		return this.#waiting.size + this.#behind.size;
	}

	*[Symbol.iterator](): IterableIterator<Follower> {
		yield* this.#waiting.keys();
		yield* this.#behind.keys();
	}

	has(follower: Follower): boolean {
		return this.#waiting.has(follower) || this.#behind.has(follower);
	}

	wait(follower: Follower, arrival: Arrival): void {
		this.#waiting.set(follower, arrival);
	}

	/** @returns whether it was there, and whether it knows the topic */
	remove(follower: Follower): 'known' | 'unknown' | undefined {
		if (this.#waiting.delete(follower)) return 'unknown';
		return this.#behind.delete(follower) ? 'known' : undefined;
	}

	/** It is known what the topic remembers. @param isCertain nothing newer is known anywhere */
	begin(history: History, isCertain: boolean): void {
		for (const [follower, arrival] of [...this.#waiting]) {
			if (this.#waiting.has(follower)) this.meet(follower, arrival, history, isCertain);
		}
	}

	/** @returns false if it has seen what nobody here has, perhaps by newer numbers: it waits, until more is known */
	meet(follower: Follower, arrival: Arrival, history: History, isCertain: boolean): boolean {
		const position = this.#positionOf(follower, history);
		if (!isCertain && (position === 'stale' || Number(position) > history.last)) {
			this.#waiting.set(follower, arrival);
			return false;
		}
		this.#waiting.delete(follower);
		if (position !== undefined) this.#met.add(follower);
		history.expire();
		const progress: Progress = { at: history.last, ownAfter: history.last, own: new Set() };
		if (typeof position === 'number' && position <= history.last) {
			progress.ownAfter = position;
			this.#fall(progress, history, position);
		} else {
			progress.at -= Math.min(Math.floor(arrival.replay ?? 0), history.size);
			const lost = position === undefined ? undefined : { isRecovered: false };
			progress.untold = { from: progress.at, ...lost };
		}
		this.#behind.set(follower, progress);
		this.#catchUp(follower, progress, history);
		return true;
	}

	/** Send again what is after an offset, of what it was sent before. */
	resend(follower: Follower, offset: number, history: History): void {
		this.#sendFrom(follower, Math.max(offset, this.#floors.get(follower) ?? this.#floor), history);
	}

	#sendFrom(follower: Follower, at: number, history: History, untold?: Introduction): void {
		const progress: Progress = { at, ownAfter: at, own: new Set(), untold };
		this.#behind.set(follower, progress);
		this.#catchUp(follower, progress, history);
	}

	/** It has taken what was queued for it. */
	goOn(follower: Follower, history: History): void {
		const progress = this.#behind.get(follower);
		if (progress) this.#catchUp(follower, progress, history);
	}

	/** Something has a number now. @param sender who has published it */
	published(entry: Entry, sender: Follower | undefined): void {
		if (sender) this.#behind.get(sender)?.own.add(entry.offset);
	}

	/** To each of them alone, for what has no number. @param sender who does not get it */
	pass(data: SocketData, compress: boolean, sender?: Follower): void {
		for (const follower of this) if (follower !== sender) follower.transmit(data, compress);
	}

	/** It may lack something, and has nothing to see that by but the newest message; or new numbers, of which it has not heard either. */
	remind(follower: Follower, history: History): void {
		if (follower.client && !this.#floors.has(follower)) return this.#skip(follower, history);
		const [newest] = history.newest(1);
		const isItsOwn = newest?.author === follower.client?.name;
		if (newest) sendTo(follower, this.#options.place.number, newest, isItsOwn);
		else if (history.last > 0) this.#skip(follower, history);
	}

	/** Something is missing for everybody: they go on with what comes next. */
	restart(history: History): void {
		this.#floors = new WeakMap();
		this.#floor = history.last;
		for (const follower of [...this.#behind.keys()]) {
			const at = history.last;
			this.#sendFrom(follower, at, history, { from: at, isRecovered: false });
		}
	}

	/** What it lacks is forgotten: it goes on with what comes next. */
	#skip(follower: Follower, history: History): void {
		this.#introduce(follower, history, { from: history.last, isRecovered: false });
	}

	#catchUp(follower: Follower, progress: Progress, history: History): void {
		if (history.after(progress.at) === undefined) this.#fall(progress, history);
		if (progress.untold && !this.#introduce(follower, history, progress.untold)) {
			return this.#options.onSlow(follower);
		}
		progress.untold = undefined;
		for (const entry of history.after(progress.at) ?? []) {
			// What is sent may end it.
			if (this.#behind.get(follower) !== progress) return;
			const isItsOwn = progress.own.has(entry.offset) || this.#isAuthor(follower, entry, progress);
			const result = sendTo(follower, this.#options.place.number, entry, isItsOwn);
			if (result !== 'dropped') progress.at = entry.offset;
			if (result !== 'sent') return this.#options.onSlow(follower);
		}
		if (this.#behind.get(follower) !== progress) return;
		this.#behind.delete(follower);
		if (follower.readyState === 1) this.#options.onCaughtUp(follower);
	}

	#isAuthor({ client }: Follower, { author, offset }: Entry, { ownAfter }: Progress): boolean {
		return author !== '' && client?.name === author && offset > ownAfter;
	}

	/**
	 * Begin with the oldest that is remembered, if that is later.
	 * @param position where a client says that it is; absent where it is told only if something is missing
	 */
	#fall(progress: Progress, history: History, position?: number): void {
		const at = position ?? progress.at;
		progress.at = Math.max(at, history.last - history.size);
		const missed = progress.at - at;
		if (missed === 0 && position === undefined) return;
		progress.untold = {
			from: progress.at,
			isRecovered: missed === 0,
			...(missed > 0 && { missed })
		};
	}

	/** What own clients are told who have all that there was, where something is missing. @param missed how many, where it is known */
	loss(history: History, missed: number | undefined): string {
		const lost = { from: history.last, isRecovered: false };
		return this.#introduction(history, missed === undefined ? lost : { ...lost, missed });
	}

	#introduction({ epoch, last }: History, more: Introduction): string {
		const { place, positions } = this.#options;
		const start = positions.at(epoch, more.from);
		const state: TopicState = { number: place.number, start, offset: last, ...more };
		return frame(kinds.topic, JSON.stringify(state));
	}

	/** @returns false if it has to be said again, when something of what is queued has left */
	#introduce(follower: Follower, history: History, more: Introduction): boolean {
		if (follower.client === undefined) return true;
		this.#floors.set(follower, more.from);
		const result = follower.transmitFrame(this.#introduction(history, more), false);
		return result !== 'dropped' || follower.readyState !== 1;
	}

	#positionOf(follower: Follower, { epoch }: History): number | 'stale' | undefined {
		const { positions } = this.#options;
		const position = follower.client?.positions.get(positions.token);
		if (position === undefined || this.#met.has(follower)) return undefined;
		return positions.read(epoch, position);
	}
}
