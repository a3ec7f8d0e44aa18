import type { Said } from './presence-claim.ts';
import type { Saying } from './presence-messages.ts';

/** What is believed of one process: people on topics, and characters of all that is said of them. */
export interface SayingsLimits {
	readonly count: number;
	readonly characters: number;
}

/** What one process says of who is present, on all topics. */
export class Sayings {
	readonly #limits: SayingsLimits;
	readonly #topics = new Map<string, Map<string, Said>>();
	#count = 0;
	#characters = 0;
	#isFull = false;

	constructor(limits: SayingsLimits) {
		this.#limits = limits;
	}

	/** Something was left out. */
	get isFull(): boolean {
		return this.#isFull;
	}

	*[Symbol.iterator](): IterableIterator<Saying> {
		for (const [topic, people] of this.#topics) {
			for (const [id, said] of people) yield { topic, id, said };
		}
	}

	get(topic: string, id: string): Said | undefined {
		return this.#topics.get(topic)?.get(id);
	}

	set(saying: Saying): void {
		const { topic, id, said } = saying;
		this.#remove(topic, id);
		if (said === undefined) return;
		const length = lengthOf(topic, id, said);
		const { count, characters } = this.#limits;
		if (this.#count >= count || this.#characters + length > characters) {
			this.#isFull = true;
			return;
		}
		this.#count += 1;
		this.#characters += length;
		const people = this.#topics.get(topic);
		if (people === undefined) this.#topics.set(topic, new Map([[id, said]]));
		else people.set(id, said);
	}

	clear(): void {
		this.#topics.clear();
		this.#count = 0;
		this.#characters = 0;
		this.#isFull = false;
	}

	#remove(topic: string, id: string): void {
		const people = this.#topics.get(topic);
		const said = people?.get(id);
		if (people === undefined || said === undefined) return;
		people.delete(id);
		if (people.size === 0) this.#topics.delete(topic);
		this.#count -= 1;
		this.#characters -= lengthOf(topic, id, said);
	}
}

function lengthOf(topic: string, id: string, { json = '' }: Said): number {
	return topic.length + id.length + json.length;
}
