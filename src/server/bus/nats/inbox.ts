import { randomBytes } from 'node:crypto';
import { patience } from '../log/calls.ts';
import type { NatsConnection, NatsHeaders, NatsMessage } from './options.ts';

/** Nobody is there who would answer. */
export class NoResponders extends Error {}

/** This user may not ask, or hear the answer. */
export class Forbidden extends Error {}

interface Waiting {
	readonly subject: string;
	resolve(message: NatsMessage): void;
	reject(reason: unknown): void;
}

/** Milliseconds. Whoever waits is not waiting any more by then. */
const forgotten = 2 * patience;

/** Questions on one connection. Those of the package make several errors for each one, in case that it should fail. */
export class Inbox {
	readonly #connection: NatsConnection;
	/** Nobody guesses it: whoever publishes there answers. */
	readonly #place = `_INBOX.${randomBytes(12).toString('hex')}.`;
	readonly #waiting = new Map<string, Waiting>();
	#count = 0;
	#isListening = false;

	constructor(connection: NatsConnection) {
		this.#connection = connection;
	}

	/**
	 * @throws {NoResponders}
	 * @throws {Forbidden}
	 */
	async ask(subject: string, data: Uint8Array, headers?: NatsHeaders): Promise<NatsMessage> {
		this.#listen();
		const name = `${this.#place}${(this.#count += 1)}`;
		const { promise, resolve, reject } = Promise.withResolvers<NatsMessage>();
		this.#waiting.set(name, { subject, resolve, reject });
		const late = setTimeout(() => reject(new Error('There was no answer')), forgotten).unref();
		try {
			const options = headers ? { reply: name, headers } : { reply: name };
			this.#connection.publish(subject, data, options);
			return await promise;
		} finally {
			clearTimeout(late);
			this.#waiting.delete(name);
		}
	}

	/** The server does not let this user do something, which may be why there will be no answer. */
	refused(error: unknown): void {
		const { subject, message } = error as { subject?: string; message: string };
		for (const waiting of this.#waiting.values()) {
			if (waiting.subject === subject) waiting.reject(new Forbidden(message));
		}
	}

	#listen(): void {
		if (this.#isListening) return;
		this.#isListening = true;
		this.#connection.subscribe(`${this.#place}*`, {
			callback: (error, message) => {
				if (error) this.#end(error as Error);
				else this.#receive(message);
			}
		});
	}

	#receive(message: NatsMessage): void {
		const waiting = this.#waiting.get(message.subject);
		if (message.headers?.code !== 503 || message.data.byteLength > 0) waiting?.resolve(message);
		else waiting?.reject(new NoResponders(`Nobody answers to ${waiting.subject}`));
	}

	/** It may not listen. */
	#end({ message }: Error): void {
		this.#isListening = false;
		for (const { reject } of this.#waiting.values()) reject(new Forbidden(message));
	}
}
