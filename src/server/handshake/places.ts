import type { Exchange } from '../engine/engine.ts';
import { Pace } from '../pace.ts';

/** Handshakes that are not decided yet: they count as connections, for as long as somebody waits for the answer. */
export class Places {
	/** At which they are decided. */
	readonly pace = new Pace();
	#taken = 0;

	get taken(): number {
		return this.#taken;
	}

	/** @returns gives the place back, as the client does by leaving; harmless when called twice */
	take(exchange: Exchange): () => void {
		let isTaken = true;
		this.#taken += 1;
		const leave = () => {
			if (!isTaken) return false;
			this.#taken -= 1;
			isTaken = false;
			return true;
		};
		exchange.onAbort(leave);
		return () => {
			if (leave()) this.pace.answered(this.#taken);
		};
	}
}
