import type { Host, Line } from './host.ts';
import type { Present } from './types.ts';

/** `PresenceChange`, of which either the first is there or some of the rest. */
interface Change {
	all: Present[];
	joined: Present[];
	left: string[];
}

/** Who is present in a topic, by id. */
type People = Map<string, Present>;

/** Milliseconds after which a connection that takes the place of another has said who is there. */
const patience = 1000;

/**
 * Who is present, each once. While one connection takes the place of another those of the former are shown as well, until the
 * new one has told as much: nobody seems to leave and to come back.
 */
export class Presence {
	readonly #host: Host;
	/** By number of the topic. */
	readonly #told = new WeakMap<Line, Map<number, People>>();
	#shown: Line | undefined;
	/** What is to be shown no longer as soon as the other one has told as much. */
	#former: Line | undefined;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(host: Host) {
		this.#host = host;
	}

	/**
	 * Some have come or gone: told twice it changes nothing.
	 * @param text a `PresenceChange`
	 */
	change(line: Line, number: number, text: string): void {
		const { all, joined = [], left = [] } = JSON.parse(text) as Partial<Change>;
		const topics = this.#topicsOf(line);
		const people: People = (all ? undefined : topics.get(number)) ?? new Map();
		topics.set(number, people);
		for (const each of [...(all ?? []), ...joined]) people.set(each.id, each);
		for (const id of left) people.delete(id);
		this.#take(line);
		if (line !== this.#shown) return;
		if (topics.size >= this.#topicsOf(this.#former).size) this.#former = undefined;
		this.#show();
	}

	leave(line: Line, number: number): void {
		if (this.#topicsOf(line).delete(number) && line === this.#shown) this.#show();
	}

	/** The server has done what it does first: it will soon have said who is there. */
	opened(line: Line): void {
		this.#take(line);
		clearTimeout(this.#timer);
		if (!this.#former) return;
		this.#timer = setTimeout(() => {
			this.#former = undefined;
			this.#show();
		}, patience);
	}

	/** Nobody is known to be anywhere. */
	forget(): void {
		clearTimeout(this.#timer);
		if (this.#shown === undefined) return;
		this.#former = this.#shown = undefined;
		this.#show();
	}

	#take(line: Line): void {
		if (line === this.#shown || !this.#host.isCurrent(line)) return;
		// One that has told nothing has nothing to be kept.
		if (this.#topicsOf(this.#shown).size > 0) this.#former = this.#shown;
		this.#shown = line;
	}

	#show(): void {
		const lines = [this.#former, this.#shown];
		const topics = lines.flatMap((line) => [...this.#topicsOf(line).values()]);
		const all = new Map(topics.flatMap((people) => [...people]));
		this.#host.show({ presence: [...all.values()] });
	}

	#topicsOf(line: Line | undefined): Map<number, People> {
		const topics = (line && this.#told.get(line)) ?? new Map<number, People>();
		if (line) this.#told.set(line, topics);
		return topics;
	}
}
