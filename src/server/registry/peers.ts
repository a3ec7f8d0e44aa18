import type { Peer } from '../socket/peer.ts';
import { createId } from './ids.ts';

/** Who is connected to this process. */
export class Peers {
	readonly #process: string;
	readonly #all = new Set<Peer>();
	#arrivals = 0;
	/** Those of whom somebody knows the id. */
	readonly #identified = new Map<string, Peer>();

	constructor(process: string) {
		this.#process = process;
	}

	get size(): number {
		return this.#all.size;
	}

	/** How many have ever come. */
	get arrivals(): number {
		return this.#arrivals;
	}

	[Symbol.iterator](): IterableIterator<Peer> {
		return this.#all.values();
	}

	add(peer: Peer): void {
		this.#all.add(peer);
		this.#arrivals += 1;
	}

	/** @returns whether it was there */
	remove(peer: Peer): boolean {
		if (peer.knownId !== undefined) this.#identified.delete(peer.knownId);
		return this.#all.delete(peer);
	}

	/** A new id for a peer, which is found by it for as long as it is there. */
	identify(peer: Peer): string {
		const id = createId(this.#process);
		if (this.#all.has(peer)) this.#identified.set(id, peer);
		return id;
	}

	find(id: string): Peer | undefined {
		return this.#identified.get(id);
	}

	/** Those on the topic for whom something waits to be sent. */
	behind(topic: string): Peer[] {
		const behind: Peer[] = [];
		for (const peer of this.#all) {
			if (peer.isOn(topic) && peer.bufferedAmount > 0) behind.push(peer);
		}
		return behind;
	}

	/** Those who are on the topic now. */
	on(topic: string): Peer[] {
		return [...this.#all].filter((peer) => peer.isOn(topic));
	}
}
