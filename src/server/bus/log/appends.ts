import type { HistoryLimits, NewEntry } from '../topic-log.ts';
import { patience, type Calls } from './calls.ts';
import { sizeOf, type LogLink, type Numbered } from './link.ts';

/** Entries that leave together at most. */
const mostTogether = 1000;

interface Waiting {
	readonly entry: NewEntry;
	readonly limits: HistoryLimits;
	readonly since: number;
	resolve(position: Numbered): void;
	reject(reason: unknown): void;
}

/** What is to be appended over one connection: together what comes in one turn, and to one topic one call after the other. */
export class Appends {
	readonly #link: LogLink;
	readonly #calls: Calls;
	/** By topic, while there is a call or something to call about. */
	readonly #waiting = new Map<string, Waiting[]>();
	/** Topics for which there is no call yet. */
	#idle: string[] = [];

	constructor(link: LogLink, calls: Calls) {
		this.#link = link;
		this.#calls = calls;
	}

	add(topic: string, entry: NewEntry, limits: HistoryLimits): Promise<Numbered> {
		return new Promise((resolve, reject) => {
			const waiting = { entry, limits, since: performance.now(), resolve, reject };
			const others = this.#waiting.get(topic);
			if (others) return void others.push(waiting);
			this.#waiting.set(topic, [waiting]);
			if (this.#idle.push(topic) === 1) setImmediate(() => this.#begin());
		});
	}

	#begin(): void {
		for (const topic of this.#idle.splice(0)) void this.#send(topic);
	}

	async #send(topic: string): Promise<void> {
		const waiting = this.#waiting.get(topic) ?? [];
		while (waiting.length > 0) {
			const batch = waiting.splice(0, this.#howMany(waiting));
			try {
				const outcomes = await this.#append(topic, batch);
				for (const [index, each] of batch.entries()) settle(each, outcomes[index]);
			} catch (error) {
				for (const { reject } of batch) reject(error);
			}
		}
		this.#waiting.delete(topic);
	}

	async #append(topic: string, batch: readonly Waiting[]): Promise<readonly (Numbered | Error)[]> {
		const { trouble } = this.#calls;
		if (trouble) throw trouble;
		const [{ since } = { since: 0 }] = batch;
		const time = Math.max(patience + since - performance.now(), 0);
		const { limits = { size: 0, bytes: 0, ttl: 0 } } = batch.at(-1) ?? {};
		const entries = batch.map(({ entry }) => entry);
		return this.#calls.wait(this.#link.append(topic, entries, limits, time), time);
	}

	#howMany(waiting: readonly Waiting[]): number {
		let count = 0;
		let bytes = 0;
		for (const { entry } of waiting) {
			bytes += sizeOf(entry);
			if (count > 0 && (bytes > this.#link.maxEntry || count === mostTogether)) break;
			count += 1;
		}
		return count;
	}
}

function settle({ resolve, reject }: Waiting, outcome: Numbered | Error | undefined): void {
	if (outcome === undefined) reject(new Error('There was no answer for it'));
	else if (outcome instanceof Error) reject(outcome);
	else resolve(outcome);
}
