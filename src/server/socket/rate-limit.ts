import type { RateLimit } from '../../shared/handoff.ts';
import { isBeat } from '../../shared/heartbeat.ts';
import { isFrame, kinds } from '../../shared/protocol.ts';
import type { CloseCause, EngineSocket, SocketData, SocketEvents } from '../engine/engine.ts';
import type { Peer } from './peer.ts';

export interface RateLimitedOptions {
	limit: RateLimit;
	/** What its client sends besides messages: nothing, beats, or frames. */
	speaks: 'nothing' | 'beats' | 'frames';
	/** It has sent too much, and is closed. */
	onExcess: () => void;
}

/** A session, whatever its client speaks. */
export interface PeerSession extends SocketEvents {
	/** Absent before `open`. */
	readonly peer: Peer | undefined;
}

/** The session of a peer that may send so many messages in so much time. */
export class RateLimited implements PeerSession {
	readonly #session: PeerSession;
	readonly #options: RateLimitedOptions;
	#socket: EngineSocket | undefined;
	/** When the first of those came that are counted; milliseconds of a clock that nobody sets. */
	#since = -Infinity;
	#messages = 0;
	/** What our own client sends besides, which is none of the app's doing, but not free either. */
	#others = 0;
	#isOver = false;

	constructor(session: PeerSession, options: RateLimitedOptions) {
		this.#session = session;
		this.#options = options;
	}

	get peer(): Peer | undefined {
		return this.#session.peer;
	}

	open(socket: EngineSocket): void {
		this.#socket = socket;
		this.#session.open(socket);
	}

	message(data: SocketData): void {
		if (this.#isOver) return;
		if (this.#isWithin(data)) return this.#session.message(data);
		this.#isOver = true;
		this.#options.onExcess();
		this.#socket?.close(1008, 'Too many messages');
	}

	pong(data: Uint8Array): void {
		this.#session.pong?.(data);
	}

	drain(): void {
		this.#session.drain();
	}

	overflow(): void {
		this.#session.overflow();
	}

	close(code: number, reason: string, cause?: CloseCause): void {
		this.#isOver = true;
		this.#session.close(code, reason, cause);
	}

	#isWithin(data: SocketData): boolean {
		const { messages, per } = this.#options.limit;
		const now = performance.now();
		if (now - this.#since >= per) {
			this.#since = now;
			this.#messages = 0;
			this.#others = 0;
		}
		if (this.#isMessage(data)) return (this.#messages += 1) <= messages;
		// One beat may follow each message; a few more come by themselves, in a second at most one.
		return (this.#others += 1) <= 2 * messages + 10 + per / 1000;
	}

	#isMessage(data: SocketData): boolean {
		const { speaks } = this.#options;
		if (speaks === 'nothing' || !isFrame(data)) return true;
		if (speaks === 'beats') return !isBeat(data);
		return data[1] === kinds.text || data[1] === kinds.request;
	}
}
