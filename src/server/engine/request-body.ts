import type { IncomingBody } from './engine.ts';
import { overhead } from './overhead.ts';

/** The connection that a body comes from. */
export interface Flow {
	pause(): void;
	resume(): void;
}

/** Bytes that are taken from the connection before anybody has read them. */
const highWaterMark = 64 * 1024;

/** Whoever waits for all of a body. */
interface Taker {
	resolve(bytes: Uint8Array): void;
	reject(error: unknown): void;
}

/** A request's body, which takes from the connection no faster than it is read. */
export class RequestBody implements IncomingBody {
	readonly #flow: Flow;
	#stream: ReadableStream<Uint8Array> | undefined;
	#controller: ReadableStreamDefaultController<Uint8Array> | undefined;
	#taker: Taker | undefined;
	/** What has come before anybody has asked for it. */
	#waiting: Uint8Array[] = [];
	#size = 0;
	#isPaused = false;
	/** Nothing more will come: the body is complete, or nobody wants it. */
	#isOver = false;
	#isComplete = false;
	#failure: { error: unknown } | undefined;

	constructor(flow: Flow) {
		this.#flow = flow;
	}

	get stream(): ReadableStream<Uint8Array> {
		return (this.#stream ??= new ReadableStream<Uint8Array>(
			{
				start: (controller) => this.#start(controller),
				pull: () => this.#resume(),
				cancel: () => this.#drop()
			},
			{ highWaterMark, size: (chunk) => sizeOf(chunk) }
		));
	}

	bytes(): Promise<Uint8Array> {
		return new Promise((resolve, reject) => {
			this.#taker = { resolve, reject };
			if (this.#failure) reject(this.#failure.error);
			else if (this.#isOver) resolve(this.#take());
			else this.#resume();
		});
	}

	/** The next bytes have come; they belong to the body from now on. */
	receive(chunk: Uint8Array): void {
		if (this.#isOver || chunk.byteLength === 0) return;
		if (this.#enqueue(chunk)) return;
		this.#isPaused = true;
		this.#flow.pause();
	}

	/** Its last byte has come. */
	get isComplete(): boolean {
		return this.#isComplete;
	}

	/** The body is complete. */
	end(): void {
		this.#isComplete = true;
		if (this.#isOver) return;
		this.#isOver = true;
		this.#controller?.close();
		this.#taker?.resolve(this.#take());
	}

	/** The answer is complete: what was not read yet cannot be read any more, and is thrown away. */
	release(): void {
		if (!this.#isOver)
			this.fail(new Error('The response was sent before the request body was read to its end'));
		this.#resume();
	}

	/** The connection has ended. */
	abort(reason: unknown): void {
		this.#isPaused = false;
		this.fail(reason);
	}

	/** The body cannot be had. */
	fail(error: unknown): void {
		if (this.#isOver) return;
		this.#isOver = true;
		this.#failure = { error };
		this.#waiting = [];
		this.#controller?.error(error);
		this.#taker?.reject(error);
	}

	#start(controller: ReadableStreamDefaultController<Uint8Array>): void {
		this.#controller = controller;
		for (const chunk of this.#waiting.splice(0)) controller.enqueue(chunk);
		if (this.#failure) controller.error(this.#failure.error);
		else if (this.#isOver) controller.close();
	}

	/** @returns whether there is room for more */
	#enqueue(chunk: Uint8Array): boolean {
		if (this.#controller) {
			this.#controller.enqueue(chunk);
			return (this.#controller.desiredSize ?? 0) > 0;
		}
		this.#waiting.push(chunk);
		this.#size += sizeOf(chunk);
		return this.#taker !== undefined || this.#size < highWaterMark;
	}

	#take(): Uint8Array {
		const chunks = this.#waiting.splice(0);
		const [first] = chunks;
		return chunks.length === 1 && first ? first : Buffer.concat(chunks);
	}

	#resume(): void {
		if (!this.#isPaused) return;
		this.#isPaused = false;
		this.#flow.resume();
	}

	#drop(): void {
		this.#isOver = true;
		this.#resume();
	}
}

function sizeOf(chunk: Uint8Array | undefined): number {
	return (chunk?.byteLength ?? 0) + overhead;
}
