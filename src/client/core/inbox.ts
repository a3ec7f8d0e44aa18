import { decode, validate } from './codec.ts';
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
	/** Set while a schema takes its time: what comes later waits. */
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
		const busy = this.#busy ? this.#busy.then(() => this.#read(message)) : this.#read(message);
		this.#busy = busy;
		void busy?.then(() => {
			if (this.#busy === busy) this.#busy = undefined;
		});
	}

	/** @returns a promise only if the schema did */
	#read(message: unknown): Promise<void> | undefined {
		const { parse } = this.#options;
		try {
			const read = parse === undefined ? (message as In) : validate(parse, message);
			if (!(read instanceof Promise)) this.#accept(read);
			else return read.then((value) => this.#accept(value)).catch((e: unknown) => this.#refuse(e));
		} catch (error) {
			this.#refuse(error);
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
			cause instanceof ConnectionError
				? cause
				: new ConnectionError('bad_message', { what: 'The schema of this socket failed', cause })
		);
	}
}
