import type { Follower } from '../socket/kept-topic.ts';

/** Who asks for what is missing gets it at once, and what is asked for soon after that only when a while has passed. */
export class Resends {
	/** Those who were served lately, and what they wait for. */
	readonly #served = new Map<Follower, number | undefined>();

	/** @param offset after which something is missing @returns whether it is to be served now */
	ask(follower: Follower, offset: number): boolean {
		const isFirst = !this.#served.has(follower);
		this.#served.set(follower, isFirst ? undefined : offset);
		return isFirst;
	}

	forget(follower: Follower): void {
		this.#served.delete(follower);
	}

	/** A while has passed. @returns who waits, and from where */
	due(): (readonly [Follower, number])[] {
		const waiting: (readonly [Follower, number])[] = [];
		for (const [follower, offset] of this.#served) {
			if (offset !== undefined) waiting.push([follower, offset]);
		}
		this.#served.clear();
		return waiting;
	}
}
