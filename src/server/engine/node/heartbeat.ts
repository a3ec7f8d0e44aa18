import type { WebSocket } from 'ws';

/** Drops sockets that have been silent for too long, and pings them before that: a client that lives answers. */
export class Heartbeat {
	readonly #idle: number;
	readonly #lastSeen = new Map<WebSocket, number>();
	#timer: NodeJS.Timeout | undefined;

	/** @param idleTimeout seconds; 0 turns it off */
	constructor(idleTimeout: number) {
		this.#idle = idleTimeout * 1000;
	}

	add(ws: WebSocket): void {
		if (this.#idle === 0) return;
		const seen = () => void this.#lastSeen.set(ws, Date.now());
		seen();
		ws.on('message', seen).on('ping', seen).on('pong', seen);
		this.#timer ??= setInterval(() => this.#beat(), this.#idle / 4).unref();
	}

	remove(ws: WebSocket): void {
		this.#lastSeen.delete(ws);
		if (this.#lastSeen.size === 0) this.stop();
	}

	stop(): void {
		clearInterval(this.#timer);
		this.#timer = undefined;
	}

	#beat(): void {
		const now = Date.now();
		for (const [ws, lastSeen] of this.#lastSeen) {
			const silence = now - lastSeen;
			if (silence >= this.#idle) ws.terminate();
			else if (silence >= this.#idle / 4 && ws.readyState === ws.OPEN) ws.ping();
		}
	}
}
