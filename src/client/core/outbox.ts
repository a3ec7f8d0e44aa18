import { encode, type SocketData } from './codec.ts';
import type { Ticket } from './host.ts';

export interface Waiting<Out> {
	value: Out;
	/** As it will travel, whatever becomes of the value. */
	data: SocketData;
	/** Of a request. */
	ticket: Ticket | undefined;
}

/** What is to be sent, in order: at once, or when it can be. When it is full the newest is refused. */
export class Outbox<Out> {
	readonly #deliver: (item: Waiting<Out>) => boolean;
	readonly #limit: () => number;
	#waiting: Waiting<Out>[] = [];
	/** What is sent now goes before what waits: so many could not be sent at once. Negative while it does not. */
	#greetings = -1;

	/**
	 * @param deliver returns false for what has to wait
	 * @param limit how many may wait now
	 */
	constructor(deliver: (item: Waiting<Out>) => boolean, limit: () => number) {
		this.#deliver = deliver;
		this.#limit = limit;
	}

	/**
	 * @param data what `encode` has made of the value
	 * @returns false if it was refused
	 * @throws {AdapterError} `bad_value` for what cannot be sent
	 */
	send(value: Out, data: SocketData = encode(value), ticket?: Ticket): boolean {
		const before = this.#greetings < 0 ? this.#waiting.length : this.#greetings;
		if (!before && this.#deliver({ value, data, ticket })) return true;
		if (this.#waiting.length >= this.#limit()) return false;
		this.#waiting.splice(before, 0, { value, data: structuredClone(data), ticket });
		if (this.#greetings >= 0) this.#greetings += 1;
		return true;
	}

	/**
	 * More can be sent than before.
	 * @param greet runs whoever hears of a connection: what they send at once goes first
	 */
	flush(greet?: () => void): void {
		if (greet) {
			this.#greetings = 0;
			greet();
			this.#greetings = -1;
		}
		if (this.#greetings >= 0) return;
		for (let item = this.#waiting.shift(); item; item = this.#waiting.shift()) {
			if (this.#deliver(item)) continue;
			// Nothing overtakes what has to wait.
			this.#waiting.unshift(item);
			return;
		}
	}

	/** It is not to be sent any more. */
	withdraw(ticket: Ticket): void {
		this.#waiting = this.#waiting.filter((item) => item.ticket !== ticket);
		this.flush();
	}

	/** @returns what was waiting, and is not any more; what becomes of requests is told to those who made them */
	drop(): Out[] {
		return this.#waiting
			.splice(0)
			.filter(({ ticket }) => !ticket)
			.map(({ value }) => value);
	}
}
