import type { SocketData } from '../engine/engine.ts';
import { weightOfData } from './pieces.ts';

interface Held {
	data: SocketData;
	compress: boolean;
	weight: number;
}

/** Messages that wait until a connection takes more: none of what was let through may be dropped. */
export class HeldMessages {
	readonly #messages: Held[] = [];
	#weight = 0;

	get weight(): number {
		return this.#weight;
	}

	get areNone(): boolean {
		return this.#messages.length === 0;
	}

	add(data: SocketData, compress: boolean): void {
		const weight = weightOfData(data);
		this.#messages.push({ data, compress, weight });
		this.#weight += weight;
	}

	/** @param send returns whether the message was taken; if it was not, it is kept with all after it */
	release(send: (data: SocketData, compress: boolean) => boolean): void {
		let count = 0;
		for (const { data, compress, weight } of this.#messages) {
			if (!send(data, compress)) break;
			this.#weight -= weight;
			count += 1;
		}
		this.#messages.splice(0, count);
	}

	clear(): void {
		this.#messages.length = 0;
		this.#weight = 0;
	}
}
