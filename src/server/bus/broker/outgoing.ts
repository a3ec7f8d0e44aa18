import type { Log } from '../../log.ts';
import type { Link } from './link.ts';

/** Bytes that may be on their way to a broker. One that reads too slowly must not fill the memory. */
const limit = 64 * 1024 * 1024;

/** What was published on one link and has not reached the broker. */
export class Outgoing {
	readonly #description: string;
	readonly #log: Log;
	#bytes = 0;
	/** Frames lost since the broker fell behind. */
	#lost = 0;
	readonly #waiting: (() => void)[] = [];

	constructor(description: string, log: Log) {
		this.#description = description;
		this.#log = log;
	}

	publish(link: Link, channel: string, frame: Uint8Array): void {
		const { byteLength } = frame;
		if (this.#bytes > 0 && this.#bytes + byteLength > limit) {
			this.#lose();
			return;
		}
		this.#bytes += byteLength;
		link.publish(channel, frame).then(
			() => this.#settle(byteLength),
			() => this.#settle(byteLength)
		);
	}

	/** Resolves when everything has reached the broker. */
	async settled(): Promise<void> {
		if (this.#bytes > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
	}

	#settle(byteLength: number): void {
		this.#bytes -= byteLength;
		if (this.#bytes === 0) for (const resolve of this.#waiting.splice(0)) resolve();
		if (this.#lost === 0 || this.#bytes > limit / 2) return;
		this.#log.info(
			`The bus keeps up again: ${this.#description} (${this.#lost} batches were lost)`
		);
		this.#lost = 0;
	}

	#lose(): void {
		this.#lost += 1;
		if (this.#lost > 1) return;
		this.#log.warn(
			`The bus cannot keep up, and what is published is lost for other processes: ${this.#description}`,
			`${limit} bytes wait`,
			'Publish less, or give the broker more.'
		);
	}
}
