import { badMessage, decode, validate } from './codec.ts';
import { ConnectionError } from './errors.ts';
import type { ConnectionOptions } from './types.ts';

export interface InboxOptions<In> {
	parse: ConnectionOptions<In>['parse'];
	/** How many messages are kept. */
	history: number;
	accepted(message: In): void;
	refused(error: ConnectionError): void;
}

/** What has arrived: read, validated, in order, the newest of it kept. */
export class Inbox<In> {
	readonly #options: InboxOptions<In>;
	#messages: readonly In[] = [];
	#last: In | undefined;
	/** Set if the schema takes its time: what comes later waits. */
	#busy: Promise<void> | undefined;

	constructor(options: InboxOptions<In>) {
		this.#options = options;
	}

	/** A new array with every message. */
	get messages(): readonly In[] {
		return this.#messages;
	}

	/** The newest message, kept or not. */
	get last(): In | undefined {
		return this.#last;
	}

	receive(data: unknown): void {
		const message = decode(data);
		this.#busy = this.#busy ? this.#busy.then(() => this.#read(message)) : this.#read(message);
	}

	/** @returns a promise only if the schema did */
	#read(message: unknown): Promise<void> | undefined {
		const { parse } = this.#options;
		const accept = (read: In) => this.#accept(read);
		const refuse = (error: unknown) => this.#refuse(error);
		try {
			const read = parse ? validate(parse, message) : (message as In);
			if (read instanceof Promise) return read.then(accept, refuse);
			accept(read);
		} catch (error) {
			refuse(error);
		}
		return undefined;
	}

	#accept(message: In): void {
		const { history, accepted } = this.#options;
		this.#messages = history > 0 ? [...this.#messages, message].slice(-history) : [];
		this.#last = message;
		accepted(message);
	}

	#refuse(cause: unknown): void {
		this.#options.refused(
			cause instanceof ConnectionError ? cause : badMessage(String(cause), cause)
		);
	}
}
