import { createHash } from 'node:crypto';
import { createEpoch } from '../history.ts';
import type { HistoryLimits } from '../topic-log.ts';
import {
	codes,
	JetStreamError,
	type JetStream,
	type StreamConfig,
	type StreamInfo
} from './jetstream.ts';
import { tokenOf } from './subject.ts';

/** Topics of which it is known that they have a stream. */
const most = 10_000;

/** Nanoseconds: JetStream takes no shorter times. */
const shortest = 100_000_000;

/** The stream of one topic, as long as nothing else is known. */
export interface TopicStream {
	readonly name: string;
	/** Ends with the epoch: what is published where numbers have begun anew meanwhile reaches nobody. */
	readonly subject: string;
	readonly epoch: string;
	readonly limits: HistoryLimits;
	/** The highest number that was seen. */
	last: number;
	/** Bytes that were published to it since somebody has looked how many it has. */
	grown: number;
}

/** By topic. It outlives connections: who has seen a number knows that no lower one may follow. */
export type KnownStreams = Map<string, TopicStream>;

/** The streams of topics, one for each, made when it is needed. */
export class Streams {
	readonly #jetStream: JetStream;
	readonly #prefix: string;
	readonly #known: KnownStreams;

	/** @param prefix of the app */
	constructor(jetStream: JetStream, prefix: string, known: KnownStreams) {
		this.#jetStream = jetStream;
		this.#prefix = prefix;
		this.#known = known;
	}

	/** The one that is known, else the one that is there, else a new one. */
	async open(topic: string, limits: HistoryLimits): Promise<TopicStream> {
		const known = this.#known.get(topic);
		if (known && isSame(known.limits, limits)) return known;
		return (await this.look(topic, limits)).stream;
	}

	/** The one that is there, with what it has, else a new one. */
	async look(
		topic: string,
		limits: HistoryLimits
	): Promise<{ stream: TopicStream; info: StreamInfo }> {
		const before = this.#known.get(topic);
		const seen = before?.last ?? 0;
		const { name, subject } = this.#placeOf(topic);
		const info = await this.#findOrMake(name, subject, limits);
		const [own = ''] = info.config.subjects;
		const epoch = own.slice(subject.length + 1);
		if (!own.startsWith(`${subject}.`) || !/^[\da-f]{32}$/.test(epoch))
			throw new Error(`The stream ${name} belongs to somebody else`);
		if (epoch === before?.epoch && info.state.last_seq < seen) {
			await this.beginAnew(topic);
			return this.look(topic, limits);
		}
		const last = Math.max(info.state.last_seq, epoch === before?.epoch ? before.last : 0);
		const stream = { name, subject: own, epoch, limits, last, grown: 0 };
		if (this.#known.size >= most) this.#known.clear();
		this.#known.set(topic, stream);
		return { stream, info };
	}

	/** It is not there any more, or not under this epoch. */
	forget(topic: string): void {
		this.#known.delete(topic);
	}

	/** Its numbers have gone back, as those of a server do that has lost what it had not written yet: nobody may trust them. */
	async beginAnew(topic: string): Promise<void> {
		this.forget(topic);
		await this.#jetStream
			.ask('STREAM.DELETE', this.#placeOf(topic).name)
			.catch(unless(codes.noStream));
	}

	async #findOrMake(name: string, subject: string, limits: HistoryLimits): Promise<StreamInfo> {
		const bounds = boundsOf(limits);
		const found = await this.#find(name);
		if (found === undefined) {
			const config = { name, subjects: [`${subject}.${createEpoch()}`], ...bounds, ...fixed };
			const made = await this.#jetStream
				.ask<StreamInfo>('STREAM.CREATE', name, config)
				.catch(unless(codes.nameInUse));
			// Somebody else was first.
			return made ?? this.#findOrMake(name, subject, limits);
		}
		if (isWithin(found.config, bounds)) return found;
		return this.#jetStream.ask('STREAM.UPDATE', name, { ...found.config, ...bounds });
	}

	async #find(name: string): Promise<StreamInfo | undefined> {
		return this.#jetStream.ask<StreamInfo>('STREAM.INFO', name).catch(unless(codes.noStream));
	}

	#placeOf(topic: string): { name: string; subject: string } {
		const hash = createHash('sha256').update(topic).digest('hex').slice(0, 40);
		const token = tokenOf(this.#prefix);
		const app = token.replaceAll(/[^\w-]/g, '_').slice(0, 100);
		const other = createHash('sha256').update(token).digest('hex').slice(0, 8);
		// Two prefixes may look the same in a name.
		return { name: `${app}_${other}_${hash}`, subject: `${token}.log.${hash}` };
	}
}

/** The subjects of all streams of an app. */
export function allSubjects(prefix: string): string {
	return `${tokenOf(prefix)}.log.>`;
}

/**
 * In files: a stream in memory has forgotten everything when its server comes back, and numbers that have begun anew under the same
 * name.
 */
const fixed = {
	description: 'What a topic of svelte-adapter-ws remembers',
	storage: 'file',
	retention: 'limits',
	discard: 'old',
	allow_direct: true,
	num_replicas: 1
} as const;

type Bounds = Omit<StreamConfig, 'name' | 'subjects'>;

/** Without bytes: JetStream would set them aside for each stream from the beginning, though hardly one needs them. See `trim`. */
function boundsOf({ size, ttl }: HistoryLimits): Bounds {
	const age = Number.isFinite(ttl) ? Math.max(Math.round(ttl * 1e9), shortest) : 0;
	return {
		max_msgs: Number.isFinite(size) ? Math.max(Math.floor(size), 1) : -1,
		max_age: age,
		duplicate_window: shortest
	};
}

function isWithin(config: StreamConfig, bounds: Bounds): boolean {
	return (['max_msgs', 'max_age'] as const).every((key) => config[key] === bounds[key]);
}

function isSame(one: HistoryLimits, other: HistoryLimits): boolean {
	return one.size === other.size && one.bytes === other.bytes && one.ttl === other.ttl;
}

/** Undefined for an error with this code. */
function unless(code: number): (error: unknown) => undefined {
	return (error) => {
		if (!(error instanceof JetStreamError) || error.code !== code) throw error;
	};
}
