import type { Present } from '../../shared/protocol.ts';
import type { Said } from './presence-claim.ts';

/** Somebody who is present, in the forms in which he is told of. */
export class Person implements Said {
	readonly id: string;
	readonly json: string | undefined;
	readonly since: number;
	/** Often said again, and the same. */
	at: number;
	#text: string | undefined;
	#value: Present | undefined;

	constructor(id: string, { json, since, at }: Said) {
		this.id = id;
		this.json = json;
		this.since = since;
		this.at = at;
	}

	get length(): number {
		return this.id.length + (this.json?.length ?? 0);
	}

	/** A `Present` as JSON. */
	get text(): string {
		return (this.#text ??= textOf(this.id, this.json));
	}

	/** Frozen, all of it: everybody who asks gets the same. */
	get value(): Present {
		const { id, json } = this;
		return (this.#value ??= Object.freeze({
			id,
			info:
				json === undefined
					? undefined
					: JSON.parse(json, (_, value: unknown) => Object.freeze(value))
		}));
	}
}

/** What has changed since it was told last. */
export interface Changes {
	readonly joined: readonly Person[];
	readonly left: readonly string[];
}

/** Everybody who is present on a topic, once. */
export class PresenceList {
	readonly #people = new Map<string, Person>();
	/** What was told last of those of whom something has changed; undefined for who was not there. */
	#told = new Map<string, Person | undefined>();
	#sorted: readonly Present[] | undefined;
	#whole: string | undefined;
	#length = 0;

	get size(): number {
		return this.#people.size;
	}

	/** Those who come while this is gone through are among them, and those who leave are not. */
	[Symbol.iterator](): IterableIterator<Person> {
		return this.#people.values();
	}

	find(id: string): Person | undefined {
		return this.#people.get(id);
	}

	/** @returns whether anything is to be told */
	show(id: string, said: Said): boolean {
		const before = this.#people.get(id);
		if (before !== undefined && before.json === said.json && before.since === said.since) {
			before.at = said.at;
			return false;
		}
		this.#change(id, before);
		const now = new Person(id, said);
		this.#length += now.length;
		this.#people.set(id, now);
		return true;
	}

	/** @returns whether anything is to be told */
	hide(id: string): boolean {
		const before = this.#people.get(id);
		if (before === undefined) return false;
		this.#change(id, before);
		return this.#people.delete(id);
	}

	/** Characters of `whole`, but for what JSON escapes and adds. */
	get length(): number {
		return this.#length;
	}

	/** All of them as JSON, without the brackets: made once for all who ask before somebody comes or leaves. */
	get whole(): string {
		return (this.#whole ??= [...this.#people.values()].map(({ text }) => text).join());
	}

	/** In the order in which they have come. */
	get people(): Present[] {
		this.#sorted ??= [...this.#people.values()].toSorted(byArrival).map(({ value }) => value);
		return [...this.#sorted];
	}

	/** What is to be told now, once. */
	takeChanges(): Changes {
		const joined: Person[] = [];
		const left: string[] = [];
		for (const [id, before] of this.#told) {
			const now = this.#people.get(id);
			if (now === undefined) {
				if (before !== undefined) left.push(id);
			} else if (before === undefined || before.json !== now.json) joined.push(now);
		}
		this.#told = new Map();
		return { joined, left };
	}

	#change(id: string, before: Person | undefined): void {
		this.#sorted = undefined;
		this.#whole = undefined;
		this.#length -= before?.length ?? 0;
		if (!this.#told.has(id)) this.#told.set(id, before);
	}
}

/** The same in every process, whichever has heard of whom first. */
function byArrival(one: Person, other: Person): number {
	return one.since - other.since || (one.id < other.id ? -1 : 1);
}

function textOf(id: string, json: string | undefined): string {
	const name = JSON.stringify(id);
	return json === undefined ? `{"id":${name}}` : `{"id":${name},"info":${json}}`;
}
