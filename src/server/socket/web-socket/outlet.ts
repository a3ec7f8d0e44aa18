import type { SocketData } from '../../engine/engine.ts';
import type { Peer } from '../peer.ts';

/** Called when a message has left, or with the reason why it never will. */
export type Sent = (error?: Error) => void;

interface Held {
	data: SocketData;
	compress: boolean;
	done: Sent | undefined;
}

/** Bytes that are held for a slow peer, besides what its engine has for it. With more it is closed, and may come back. */
const mostHeld = 16 * 1024 * 1024;

type Target = Pick<
	Peer,
	'readyState' | 'transmit' | 'close' | 'addEventListener' | 'bufferedAmount'
>;

/**
 * What leaves for one peer. Libraries for `ws` expect that nothing is lost, because `ws` keeps whatever a slow client has not
 * taken. An engine drops what is too much for its own queue: here it has one message at most in there, and the rest waits.
 */
export class Outlet {
	readonly #peer: Target;
	readonly #held: Held[] = [];
	#bytes = 0;
	/** The engine has something that has not left, until it says that it has. */
	#isBlocked = false;
	/** Who wants to know when that has left. */
	#waiting: Sent[] = [];
	/** A message whose bytes have to be read first: all others wait behind it. */
	#reading: Promise<void> | undefined;
	/** Asked for while something was held. */
	#goodbye: { code: number | undefined; reason: string } | undefined;

	constructor(peer: Target) {
		this.#peer = peer;
		peer.addEventListener('drain', () => this.#release());
		peer.addEventListener('close', () => this.#end());
	}

	/** Bytes that have not left. */
	get bytes(): number {
		return this.#bytes + this.#peer.bufferedAmount;
	}

	/** It will be closed when everything has left. */
	get isClosing(): boolean {
		return this.#goodbye !== undefined;
	}

	send(data: SocketData, compress: boolean, done?: Sent): void {
		const message = { data, compress, done };
		if (this.#reading) this.#after(() => this.#send(message), done);
		else this.#send(message);
	}

	/** Send what has to be read first. */
	sendRead(read: () => Promise<SocketData>, compress: boolean, done?: Sent): void {
		this.#after(async () => this.#send({ data: await read(), compress, done }), done);
	}

	/** Close when everything that was sent has left. */
	close(code: number | undefined, reason: string): void {
		if (this.isClosing) return;
		this.#goodbye = { code, reason };
		this.#leave();
	}

	#after(run: () => void | Promise<void>, done?: Sent): void {
		const reading: Promise<void> = Promise.resolve(this.#reading)
			.then(run)
			.catch((error: unknown) => done?.(error as Error))
			.finally(() => {
				if (this.#reading !== reading) return;
				this.#reading = undefined;
				this.#leave();
			});
		this.#reading = reading;
	}

	#send(message: Held): void {
		if (this.#peer.readyState !== 1) return later(message.done, notOpen());
		if (!this.#isBlocked && this.#pass(message)) return;
		this.#held.push(message);
		this.#bytes += Buffer.byteLength(message.data);
		if (this.#bytes > mostHeld) this.#peer.close(1013, 'Too slow');
	}

	#release(): void {
		this.#isBlocked = false;
		for (const done of this.#waiting.splice(0)) done();
		let count = 0;
		for (const message of this.#held) {
			if (this.#isBlocked || !this.#pass(message)) break;
			this.#bytes -= Buffer.byteLength(message.data);
			count += 1;
		}
		this.#held.splice(0, count);
		this.#leave();
	}

	/** @returns false if there is no room for it */
	#pass({ data, compress, done }: Held): boolean {
		const result = this.#peer.transmit(data, compress);
		this.#isBlocked = result !== 'sent';
		if (result === 'dropped') return false;
		if (result === 'sent') later(done);
		else if (done) this.#waiting.push(done);
		return true;
	}

	#leave(): void {
		if (this.#goodbye === undefined || this.#held.length > 0 || this.#reading) return;
		this.#peer.close(this.#goodbye.code, this.#goodbye.reason);
	}

	#end(): void {
		const lost = [...this.#waiting.splice(0), ...this.#held.splice(0).map(({ done }) => done)];
		this.#bytes = 0;
		for (const done of lost) later(done, notOpen());
	}
}

function later(done: Sent | undefined, error?: Error): void {
	if (done) queueMicrotask(() => done(error));
}

function notOpen(): Error {
	return new Error('The WebSocket is not open: it has been closed');
}
