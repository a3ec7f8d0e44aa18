import type { Exchange } from '../engine/engine.ts';
import { BodySource } from './body-source.ts';
import { ops, type Frame } from './frames.ts';
import type { Answered } from './messages.ts';
import { Pieces, weightOf } from './pieces.ts';

/** An answer that comes from another process, on its way to the client. */
export class OutpostAnswer {
	readonly #exchange: Pick<Exchange, 'send' | 'cut'>;
	readonly #head: Answered;
	readonly #pieces = new Pieces();
	readonly #source: BodySource | undefined;
	readonly #sent = Promise.withResolvers<void>();
	#received = 0;
	#isComplete = false;

	/** @param onTaken some of it has left */
	constructor(exchange: Pick<Exchange, 'send' | 'cut'>, head: Answered, onTaken: () => void) {
		this.#exchange = exchange;
		this.#head = head;
		if (head.body !== 'stream') return;
		this.#source = new BodySource(onTaken);
		this.#send(this.#source);
	}

	/** When it was sent, or cannot be. Rejects with the reason. */
	get sent(): Promise<void> {
		return this.#sent.promise;
	}

	/** All of it has come. */
	get isComplete(): boolean {
		return this.#isComplete;
	}

	get received(): number {
		return this.#received;
	}

	/** Of the bytes that have come. */
	get taken(): number {
		return this.#source?.taken ?? this.#received;
	}

	receive(frame: Frame): void {
		if (frame.op === ops.body) this.#receive(frame);
		else if (frame.op === ops.end) this.#end();
		else if (frame.op === ops.cut) this.cut('It was cut where it was made');
	}

	cut(why: string): void {
		this.#exchange.cut(new DOMException(why, 'AbortError'));
		this.#sent.resolve();
	}

	#receive(frame: Frame): void {
		this.#received += weightOf(frame.payload);
		if (this.#source) this.#source.push(frame.payload.slice());
		else this.#pieces.keep(frame.payload);
	}

	#end(): void {
		this.#isComplete = true;
		if (this.#source) this.#source.end();
		else this.#send(this.#head.body === 'none' ? null : this.#pieces.take());
	}

	#send(body: BodySource | Uint8Array | null): void {
		this.#exchange.send(this.#head, body).then(this.#sent.resolve, this.#sent.reject);
	}
}
