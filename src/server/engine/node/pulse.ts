import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Beating } from '../heartbeat.ts';

/** A pulse is taken so many times from one ping to the next. */
export const looksPerPing = 2;

/**
 * Pings one socket, and drops it when it has been silent for too long. Silence is counted in looks, not by a clock: a
 * process that was stopped or busy could not read what has come, and reads before it looks again.
 */
export class Pulse implements Beating {
	slot = 0;
	readonly #ws: WebSocket;
	readonly #connection: Socket;
	readonly #onSilent: () => void;
	/** Looks without a sign of life after which the socket is dropped. */
	readonly #patience: number;
	#bytesRead = -1;
	#silentLooks = 0;
	#untilPing = looksPerPing;

	constructor(ws: WebSocket, connection: Socket, patience: number, onSilent: () => void) {
		this.#ws = ws;
		this.#connection = connection;
		this.#patience = patience;
		this.#onSilent = onSilent;
	}

	beat(): void {
		// Bytes count, not messages: a large one may take longer than the timeout to arrive.
		const { bytesRead } = this.#connection;
		this.#silentLooks = bytesRead === this.#bytesRead ? this.#silentLooks + 1 : 0;
		this.#bytesRead = bytesRead;
		this.#untilPing -= 1;
		if (this.#silentLooks >= this.#patience) this.#onSilent();
		else if (this.#untilPing === 0) this.#ping();
	}

	#ping(): void {
		this.#untilPing = looksPerPing;
		if (this.#ws.readyState === this.#ws.OPEN) this.#ws.ping();
	}
}
