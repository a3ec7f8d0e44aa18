import { badMessage, decode, validate } from './codec.ts';
import { ConnectionError } from './errors.ts';
import type { ConnectionOptions, MaybePromise } from './types.ts';

/** Who hears of what arrives. @returns whether anybody does */
export interface InboxTells<In> {
	emit(type: 'message', message: In): boolean;
	emit(type: 'error', error: ConnectionError): boolean;
}

/** What has arrived from one place: read, validated, in order, the newest of it kept. */
export class Inbox<In> {
	readonly #options: ConnectionOptions<In>;
	readonly #listeners: InboxTells<In>;
	#isOver = false;
	#messages: readonly In[] = [];
	#last: In | undefined;
	/** How many have been accepted. */
	#count = 0;
	/** Set if the schema takes its time: what comes later waits. */
	#busy: Promise<void> | undefined;

	constructor(options: ConnectionOptions<In>, listeners: InboxTells<In>) {
		this.#options = options;
		this.#listeners = listeners;
	}

	/** A new array with every message that is kept. */
	get messages(): readonly In[] {
		return this.#messages;
	}

	/** The newest message, kept or not. */
	get last(): In | undefined {
		return this.#last;
	}

	/** How many have arrived and were accepted. */
	get count(): number {
		return this.#count;
	}

	/** Nothing is told any more: `decode` and the schema may take their time. */
	end(): void {
		this.#isOver = true;
	}

	receive(data: unknown): void {
		this.#busy = this.#busy ? this.#busy.then(() => this.#read(data)) : this.#read(data);
	}

	/** @returns a promise only if `decode` or the schema did */
	#read(data: unknown): Promise<void> | undefined {
		const accept = (read: In) => this.#accept(read);
		const refuse = (error: unknown) => this.#refuse(error);
		try {
			const decoded = decode(data, this.#options.decode);
			const read =
				decoded instanceof Promise
					? decoded.then((value: unknown) => this.#validate(value))
					: this.#validate(decoded);
			if (read instanceof Promise) return read.then(accept, refuse);
			accept(read);
		} catch (error) {
			refuse(error);
		}
		return undefined;
	}

	#validate(value: unknown): MaybePromise<In> {
		const { parse } = this.#options;
		return parse ? validate(parse, value) : (value as In);
	}

	#accept(message: In): void {
		const { history = 100 } = this.#options;
		if (this.#isOver) return;
		if (history > 0) this.#messages = [...this.#messages, message].slice(-history);
		this.#last = message;
		this.#count += 1;
		this.#listeners.emit('message', message);
	}

	#refuse(cause: unknown): void {
		if (this.#isOver) return;
		const error = cause instanceof ConnectionError ? cause : badMessage(String(cause), cause);
		// Somebody has to hear of it.
		if (!this.#listeners.emit('error', error)) console.error(error);
	}
}
