import type { DirectController, DirectSource } from './runtime.ts';

/** A body that is written chunk by chunk. */
export class DirectStream {
	readonly readable: ReadableStream;
	readonly #started = Promise.withResolvers<void>();
	readonly #done = Promise.withResolvers<void>();
	#controller: DirectController | undefined;
	#wake: () => void = () => {};
	#isOver = false;

	constructor() {
		this.readable = createReadable({
			type: 'direct',
			pull: (controller) => {
				if (this.#isOver) return controller.close(broken());
				this.#controller = controller;
				this.#started.resolve();
				return this.#done.promise;
			}
		});
	}

	/** What is there at once is announced by its length, and by nothing else. */
	static of(bytes: Uint8Array): ReadableStream {
		const source: DirectSource = {
			type: 'direct',
			pull(controller) {
				void controller.write(bytes);
				controller.end();
			}
		};
		return createReadable(source, 2 * bytes.byteLength);
	}

	/** Resolves when more may follow, or nobody is there any more. */
	async write(chunk: Uint8Array): Promise<void> {
		if (this.#isOver) return;
		await this.#started.promise;
		const controller = this.#controller;
		if (this.#isOver || controller === undefined) return;
		void controller.write(chunk);
		const flushed = controller.flush(true);
		if (typeof flushed === 'number') return;
		await new Promise<void>((resolve) => {
			this.#wake = resolve;
			flushed.then(() => resolve(), resolve);
		});
	}

	end(): void {
		if (this.#isOver) return;
		this.#controller?.end();
		this.leave();
	}

	/** Close the connection, also when nobody waits any more. */
	cut(): void {
		this.#controller?.close(broken());
		this.#controller = undefined;
		this.leave();
	}

	/** Nobody is there any more. */
	leave(): void {
		this.#isOver = true;
		this.#started.resolve();
		this.#done.resolve();
		this.#wake();
	}
}

function broken(): Error {
	return new Error('The answer cannot be completed');
}

/** The types of a `ReadableStream` know no direct source. */
function createReadable(source: DirectSource, highWaterMark?: number): ReadableStream {
	return new ReadableStream(source as unknown as ConstructorParameters<typeof ReadableStream>[0], {
		...(highWaterMark !== undefined && { highWaterMark })
	});
}
