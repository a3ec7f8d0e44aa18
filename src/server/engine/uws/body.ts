import type { HttpResponse } from 'uWebSockets.js';
import type { Exchange } from '../engine.ts';

/** RFC 9112, section 6.3: a request has a body only if one of the two headers says so. */
export function hasBody(exchange: Exchange): boolean {
	if (exchange.header('transfer-encoding') !== undefined) return true;
	const length = exchange.header('content-length');
	return length !== undefined && Number(length) !== 0;
}

/** A request's body as a stream that reads from the socket no faster than it is read. */
export class RequestBody {
	readonly stream: ReadableStream<Uint8Array>;
	readonly #res: HttpResponse;
	#controller: ReadableStreamDefaultController<Uint8Array> | undefined;
	#isPaused = false;

	constructor(res: HttpResponse) {
		this.#res = res;
		this.stream = new ReadableStream<Uint8Array>(
			{
				start: (controller) => {
					this.#controller = controller;
				},
				pull: () => this.#resume(),
				cancel: () => this.#drop()
			},
			{ highWaterMark: 64 * 1024, size: (chunk) => chunk?.byteLength ?? 0 }
		);
		// Chunks that arrive before a listener are lost, so this cannot wait for the first read.
		res.onData((chunk, isLast) => this.#receive(chunk, isLast));
	}

	/** The answer is about to be sent: what was not read yet cannot be read any more. */
	release(): void {
		this.#fail(new Error('The response was sent before the request body was read to its end'));
		this.#resume();
	}

	/** The client has left. */
	abort(): void {
		this.#isPaused = false;
		this.#fail(
			new DOMException('The client left before the request body was complete', 'AbortError')
		);
	}

	#receive(chunk: ArrayBuffer, isLast: boolean): void {
		const controller = this.#controller;
		if (controller === undefined) return;
		// uWS detaches the chunk when this returns.
		if (chunk.byteLength > 0) controller.enqueue(new Uint8Array(chunk.slice(0)));
		if (isLast) {
			this.#controller = undefined;
			controller.close();
		} else if ((controller.desiredSize ?? 0) <= 0) {
			this.#isPaused = true;
			this.#res.pause();
		}
	}

	#resume(): void {
		if (!this.#isPaused) return;
		this.#isPaused = false;
		this.#res.resume();
	}

	#drop(): void {
		this.#controller = undefined;
		this.#resume();
	}

	#fail(error: Error): void {
		this.#controller?.error(error);
		this.#controller = undefined;
	}
}
