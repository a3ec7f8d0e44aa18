import type { BusData } from '../bus/bus.ts';
import { kinds } from '../bus/kinds.ts';
import type { Processes } from '../bus/processes.ts';
import { grace, type Said } from './presence-claim.ts';
import {
	readAnnouncement,
	readVersion,
	writeAll,
	writeChanges,
	type Saying
} from './presence-messages.ts';
import { Source } from './presence-source.ts';

/** More than any process has to say. */
const limits = { count: 1_000_000, characters: 256 * 1024 * 1024 };

/** What this process says, and what becomes of what others say. */
interface Here {
	/** Everything that this process says. */
	all(): Iterable<Saying>;
	/** Another process says something else of somebody. */
	changed(topic: string, id: string): void;
}

/**
 * What processes tell one another of who is present. Each tells all others what has changed with its own people, and counts these
 * announcements. Its signs of life say how far it has counted, so that whoever has missed one asks for everything.
 */
export class PresenceOthers {
	readonly #here: Here;
	readonly #sources = new Map<string, Source>();
	/** Those that are gone, whose people may come back elsewhere. */
	readonly #departures = new Map<string, NodeJS.Timeout>();
	#processes: Processes | undefined;
	#version = 0;

	constructor(here: Here) {
		this.#here = here;
	}

	/** @param processes undefined where this one is alone */
	attach(processes: Processes | undefined): void {
		if (processes === this.#processes) return;
		this.#processes = processes;
		if (processes === undefined) return;
		processes.greetWith(() => String(this.#version));
		processes.listen(kinds.hello, (data, sender) => this.#greeted(sender, readVersion(data)));
		processes.listen(kinds.presence, (data, sender) => {
			// What comes of one that is not known is told again as soon as it is.
			if (processes.others.has(sender)) this.#hear(sender, data);
		});
		processes.listen(kinds.presenceWanted, (_, sender) => {
			for (const part of writeAll(this.#version, this.#here.all())) {
				processes.tell(sender, kinds.presence, part);
			}
		});
		processes.onLeft((process) => this.#left(process));
		this.announce(this.#here.all());
	}

	/** What the others say of somebody, and who they are. */
	*said(topic: string, id: string): Iterable<readonly [process: string, said: Said]> {
		for (const [process, source] of this.#sources) {
			const said = source.said(topic, id);
			if (said !== undefined) yield [process, said];
		}
	}

	/** Tell the others what this process says now of some of its people. */
	announce(sayings: Iterable<Saying>): void {
		if (this.#processes === undefined) return;
		for (const text of writeChanges(this.#version + 1, sayings)) {
			this.#version += 1;
			this.#processes.tellAll(kinds.presence, text);
		}
	}

	/** It is there, and has counted so far. */
	#greeted(process: string, version: number): void {
		clearTimeout(this.#departures.get(process));
		this.#departures.delete(process);
		if (version !== (this.#sources.get(process)?.version ?? 0)) this.#ask(process);
	}

	#hear(process: string, data: BusData): void {
		const source = this.#source(process);
		for (const { topic, id } of source.hear(readAnnouncement(data))) this.#here.changed(topic, id);
		if (source.isBehind) this.#ask(process);
		if (source.isFull) throw new TypeError('It says more of who is present than a process can');
	}

	#ask(process: string): void {
		this.#source(process).wait();
		this.#processes?.tell(process, kinds.presenceWanted, '');
	}

	/** One of which nothing was heard yet has said nothing yet: else it would be asked. */
	#source(process: string): Source {
		const known = this.#sources.get(process);
		if (known !== undefined) return known;
		const source = new Source(limits);
		this.#sources.set(process, source);
		return source;
	}

	#left(process: string): void {
		const source = this.#sources.get(process);
		if (source === undefined) return;
		source.lose();
		clearTimeout(this.#departures.get(process));
		const timer = setTimeout(() => {
			this.#departures.delete(process);
			this.#sources.delete(process);
			for (const { topic, id } of source.all()) this.#here.changed(topic, id);
		}, grace).unref();
		this.#departures.set(process, timer);
	}
}
