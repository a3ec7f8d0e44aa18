/** Who is on which topic, where no engine keeps that. */
export class Topics<M> {
	readonly #members = new Map<string, Set<M>>();
	readonly #topics = new Map<M, Set<string>>();

	join(topic: string, member: M): void {
		addTo(this.#members, topic, member);
		addTo(this.#topics, member, topic);
	}

	part(topic: string, member: M): void {
		removeFrom(this.#members, topic, member);
		removeFrom(this.#topics, member, topic);
	}

	/**
	 * Part from every topic.
	 * @returns which they were
	 */
	leave(member: M): Iterable<string> {
		const topics = this.#topics.get(member) ?? [];
		for (const topic of topics) removeFrom(this.#members, topic, member);
		this.#topics.delete(member);
		return topics;
	}

	/** Who is on the topic; undefined for nobody. */
	members(topic: string): ReadonlySet<M> | undefined {
		return this.#members.get(topic);
	}
}

function addTo<K, V>(sets: Map<K, Set<V>>, key: K, value: V): void {
	const set = sets.get(key);
	if (set) set.add(value);
	else sets.set(key, new Set([value]));
}

function removeFrom<K, V>(sets: Map<K, Set<V>>, key: K, value: V): void {
	const set = sets.get(key);
	if (set?.delete(value) && set.size === 0) sets.delete(key);
}
