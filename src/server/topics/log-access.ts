import type { Extent, HistoryLimits, LogPosition, NewEntry, TopicLog } from '../bus/topic-log.ts';

export interface LogAccessOptions {
	/** Absent while the way to the other processes is not open. */
	log: () => TopicLog | undefined;
	warn: (what: string, reason: unknown) => void;
	/** There can be no log. */
	onUnshared: (reason: unknown) => void;
}

/** There can be no log: each process has to remember what it has seen itself. */
export function isUnshared(error: unknown): boolean {
	return (Object(error) as { code?: unknown }).code === 'history_unshared';
}

/** The log, as all topics of this process see it: that it is away is one line in the log of the server. */
export class LogAccess {
	readonly #options: LogAccessOptions;
	/** What does not work. */
	readonly #failing = new Set<'append' | 'read'>();

	constructor(options: LogAccessOptions) {
		this.#options = options;
	}

	append(topic: string, entry: NewEntry, limits: HistoryLimits): Promise<LogPosition> {
		return this.#watch('append', (log) => log.append(topic, entry, limits));
	}

	read(topic: string, after: number, limits: HistoryLimits): Promise<Extent> {
		return this.#watch('read', (log) => log.read(topic, after, limits));
	}

	async #watch<T>(kind: 'append' | 'read', run: (log: TopicLog) => Promise<T>): Promise<T> {
		const log = this.#options.log();
		if (log === undefined) throw new Error('There is no way to the other processes');
		try {
			const result = await run(log);
			this.#failing.delete(kind);
			return result;
		} catch (error) {
			if (isUnshared(error)) this.#options.onUnshared(error);
			else if (!this.#failing.has(kind)) {
				this.#failing.add(kind);
				const what =
					kind === 'append'
						? 'What is published goes only to those who are there, for it cannot be remembered'
						: 'What topics remember cannot be read';
				this.#options.warn(what, error);
			}
			throw error;
		}
	}
}
