import type { Registry } from './registry/registry.ts';
import { goingAway } from './socket/peer.ts';

/** What lasts for ever unless it is ended. */
export interface Streams {
	readonly registry: Pick<Registry, 'endSubscriptions'>;
	/** Cut the event streams that are open, and each one that is still to come. */
	cutEventStreams(reason: unknown): void;
}

/** End event streams and subscriptions, and each one that is still to come. */
export function endStreams({ registry, cutEventStreams }: Streams): void {
	// Before the subscriptions that may feed them: a stream that ends by itself is complete to its client.
	cutEventStreams(new DOMException('The server is shutting down', 'AbortError'));
	registry.endSubscriptions();
}

/** As many are closed at once. */
const handful = 10;

/** Milliseconds from some to the next ones. */
const tick = 10;

/** Milliseconds that a client which was told has to find another server. */
const patience = 5000;

/** How much of the time may be used: sockets need some to close, too. */
const share = 0.7;

interface Closable {
	close(code: number, reason: string): void;
	/**
	 * Tell the client that its server leaves, and that it should not come back to this one before so many milliseconds.
	 * @returns false if it would not understand
	 */
	part?(delay: number): boolean;
}

/** Sockets that a server is about to leave. */
export interface Leaving {
	/** What is still there, closing or not. */
	readonly size: number;
	/** How many have ever come. */
	readonly arrivals: number;
	/** Those that have neither begun to close nor been told. One that comes while this is walked through comes last. */
	open(): Iterable<Closable>;
}

/** All of two kinds. */
export function both(some: Leaving, others: Leaving): Leaving {
	return {
		get size() {
			return some.size + others.size;
		},
		get arrivals() {
			return some.arrivals + others.arrivals;
		},
		*open() {
			yield* some.open();
			yield* others.open();
		}
	};
}

export interface ClosingOptions {
	signal: AbortSignal;
	/** Milliseconds until that aborts. */
	time: number;
	/** Sockets a second that can come back: as many are closed, or more where the time would not do. */
	rate: number;
}

/**
 * Close sockets with 1001, those too that come while it lasts, until none is left. Clients of ours are told before, and leave
 * by themselves as soon as they have another connection. When the signal aborts all that are left are closed at once.
 */
export async function closeSockets(sockets: Leaving, options: ClosingOptions): Promise<void> {
	const goodbyes = new Goodbyes(sockets, options);
	while (sockets.size > 0 && !options.signal.aborted) {
		goodbyes.go();
		await new Promise((resolve) => void setTimeout(resolve, tick));
	}
	goodbyes.finish();
}

/** One walk over all sockets, however many they are. */
class Goodbyes {
	readonly #sockets: Leaving;
	readonly #end: number;
	readonly #rate: number;
	readonly #patience: number;
	/** Milliseconds that all of it is going to take. */
	readonly #span: number;
	/** How many had gone before. */
	readonly #gone: number;
	/** How many have been closed or told. */
	#count = 0;
	/** How many may be by now. */
	#due = handful;
	#turned = performance.now();
	#walk: Iterator<Closable> | undefined;
	/** How many had come when the last walk was over. */
	#known = -1;
	/** Those that were told, and when they will be closed. */
	#told: { socket: Closable; until: number }[] = [];
	/** How many of them have been closed. */
	#closed = 0;

	constructor(sockets: Leaving, { time, rate }: ClosingOptions) {
		this.#sockets = sockets;
		this.#patience = Math.min(patience, time / 4);
		this.#end = this.#turned + Math.max(time * share - this.#patience, 0);
		this.#rate = rate / 1000;
		this.#gone = sockets.arrivals - sockets.size;
		this.#span = Math.round((sockets.size - handful) / this.#speed(this.#turned));
	}

	/** Those whose time has come. */
	go(): void {
		const now = performance.now();
		this.#due += (now - this.#turned) * this.#speed(now);
		this.#turned = now;
		while (this.#count < this.#due && this.#say(now)) this.#count += 1;
		// Whoever comes later does not come at once either.
		this.#due = Math.min(this.#due, this.#count + handful);
		while ((this.#told[this.#closed]?.until ?? Infinity) <= now) this.#closeTold();
	}

	/** All of them. */
	finish(): void {
		while (this.#closed < this.#told.length) this.#closeTold();
		for (const socket of this.#sockets.open()) socket.close(1001, goingAway);
	}

	/** Sockets a millisecond. */
	#speed(now: number): number {
		const left = this.#sockets.arrivals - this.#gone - this.#count;
		return Math.max(this.#rate, left / Math.max(this.#end - now, tick));
	}

	/** @returns whether there was one left */
	#say(now: number): boolean {
		const socket = this.#next();
		if (socket === undefined) return false;
		const isTold = socket.part?.(Math.max(this.#span, 1)) ?? false;
		if (isTold) this.#told.push({ socket, until: now + this.#patience });
		else socket.close(1001, goingAway);
		return true;
	}

	/** Those that are closing stay for a while: they are passed by once, and once more only for whoever has come. */
	#next(): Closable | undefined {
		if (this.#known === this.#sockets.arrivals) return undefined;
		this.#walk ??= this.#sockets.open()[Symbol.iterator]();
		const { done, value } = this.#walk.next();
		if (!done) return value;
		this.#walk = undefined;
		this.#known = this.#sockets.arrivals;
		return undefined;
	}

	#closeTold(): void {
		this.#told[this.#closed]?.socket.close(1001, goingAway);
		this.#closed += 1;
	}
}
