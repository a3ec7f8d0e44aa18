import type { Socket } from 'node:net';

/** Milliseconds that somebody else has to take an upgrade which is not ours. */
const patience = 5000;

/** A connection that asks for an upgrade, and that any listener of the server may take. */
export class Claim {
	readonly #socket: Socket;
	/** The connection may have carried requests before. */
	readonly #bytesWritten: number;

	constructor(socket: Socket) {
		this.#socket = socket;
		this.#bytesWritten = socket.bytesWritten;
	}

	/** Somebody has begun to answer on it, or to read from it, or it is gone. */
	get isTaken(): boolean {
		const socket = this.#socket;
		return (
			socket.destroyed ||
			socket.writableEnded ||
			socket.bytesWritten > this.#bytesWritten ||
			socket.listenerCount('data') > 0 ||
			socket.listenerCount('readable') > 0
		);
	}

	/** Resolves to false when nobody has taken it for so long that nobody will. */
	async isTakenInTime(): Promise<boolean> {
		const end = performance.now() + patience;
		while (!this.isTaken && performance.now() < end) {
			await new Promise<void>((resolve) => void setTimeout(resolve, 50).unref());
		}
		return this.isTaken;
	}
}
