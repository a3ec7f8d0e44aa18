import type { ByteSource } from '../engine/engine.ts';
import { weightOf } from './pieces.ts';

type Result = Awaited<ReturnType<ByteSource['read']>>;

/** The body of an answer, as it comes from another process. */
export class BodySource implements ByteSource {
	readonly #chunks: Uint8Array[] = [];
	readonly #onTaken: () => void;
	#reader: PromiseWithResolvers<Result> | undefined;
	#isEnded = false;
	#taken = 0;

	/** @param onTaken something was read */
	constructor(onTaken: () => void) {
		this.#onTaken = onTaken;
	}

	/** Bytes that were read. */
	get taken(): number {
		return this.#taken;
	}

	push(chunk: Uint8Array): void {
		if (this.#isEnded) return;
		this.#chunks.push(chunk);
		this.#serve();
	}

	end(): void {
		this.#isEnded = true;
		this.#serve();
	}

	read(): Promise<Result> {
		this.#reader ??= Promise.withResolvers<Result>();
		const { promise } = this.#reader;
		this.#serve();
		return promise;
	}

	async cancel(): Promise<void> {
		this.#chunks.length = 0;
		this.end();
	}

	#serve(): void {
		const reader = this.#reader;
		if (reader === undefined || (this.#chunks.length === 0 && !this.#isEnded)) return;
		this.#reader = undefined;
		const value = this.#chunks.shift();
		if (value === undefined) return reader.resolve({ done: true });
		this.#taken += weightOf(value);
		reader.resolve({ done: false, value });
		this.#onTaken();
	}
}
