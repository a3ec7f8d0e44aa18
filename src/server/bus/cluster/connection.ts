import type { Socket } from 'node:net';
import process from 'node:process';
import { PacketReader, type Packet } from './packets.ts';

/**
 * Bytes that may wait for the other end. Who is so far behind hangs, and is cut: what waits for it would fill the memory, and to
 * leave messages out would hide that they are lost.
 */
export const maxBehind = 64 * 1024 * 1024;

export interface ConnectionEvents {
	packet(packet: Packet): void;
	/** Called once. */
	ended(reason: Error): void;
}

/** One end of the way between a worker and the router: packets, all of one turn of the event loop together. */
export class Connection {
	readonly #socket: Socket;
	#waiting: Uint8Array[] = [];

	constructor(socket: Socket, events: ConnectionEvents) {
		this.#socket = socket;
		const reader = new PacketReader();
		let reason = new Error('The connection was closed');
		socket.on('error', (error) => (reason = error));
		socket.on('data', (piece) => {
			try {
				for (const packet of reader.read(piece)) {
					if (socket.destroyed) return;
					events.packet(packet);
				}
			} catch (error) {
				socket.destroy(error as Error);
			}
		});
		socket.once('close', () => events.ended(reason));
	}

	send(...parts: readonly Uint8Array[]): void {
		if (this.#waiting.length === 0) process.nextTick(() => this.#flush());
		this.#waiting.push(...parts);
	}

	/** Send what waits, then go. */
	end(): void {
		this.#flush();
		this.#socket.end();
	}

	/** The same, and wait until it is gone, so many milliseconds at most. */
	close(patience: number): Promise<void> {
		const socket = this.#socket;
		if (socket.destroyed) return Promise.resolve();
		return new Promise((resolve) => {
			// Whatever else is over by now: what was sent is to leave.
			socket.ref();
			const late = setTimeout(() => socket.destroy(), patience);
			socket.once('close', () => {
				clearTimeout(late);
				resolve();
			});
			this.end();
		});
	}

	destroy(): void {
		this.#socket.destroy();
	}

	#flush(): void {
		const parts = this.#waiting;
		this.#waiting = [];
		const [first] = parts;
		if (first === undefined || this.#socket.destroyed) return;
		this.#socket.write(parts.length === 1 ? first : Buffer.concat(parts));
		if (this.#socket.writableLength > maxBehind)
			this.#socket.destroy(new Error(`More than ${maxBehind} bytes were waiting to be taken`));
	}
}
