import type { SendResult, SocketData } from '../engine.ts';

interface Member {
	send(data: SocketData, compress: boolean): SendResult;
}

/** Who is on which topic, for an engine that has no topics of its own. */
export class Topics<M extends Member> {
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

	/** Part from every topic. */
	leave(member: M): void {
		for (const topic of this.#topics.get(member) ?? []) removeFrom(this.#members, topic, member);
		this.#topics.delete(member);
	}

	publish(topic: string, data: SocketData, compress: boolean, except?: M): void {
		for (const member of this.#members.get(topic) ?? []) {
			if (member !== except) member.send(data, compress);
		}
	}

	size(topic: string): number {
		return this.#members.get(topic)?.size ?? 0;
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
