import type { Entry, Extent, HistoryLimits } from '../topic-log.ts';
import type { Calls } from './calls.ts';
import { sizeOf, type LogLink, type Page } from './link.ts';

/** Reads at a time. A process that comes back to many topics at once is not to be answered with all of them at once. */
const most = 8;

/** What is to be read over one connection. */
export class Reads {
	readonly #link: LogLink;
	readonly #calls: Calls;
	#running = 0;
	readonly #waiting: (() => void)[] = [];

	constructor(link: LogLink, calls: Calls) {
		this.#link = link;
		this.#calls = calls;
	}

	async read(topic: string, after: number, limits: HistoryLimits): Promise<Extent> {
		while (this.#running >= most) await new Promise<void>((go) => this.#waiting.push(go));
		this.#running += 1;
		try {
			return await this.#readAll(topic, after, limits);
		} finally {
			this.#running -= 1;
			this.#waiting.shift()?.();
		}
	}

	async #readAll(topic: string, after: number, limits: HistoryLimits): Promise<Extent> {
		let entries: Entry[] = [];
		let from = after;
		let first: Page | undefined;
		for (;;) {
			const page = await this.#page(topic, from, limits);
			first ??= page;
			if (page.epoch !== first.epoch) {
				// Numbers have begun anew between two pages.
				first = undefined;
				entries = [];
				from = after;
				continue;
			}
			// What follows was forgotten between two pages: nothing before it is of use.
			if (page.entries[0]?.offset !== from + 1 && page.last > from) entries = [];
			entries.push(...page.entries);
			from = entries.at(-1)?.offset ?? page.last;
			if (from >= page.last) return { ...page, entries: newestWithin(entries, limits) };
		}
	}

	#page(topic: string, after: number, limits: HistoryLimits): Promise<Page> {
		const { trouble } = this.#calls;
		if (trouble) return Promise.reject(trouble);
		return this.#calls.wait(this.#link.read(topic, after, limits));
	}
}

/** A log may keep more, where it counts in another way. */
function newestWithin(entries: readonly Entry[], { size, bytes }: HistoryLimits): Entry[] {
	let total = 0;
	const last = entries.findLastIndex((entry) => (total += sizeOf(entry)) > bytes);
	return entries.slice(Math.max(last + 1, entries.length - size, 0));
}
