import type { Socket } from 'node:net';
import type { Beating } from '../heartbeat.ts';

/** Whose pulse it is. */
interface Patient {
	/** Bytes that it has not taken yet. */
	readonly pending: number;
	ping(): void;
	/** It was silent for too long. */
	silent(): void;
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
	readonly #connection: Pick<Socket, 'bytesRead'>;
	/** Looks without a sign of life after which the socket is dropped. */
	readonly #patience: number;
	#bytesRead = -1;
	#pending = 0;
	#silentLooks = 0;
	#untilPing = looksPerPing;

	constructor(socket: Patient, connection: Pick<Socket, 'bytesRead'>, patience: number) {
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
