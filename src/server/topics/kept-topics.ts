import type { KeptTopic } from '../socket/kept-topic.ts';

/** The topics of which more is kept than who is on them. */
export class KeptTopics {
	readonly #topics = new Map<string, KeptTopic>();

	/** Undefined for a topic of which nothing is kept. */
	get(topic: string): KeptTopic | undefined {
		return this.#topics.get(topic);
	}
}
