import { pingInterval } from '../../shared/heartbeat.ts';
import { Heartbeat, type Beating } from './heartbeat.ts';

/** Whose pulse it is. */
interface Patient {
	/** Bytes that it has not taken yet. */
	readonly pending: number;
	ping(): void;
	/** It was silent for too long. */
	silent(): void;
}

/** What shows that a peer is there. */
interface Vital {
	/** Bytes, or whatever else grows with everything that comes. */
	readonly bytesRead: number;
}

/**
 * The heartbeat of an engine's sockets.
 * @param idleTimeout seconds; 0 drops nobody
 */
export function startPulses(idleTimeout: number): {
	heartbeat: Heartbeat<Pulse>;
	/** Looks at a silent socket after which it is dropped. */
	patience: number;
} {
	const period = pingInterval(idleTimeout) / looksPerPing;
	const heartbeat = new Heartbeat<Pulse>(period, (pulse) => pulse.beat());
	const patience = idleTimeout === 0 ? Infinity : Math.ceil((idleTimeout * 1000) / heartbeat.round);
	return { heartbeat, patience };
}

/** A pulse is taken so many times from one ping to the next. */
export const looksPerPing = 2;

/**
 * Pings one socket, and drops it when it has been silent for too long. Silence is counted in looks, not by a clock: a
 * process that was stopped or busy could not read what has come, and reads before it looks again.
 */
export class Pulse implements Beating {
	slot = 0;
	readonly #socket: Patient;
	readonly #connection: Vital;
	/** Looks without a sign of life after which the socket is dropped. */
	readonly #patience: number;
	#bytesRead = -1;
	#pending = 0;
	#silentLooks = 0;
	#untilPing = looksPerPing;

	constructor(socket: Patient, connection: Vital, patience: number) {
		this.#socket = socket;
		this.#connection = connection;
		this.#patience = patience;
	}

	beat(): void {
		this.#silentLooks = this.#lives() ? 0 : this.#silentLooks + 1;
		this.#untilPing -= 1;
		if (this.#silentLooks >= this.#patience) this.#socket.silent();
		else if (this.#untilPing === 0) this.#ping();
	}

	/** Something has come, or something of what is queued was taken: bytes count, for a message may take its time. */
	#lives(): boolean {
		const { bytesRead } = this.#connection;
		const { pending } = this.#socket;
		const hasMoved = bytesRead !== this.#bytesRead || pending < this.#pending;
		this.#bytesRead = bytesRead;
		this.#pending = pending;
		return hasMoved;
	}

	/** What waits to be sent says all that a ping would, and a ping would have to wait behind it. */
	#ping(): void {
		this.#untilPing = looksPerPing;
		if (this.#pending === 0) this.#socket.ping();
	}
}
