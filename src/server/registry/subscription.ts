import { AdapterError } from '../../shared/errors.ts';
import type { Message } from '../socket/message.ts';

/** Messages that may wait for a loop that is busy. */
const maxWaiting = 1024;

type Reader = (result: IteratorResult<Message, undefined>) => void;

/** What `subscribe` returns: the loop over it ends it, and so do `return` and `await using`. */
export interface TopicMessages extends AsyncIterableIterator<Message, undefined>, AsyncDisposable {
	return(): Promise<IteratorResult<Message, undefined>>;
}

/** The messages of one topic as an async iterable: each is given once, in order. */
export class Subscription implements TopicMessages {
	readonly #topic: string;
	readonly #onEnd: (subscription: Subscription) => void;
	readonly #messages: Message[] = [];
	readonly #readers: Reader[] = [];
	#isEnded = false;
	#error: AdapterError | undefined;

	constructor(topic: string, onEnd: (subscription: Subscription) => void) {
		this.#topic = topic;
		this.#onEnd = onEnd;
	}

	[Symbol.asyncIterator](): this {
		return this;
	}

	push(message: Message): void {
		if (this.#isEnded) return;
		const reader = this.#readers.shift();
		if (reader) reader({ done: false, value: message });
		else if (this.#messages.length < maxWaiting) this.#messages.push(message);
		else this.#overflow();
	}

	/** Ask for no more messages; those that wait are still given. */
	end(): void {
		if (this.#isEnded) return;
		this.#isEnded = true;
		this.#onEnd(this);
		for (const reader of this.#readers.splice(0)) reader({ done: true, value: undefined });
	}

	next(): Promise<IteratorResult<Message, undefined>> {
		const message = this.#messages.shift();
		if (message) return Promise.resolve({ done: false, value: message });
		if (this.#error) return Promise.reject(this.#takeError(this.#error));
		if (this.#isEnded) return Promise.resolve({ done: true, value: undefined });
		return new Promise((resolve) => this.#readers.push(resolve));
	}

	return(): Promise<IteratorResult<Message, undefined>> {
		this.#messages.length = 0;
		this.end();
		return Promise.resolve({ done: true, value: undefined });
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.return();
	}

	#overflow(): void {
		this.#error = new AdapterError('buffer_full', {
			what: 'A subscriber did not keep up with its topic',
			value: `${maxWaiting} messages of ${JSON.stringify(this.#topic)} were waiting`,
			todo: 'Do less in the loop, or hand the work on without awaiting it there.'
		});
		this.end();
	}

	#takeError(error: AdapterError): AdapterError {
		this.#error = undefined;
		return error;
	}
}
