import { Heartbeat, type Beating } from './heartbeat.ts';

/** A socket that has ended for the app, and whose last bytes have not left yet. */
export interface Leaver {
	/** Bytes that have not left: it shrinks as long as the peer takes something. */
	readonly pending: number;
	/** Nothing is left. */
	leave(): void;
	/** Cut the connection. */
	terminate(): void;
}

/** Looks at a socket that takes nothing, after which it is cut. */
const looks = 10;

/** Lets sockets leave in their own time, and cuts those that take nothing any more. */
export class Leaving {
	readonly #heartbeat: Heartbeat<Departure>;
	readonly #departures = new Map<Leaver, Departure>();

	/**
	 * @param patience seconds
	 * @param times as much patience: for an engine that sees less of what a peer takes
	 */
	constructor(patience = 30, times = 1) {
		const period = (patience * times * 1000) / looks;
		this.#heartbeat = new Heartbeat(period, (departure) => departure.look());
	}

	get size(): number {
		return this.#departures.size;
	}

	add(leaver: Leaver): void {
		const departure = new Departure(leaver);
		this.#departures.set(leaver, departure);
		this.#heartbeat.add(departure);
	}

	/** Its last bytes have left, or its connection is gone. */
	delete(leaver: Leaver): void {
		const departure = this.#departures.get(leaver);
		if (departure === undefined) return;
		this.#departures.delete(leaver);
		this.#heartbeat.delete(departure);
	}
}

class Departure implements Beating {
	slot = 0;
	readonly #leaver: Leaver;
	#pending = Infinity;
	#idleLooks = 0;

	constructor(leaver: Leaver) {
		this.#leaver = leaver;
	}

	look(): void {
		const { pending } = this.#leaver;
		this.#idleLooks = pending < this.#pending ? 0 : this.#idleLooks + 1;
		this.#pending = pending;
		if (pending === 0) this.#leaver.leave();
		else if (this.#idleLooks > looks) this.#leaver.terminate();
	}
}
