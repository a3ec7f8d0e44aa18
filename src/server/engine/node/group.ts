import type { Duplex } from 'node:stream';
import type { EngineSocket } from '../engine.ts';

/** A socket that its engine can be asked about. */
interface Member extends Pick<EngineSocket, 'close'> {
	readonly isOpen: boolean;
}

/** The connections that were taken over from one server of somebody else: handshakes, and what has become of them. */
export class SocketGroup {
	readonly #connections = new Set<Duplex>();
	readonly #sockets = new Map<Duplex, Member>();
	#arrivals = 0;

	get size(): number {
		return this.#connections.size;
	}

	/** How many have become sockets so far. */
	get arrivals(): number {
		return this.#arrivals;
	}

	/** Those that have not begun to close. */
	*open(): Iterable<Member> {
		for (const socket of this.#sockets.values()) if (socket.isOpen) yield socket;
	}

	/** A handshake begins. */
	add(connection: Duplex): void {
		this.#connections.add(connection);
		connection.once('close', () => {
			this.#connections.delete(connection);
			this.#sockets.delete(connection);
		});
	}

	/** It has become a socket. */
	opened(connection: Duplex, socket: Member): void {
		this.#sockets.set(connection, socket);
		this.#arrivals += 1;
	}

	/** Cut all of them. */
	cut(): void {
		for (const connection of this.#connections) connection.destroy();
	}
}
