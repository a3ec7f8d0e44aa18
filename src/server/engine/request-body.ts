import { overhead } from './overhead.ts';

/** The connection that a body comes from. */
export interface Flow {
	pause(): void;
	resume(): void;
}

/** A request's body as a stream that takes from the connection no faster than it is read. */
export class RequestBody {
	readonly stream: ReadableStream<Uint8Array>;
	readonly #flow: Flow;
	#controller: ReadableStreamDefaultController<Uint8Array> | undefined;
	#isPaused = false;

	constructor(flow: Flow) {
		this.#flow = flow;
		this.stream = new ReadableStream<Uint8Array>(
			{
				start: (controller) => {
					this.#controller = controller;
				},
				pull: () => this.#resume(),
				cancel: () => this.#drop()
			},
			{ highWaterMark: 64 * 1024, size: (chunk) => (chunk?.byteLength ?? 0) + overhead }
		);
	}

	/** The next bytes have come; they belong to the stream from now on. */
	receive(chunk: Uint8Array): void {
		const controller = this.#controller;
		if (controller === undefined || chunk.byteLength === 0) return;
		controller.enqueue(chunk);
		if ((controller.desiredSize ?? 0) > 0) return;
		this.#isPaused = true;
		this.#flow.pause();
	}

	/** The body is complete. */
	end(): void {
		this.#controller?.close();
		this.#controller = undefined;
	}

	/** The answer is complete: what was not read yet cannot be read any more, and is thrown away. */
	release(): void {
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
		this.#controller?.error(error);
		this.#controller = undefined;
	}

	#resume(): void {
		if (!this.#isPaused) return;
		this.#isPaused = false;
		this.#flow.resume();
	}

	#drop(): void {
		this.#controller = undefined;
		this.#resume();
	}
}
