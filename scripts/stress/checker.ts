/** A message: which one of a publisher on a topic, from 1. */
export interface Mark {
	publisher: string;
	topic: string;
	number: number;
}

/** What is kept of a stream of messages: those of one publisher on one topic, at one listener. */
interface Stream {
	last: number;
	readonly seen: Set<number>;
}

/** Faults that are written down: the rest of them would say the same. */
const mostFaults = 20;

/**
 * Says what has gone wrong with messages: one came twice, or before an earlier one, where it was not asked for, or not at all
 * though it was owed.
 */
export class Checker {
	readonly faults: string[] = [];
	/** How many messages were published, and heard. */
	published = 0;
	heard = 0;
	/** The number of the newest message of a publisher on a topic. */
	readonly #newest = new Map<string, number>();
	readonly #streams = new Map<string, Stream>();
	readonly #topics = new Map<string, Set<string>>();
	/** By listener, the messages that have to come yet, with their topics. */
	readonly #owed = new Map<string, Map<string, string>>();

	/** The listener may hear a topic from now on. */
	join(listener: string, topic: string): void {
		const topics = this.#topics.get(listener);
		if (topics) topics.add(topic);
		else this.#topics.set(listener, new Set([topic]));
	}

	/** Nothing is owed to the listener any more, of a topic or at all. What was on its way may still come. */
	forget(listener: string, topic?: string): void {
		const names = this.#owed.get(listener) ?? new Map<string, string>();
		for (const [name, each] of names) if (topic === undefined || topic === each) names.delete(name);
	}

	/** @param listeners who has to hear it */
	publish(publisher: string, topic: string, listeners: Iterable<string>): Mark {
		const stream = `${publisher} on ${topic}`;
		const number = (this.#newest.get(stream) ?? 0) + 1;
		this.#newest.set(stream, number);
		this.published += 1;
		for (const listener of listeners) this.#owe(listener, `${stream}: ${number}`, topic);
		return { publisher, topic, number };
	}

	hear(listener: string, { publisher, topic, number }: Mark): void {
		this.heard += 1;
		const stream = `${publisher} on ${topic}`;
		const name = `${stream}: ${number}`;
		const what = `${listener} has heard ${name}`;
		this.#owed.get(listener)?.delete(name);
		if (publisher === listener) this.fault(`${what}, its own message`);
		if (!this.#topics.get(listener)?.has(topic)) this.fault(`${what}, and was never on the topic`);
		if (number > (this.#newest.get(stream) ?? 0)) this.fault(`${what}, which nobody has published`);
		this.#follow(`${listener} hears ${stream}`, number, what);
	}

	/** @returns the newest message of a publisher on a topic that the listener has heard, or 0 */
	newest(listener: string, publisher: string, topic: string): number {
		return this.#streams.get(`${listener} hears ${publisher} on ${topic}`)?.last ?? 0;
	}

	/** How many messages have to come yet. */
	get missing(): number {
		return [...this.#owed.values()].reduce((sum, { size }) => sum + size, 0);
	}

	/** What has not come by now is lost. */
	close(): void {
		for (const [listener, names] of this.#owed) {
			const [first] = names.keys();
			if (first !== undefined)
				this.fault(`${listener} has lost ${names.size} messages, the first is ${first}`);
		}
		this.#owed.clear();
	}

	fault(text: string): void {
		if (this.faults.length < mostFaults) this.faults.push(text);
	}

	#owe(listener: string, name: string, topic: string): void {
		const names = this.#owed.get(listener) ?? new Map<string, string>();
		this.#owed.set(listener, names.set(name, topic));
	}

	#follow(key: string, number: number, what: string): void {
		const stream = this.#streams.get(key) ?? { last: 0, seen: new Set() };
		this.#streams.set(key, stream);
		if (stream.seen.has(number)) this.fault(`${what} twice`);
		else if (number < stream.last) this.fault(`${what} after ${stream.last}`);
		stream.seen.add(number);
		stream.last = Math.max(stream.last, number);
	}
}
