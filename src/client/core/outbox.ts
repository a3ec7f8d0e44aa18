import { encode, type SocketData } from './codec.ts';

/** @returns false if there is no open connection */
type Deliver<Out> = (data: SocketData, value: Out) => boolean;

interface Waiting<Out> {
	value: Out;
	/** As it will travel, whatever becomes of the value. */
	data: SocketData;
}

/** What is to be sent, in order: at once, or when there is a connection. When it is full the newest is refused. */
export class Outbox<Out> {
	readonly #deliver: Deliver<Out>;
	readonly #limit: number;
	#waiting: Waiting<Out>[] = [];
	/** What is sent now goes before what waits. */
	#isGreeting = false;

	/** @param limit how many may wait */
	constructor(deliver: Deliver<Out>, limit: number) {
		this.#deliver = deliver;
		this.#limit = limit;
	}

	/**
	 * @returns false if it was refused
	 * @throws {AdapterError} `bad_value` for what cannot be sent
	 */
	send(value: Out): boolean {
		const data = encode(value);
		const isNext = this.#isGreeting || this.#waiting.length === 0;
		if (isNext && this.#deliver(data, value)) return true;
		if (this.#waiting.length >= this.#limit) return false;
		this.#waiting.push({ value, data: structuredClone(data) });
		return true;
	}

	/**
	 * There is a connection.
	 * @param tell whoever hears of it: what they send at once goes first
	 */
	flush(tell: () => void): void {
		this.#isGreeting = true;
		tell();
		this.#isGreeting = false;
		const waiting = this.#waiting.splice(0);
		this.#waiting = waiting.filter(({ data, value }) => !this.#deliver(data, value));
	}

	/** @returns what was waiting, and is not any more */
	drop(): Out[] {
		return this.#waiting.splice(0).map(({ value }) => value);
	}
}
