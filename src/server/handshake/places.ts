import type { Exchange } from '../engine/engine.ts';

/** Handshakes that are not decided yet: they count as connections, for as long as somebody waits for the answer. */
export class Places {
	#taken = 0;

	get taken(): number {
		return this.#taken;
	}

	/** @returns gives the place back, as the client does by leaving; harmless when called twice */
	take(exchange: Exchange): () => void {
		let isTaken = true;
		this.#taken += 1;
		const release = () => {
			if (isTaken) this.#taken -= 1;
			isTaken = false;
		};
		exchange.onAbort(release);
		return release;
	}
}
