import { pageBytes, sizeOf, type LogLink, type Numbered, type Page } from '../log/link.ts';
import type { HistoryLimits, NewEntry } from '../topic-log.ts';
import { fetchEntries, mostTogether, type Range } from './entries.ts';
import { NoResponders } from './inbox.ts';
import type { JetStream, StreamInfo } from './jetstream.ts';
import { Streams, type KnownStreams, type TopicStream } from './streams.ts';
import { trim } from './trim.ts';

/** What a message has beside its data within `max_payload`: its header. */
const header = 1024;

/** What topics remember, as streams of JetStream. Nothing is there of topics that do not. */
export class NatsLog implements LogLink {
	readonly maxEntry: number;
	readonly #jetStream: JetStream;
	readonly #streams: Streams;
	/** Milliseconds that the server's clock is ahead of ours, where it says so. */
	#ahead = 0;

	/**
	 * @param prefix of the app
	 * @param maxPayload bytes that the server takes at once
	 */
	constructor(
		jetStream: JetStream,
		{ prefix, known, maxPayload }: { prefix: string; known: KnownStreams; maxPayload: number }
	) {
		this.maxEntry = maxPayload - header;
		this.#jetStream = jetStream;
		this.#streams = new Streams(jetStream, prefix, known);
	}

	async prepare(): Promise<void> {
		await this.#jetStream.ask('INFO');
	}

	async append(
		topic: string,
		entries: readonly NewEntry[],
		limits: HistoryLimits
	): Promise<readonly (Numbered | Error)[]> {
		const outcomes = await this.#publish(topic, entries, limits);
		if (outcomes === 'gone back') {
			await this.#streams.beginAnew(topic);
			return this.append(topic, entries, limits);
		}
		const missing = outcomes.findIndex((each) => each instanceof NoResponders);
		if (missing === -1) return outcomes;
		// The stream is gone, or has begun anew: from then on nothing was kept.
		this.#streams.forget(topic);
		const rest = entries.slice(missing);
		const again = await this.#publish(topic, rest, limits);
		return [...outcomes.slice(0, missing), ...(again === 'gone back' ? rest.map(lost) : again)];
	}

	async read(topic: string, after: number, limits: HistoryLimits): Promise<Page> {
		const { stream, info } = await this.#streams.look(topic, limits);
		if (info.ts !== undefined) this.#ahead = Date.parse(info.ts) - Date.now();
		const { epoch, name } = stream;
		const last = info.state.last_seq;
		const entries = await fetchEntries(this.#jetStream, name, rangeOf(info, after, limits));
		return { epoch, last, entries, now: this.#now() };
	}

	async #publish(
		topic: string,
		entries: readonly NewEntry[],
		limits: HistoryLimits
	): Promise<(Numbered | Error)[] | 'gone back'> {
		const stream = await this.#streams.open(topic, limits);
		const { last } = stream;
		const outcomes = await Promise.all(entries.map((entry) => this.#publishOne(stream, entry)));
		const offsets = outcomes.flatMap((each) => (each instanceof Error ? [] : [each.offset]));
		if (offsets.some((offset) => offset <= last)) return 'gone back';
		stream.last = Math.max(stream.last, ...offsets);
		this.#tidy(topic, stream, entries);
		return outcomes;
	}

	async #publishOne({ subject, epoch }: TopicStream, entry: NewEntry): Promise<Numbered | Error> {
		const { data, compress, author } = entry;
		const flags = (typeof data === 'string' ? 't' : 'b') + (compress ? 'c' : '-');
		const bytes = typeof data === 'string' ? Buffer.from(data) : data;
		try {
			const offset = await this.#jetStream.publish(subject, bytes, `${flags} ${author}`);
			return { epoch, offset, time: this.#now() };
		} catch (error) {
			return error as Error;
		}
	}

	/** Nobody waits for it. */
	#tidy(topic: string, stream: TopicStream, entries: readonly NewEntry[]): void {
		const { limits } = stream;
		stream.grown += entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
		if (stream.grown <= limits.bytes) return;
		stream.grown = 0;
		this.#streams
			.look(topic, limits)
			.then(({ info }) => trim(this.#jetStream, info, limits))
			.catch(() => {});
	}

	/** By the server's clock, as far as it is known. */
	#now(): number {
		return Date.now() + this.#ahead;
	}
}

function lost(): Error {
	return new Error('The numbers of its topic begin anew, again and again');
}

/** Which messages make a page. */
function rangeOf({ state }: StreamInfo, after: number, { size }: HistoryLimits): Range {
	const { bytes, messages, first_seq: first, last_seq: last } = state;
	const from = Math.max(after + 1, first, last - size + 1);
	const average = bytes / Math.max(messages, 1);
	const count = Math.min(Math.max(Math.floor(pageBytes / Math.max(average, 1)), 1), mostTogether);
	return { from, to: Math.min(from + count - 1, last) };
}
