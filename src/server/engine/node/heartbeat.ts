import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';

interface Sign {
	socket: Socket;
	/** Of the connection, when it was last looked at. */
	bytesRead: number;
	/** Milliseconds: when that was found to have grown. */
	lastSeen: number;
}

/** Drops sockets that have been silent for too long, and pings them before that: a client that lives answers. */
export class Heartbeat {
	readonly #idle: number;
	readonly #signs = new Map<WebSocket, Sign>();
	#timer: NodeJS.Timeout | undefined;

	/** @param idleTimeout seconds; 0 turns it off */
	constructor(idleTimeout: number) {
		this.#idle = idleTimeout * 1000;
	}

	add(ws: WebSocket, socket: Socket): void {
		if (this.#idle === 0) return;
		this.#signs.set(ws, { socket, bytesRead: socket.bytesRead, lastSeen: Date.now() });
		this.#timer ??= setInterval(() => this.#beat(), this.#idle / 8).unref();
	}

	remove(ws: WebSocket): void {
		this.#signs.delete(ws);
		if (this.#signs.size === 0) this.stop();
	}

	stop(): void {
		clearInterval(this.#timer);
		this.#timer = undefined;
	}

	/** Bytes count, not messages: a large one may take longer than the timeout to arrive. */
	#beat(): void {
		const now = Date.now();
		for (const [ws, sign] of this.#signs) {
			const { bytesRead } = sign.socket;
			if (bytesRead > sign.bytesRead) Object.assign(sign, { bytesRead, lastSeen: now });
			const silence = now - sign.lastSeen;
			if (silence >= this.#idle) ws.terminate();
			else if (silence >= this.#idle / 4 && ws.readyState === ws.OPEN) ws.ping();
		}
	}
}
