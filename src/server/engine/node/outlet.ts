import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { SendResult } from '../engine.ts';
import { overhead } from '../overhead.ts';
import type { Batches } from '../batches.ts';
import type { Frame } from './frame.ts';

/** A message waits as its bytes, and as what is to be called when they have left. */
const messageOverhead = 2 * overhead;

/** Bytes of what leaves together, above which it leaves at once. */
const maxBatch = 16 * 1024;

/** Whose messages leave. */
interface Sender {
	/** Neither end has begun to close. */
	readonly isOpen: boolean;
	/** What was queued has left. */
	drained(): void;
}

/** What the outlets of one engine share. */
interface OutletHub {
	readonly batches: Batches;
	readonly maxBackpressure: number;
}

/** How messages get out of one socket: at once as long as the peer is quick, else by a queue that says when it is empty. */
export class Outlet {
	readonly #ws: WebSocket;
	readonly #connection: Duplex;
	readonly #hub: OutletHub;
	readonly #sender: Sender;
	readonly #canCompress: boolean;
	/** The connection takes what it is given at once, as long as the peer is not slow. */
	#isPrompt = false;
	/** Bytes that leave at the end of the turn, with what each message takes besides. */
	#batched = 0;
	/** `ws` has a message to compress, which nothing may overtake. */
	#isCompressing = false;
	/** Messages whose leaving is told: how many there were, how many have left, and how many had when the queue was last empty. */
	#given = 0;
	#gone = 0;
	#goneAtLeast = 0;
	#isQueued = false;

	constructor(ws: WebSocket, connection: Duplex, hub: OutletHub, sender: Sender) {
		this.#ws = ws;
		this.#connection = connection;
		this.#hub = hub;
		this.#sender = sender;
		this.#canCompress = ws.extensions !== '';
	}

	/** Bytes that the system has not taken. */
	get bufferedAmount(): number {
		return this.#batched > 0 ? 0 : this.#ws.bufferedAmount;
	}

	/** Nothing more may be queued. */
	get isFull(): boolean {
		const bytes = this.bufferedAmount;
		if (bytes === 0) return false;
		const messages = this.#given - Math.max(this.#gone, this.#goneAtLeast);
		return bytes + messages * messageOverhead > this.#hub.maxBackpressure;
	}

	send(frame: Frame, compress: boolean): SendResult {
		if (!this.#isAtOnce(compress)) return this.#queue(frame, compress);
		this.#connection.write(frame.bytes);
		return this.#letOut();
	}

	/** More of it may follow before the turn is over: it leaves together with that. */
	batch(frame: Frame, compress: boolean): void {
		if (!this.#isAtOnce(compress)) {
			this.#queue(frame, compress);
			return;
		}
		if (this.#batched === 0) {
			this.#connection.cork();
			this.#hub.batches.add(this);
		}
		this.#batched += frame.bytes.byteLength + overhead;
		this.#connection.write(frame.bytes);
		if (this.#batched > maxBatch) this.#letOut();
	}

	/** What was to leave together leaves now. */
	flush(): void {
		if (this.#batched > 0) this.#letOut();
	}

	/** The connection will take it, as far as anybody can know. */
	#isAtOnce(compress: boolean): boolean {
		if (this.#isCompressing) this.#isCompressing = this.#gone < this.#given;
		return this.#isPrompt && !this.#isCompressing && !(compress && this.#canCompress);
	}

	/** To be told that a message has left costs more than the message, and is needed only where it does not leave at once. */
	#letOut(): SendResult {
		if (this.#batched > 0) this.#connection.uncork();
		this.#batched = 0;
		// Behind what is said at the end of a connection nothing can be written.
		if (this.#ws.bufferedAmount === 0 || !this.#sender.isOpen) return 'sent';
		// What comes behind it tells when it has left.
		this.#connection.write('', this.#track());
		return this.#queued();
	}

	#queue(frame: Frame, compress: boolean): SendResult {
		this.flush();
		const isCompressed = compress && this.#canCompress;
		this.#isCompressing ||= isCompressed;
		if (this.#isCompressing) this.#compress(frame, isCompressed);
		else this.#connection.write(frame.bytes, this.#track());
		if (this.#ws.bufferedAmount > 0) return this.#queued();
		this.#goneAtLeast = this.#given;
		this.#isPrompt = true;
		return 'sent';
	}

	#compress({ bytes, start, isBinary }: Frame, compress: boolean): void {
		this.#ws.send(bytes.subarray(start), { binary: isBinary, compress }, this.#track());
	}

	#queued(): SendResult {
		this.#isPrompt = false;
		this.#isQueued = true;
		return 'queued';
	}

	/** One message more. @returns what is to be called when it has left */
	#track(): () => void {
		this.#given += 1;
		return () => this.#left();
	}

	#left(): void {
		this.#gone += 1;
		if (!this.#isQueued || this.#ws.bufferedAmount > 0) return;
		this.#isQueued = false;
		this.#sender.drained();
	}
}
