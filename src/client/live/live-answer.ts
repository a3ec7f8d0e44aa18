/** `LiveHead` of `shared/live.ts`, as whoever compiles an app may see it. */
export interface AnswerHead {
	readonly status: number;
	readonly statusText: string;
	readonly headers: [string, string][];
	readonly cookies?: string;
}

/** What an answer tells its socket. */
export interface AnswerEnd {
	/** The page has read so many bytes of its body. */
	read(bytes: number): void;
	/** Nobody wants the rest. */
	cancel(): void;
}

/** There is no answer over the socket: it is to be fetched. */
export class NoAnswer extends Error {}

/** Statuses of a response without a body: the Fetch standard's null body statuses. */
const withoutBody = [101, 103, 204, 205, 304];

/** One answer as it comes in: a head, then its body, piece by piece, then its end. */
export class LiveAnswer {
	readonly #end: AnswerEnd;
	readonly #signal: AbortSignal | undefined;
	/** Rejected with `NoAnswer`, or the reason of the signal. */
	readonly head: Promise<AnswerHead>;
	#resolve!: (head: AnswerHead) => void;
	#reject!: (reason: unknown) => void;
	/** What the page has not asked for yet. */
	readonly #pieces: Uint8Array<ArrayBuffer>[] = [];
	#body: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
	/** The page waits for a piece. */
	#waiting: (() => void) | undefined;
	/** The connection was lost, perhaps before there was a body. */
	#loss: Error | undefined;
	/** Nothing more will come. */
	#isComplete = false;
	#isOver = false;

	constructor(end: AnswerEnd, signal: AbortSignal | undefined) {
		this.#end = end;
		this.#signal = signal;
		this.head = new Promise((resolve, reject) => {
			this.#resolve = resolve;
			this.#reject = reject;
		});
		this.head.catch(() => {});
		signal?.addEventListener('abort', this.#abort);
		if (signal?.aborted) this.#abort();
	}

	/** The answer as `fetch` would give it. */
	toResponse({ status, statusText, headers }: AnswerHead, url: URL): Response {
		const hasBody = !withoutBody.includes(status);
		if (!hasBody) this.#finish();
		const body = hasBody ? this.#createBody() : null;
		const response = new Response(body, { status, statusText, headers });
		// A response that a page makes has neither.
		Object.defineProperties(response, { url: { value: url.href }, type: { value: 'basic' } });
		return response;
	}

	begin(head: AnswerHead): void {
		this.#resolve(head);
	}

	receive(piece: Uint8Array<ArrayBuffer>): void {
		if (this.#isOver) return;
		this.#pieces.push(piece);
		this.#hand();
	}

	/** The body is complete. */
	complete(): void {
		this.#isComplete = true;
		this.#hand();
	}

	/** There is no answer. */
	decline(): void {
		this.#reject(new NoAnswer());
		this.#finish();
	}

	/** The connection is lost: what has not begun may be asked for elsewhere. */
	lose(): void {
		if (this.#isOver) return;
		this.#loss = new TypeError('network error');
		this.decline();
		this.#body?.error(this.#loss);
	}

	/** Nobody wants the rest, which is still coming. */
	leave(): void {
		if (this.#isOver) return;
		this.#finish();
		this.#end.cancel();
	}

	readonly #abort = (): void => {
		const reason: unknown = this.#signal?.reason;
		this.#reject(reason);
		if (!this.#isOver) this.#body?.error(reason);
		this.leave();
	};

	#createBody(): ReadableStream<Uint8Array<ArrayBuffer>> {
		return new ReadableStream(
			{
				start: (controller) => {
					this.#body = controller;
					if (this.#loss) controller.error(this.#loss);
				},
				pull: () => {
					const handed = new Promise<void>((resolve) => (this.#waiting = resolve));
					this.#hand();
					return handed;
				},
				cancel: () => this.leave()
			},
			// What the page does not ask for waits at the server.
			{ highWaterMark: 0 }
		);
	}

	#hand(): void {
		if (this.#body === undefined) return;
		const waiting = this.#waiting;
		const piece = waiting && this.#pieces.shift();
		if (piece) {
			this.#waiting = undefined;
			this.#body.enqueue(piece);
			this.#end.read(piece.byteLength);
			waiting();
		}
		// After the last piece the end needs nobody who asks for it.
		if (!this.#isComplete || this.#pieces.length > 0 || this.#isOver) return;
		this.#body.close();
		this.#finish();
		this.#waiting?.();
	}

	#finish(): void {
		this.#isOver = true;
		this.#signal?.removeEventListener('abort', this.#abort);
	}
}
