import type { Extent, HistoryLimits, NewEntry, TopicLog } from '../topic-log.ts';
import { Appends } from './appends.ts';
import { Calls } from './calls.ts';
import { sizeOf, type LogLink, type Numbered } from './link.ts';
import { Reads } from './reads.ts';

interface Connected {
	readonly link: LogLink;
	readonly calls: Calls;
	readonly appends: Appends;
	readonly reads: Reads;
}

/** A log that somebody else keeps, as long as there is a connection to it. */
export class SharedLog implements TopicLog {
	readonly description: string;
	#current: Connected | undefined;

	constructor(description: string) {
		this.description = description;
	}

	/** To be called before anybody hears that the bus is connected. */
	connected(link: LogLink): void {
		this.disconnected();
		const calls = new Calls();
		const appends = new Appends(link, calls);
		this.#current = { link, calls, appends, reads: new Reads(link, calls) };
	}

	/** Harmless when it was not. */
	disconnected(): void {
		this.#current?.calls.end(noConnection());
		this.#current = undefined;
	}

	async prepare(): Promise<void> {
		const current = this.#current;
		if (current?.link.prepare === undefined) return;
		await current.calls.wait(current.link.prepare()).catch((error: unknown) => {
			if ((error as { code?: unknown }).code === 'history_unshared') throw error;
		});
	}

	async append(topic: string, entry: NewEntry, limits: HistoryLimits): Promise<Numbered> {
		const { link, calls, appends } = this.#reach();
		const size = sizeOf(entry);
		if (size > link.maxEntry)
			throw new Error(`${size} bytes are too much to be remembered, ${link.maxEntry} are not`);
		if (calls.trouble) throw calls.trouble;
		const { data } = entry;
		const own = typeof data === 'string' ? entry : { ...entry, data: new Uint8Array(data) };
		return appends.add(topic, own, limits);
	}

	async read(topic: string, after: number, limits: HistoryLimits): Promise<Extent> {
		return this.#reach().reads.read(topic, Math.max(after, 0), limits);
	}

	#reach(): Connected {
		if (this.#current === undefined) throw noConnection();
		return this.#current;
	}
}

function noConnection(): Error {
	return new Error('There is no connection to what keeps the history of topics');
}
