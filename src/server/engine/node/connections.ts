import type { Duplex } from 'node:stream';

interface Waiting {
	/** The connection is gone. */
	settle(): void;
}

interface Connection {
	waiting: Set<Waiting>;
	onClose: () => void;
}

/**
 * Which requests wait for their answer on which connection. `node:http` tells the response that has the connection when it
 * closes, and none of those that are queued behind it.
 */
export class Connections {
	/** With one listener each, however many requests are queued. */
	readonly #connections = new WeakMap<Duplex, Connection>();

	add(socket: Duplex, request: Waiting): void {
		const known = this.#connections.get(socket);
		if (known) {
			known.waiting.add(request);
			return;
		}
		const waiting = new Set([request]);
		const onClose = () => {
			for (const each of [...waiting]) each.settle();
		};
		this.#connections.set(socket, { waiting, onClose });
		socket.on('close', onClose);
	}

	/** A connection without requests costs nothing. */
	remove(socket: Duplex, request: Waiting): void {
		const connection = this.#connections.get(socket);
		if (!connection?.waiting.delete(request) || connection.waiting.size > 0) return;
		this.#connections.delete(socket);
		socket.off('close', connection.onClose);
	}
}
