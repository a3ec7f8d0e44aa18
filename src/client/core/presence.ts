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

/** Who is present in the topics of the connection that is shown: the last one, until another one has said who is there. */
export class Presence {
	readonly #host: Host;
	/** By number of the topic. */
	readonly #told = new WeakMap<Line, Map<number, People>>();
	#shown: Line | undefined;
	/** Of these connections the server has done what it does first. */
	readonly #opened = new WeakSet<Line>();

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
		if (this.#shown === undefined || this.#opened.has(line)) this.#take(line);
		this.#show(line);
	}

	leave(line: Line, number: number): void {
		if (this.#topicsOf(line).delete(number)) this.#show(line);
	}

	opened(line: Line): void {
		this.#opened.add(line);
		this.#take(line);
		this.#show(line);
	}

	/** Nobody is known to be anywhere. */
	forget(): void {
		this.#shown = undefined;
		this.#host.show({ presence: [] });
	}

	#take(line: Line): void {
		if (this.#host.isCurrent(line)) this.#shown = line;
	}

	#show(line: Line): void {
		if (line !== this.#shown) return;
		const all = new Map([...this.#topicsOf(line).values()].flatMap((people) => [...people]));
		this.#host.show({ presence: [...all.values()] });
	}

	#topicsOf(line: Line): Map<number, People> {
		const topics = this.#told.get(line) ?? new Map<number, People>();
		this.#told.set(line, topics);
		return topics;
	}
}
