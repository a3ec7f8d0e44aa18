import type { WebSocket } from 'ws';
import type { EngineSocket, SendResult, SocketData } from '../engine.ts';
import type { Topics } from '../topics.ts';

/** A message on its way out: bytes that are nobody else's, for `ws` and Node keep what cannot leave at once. */
export interface Outgoing {
	readonly bytes: Buffer;
	readonly isBinary: boolean;
	readonly compress: boolean;
}

/** What the app gave is the app's again as soon as this returns. */
export function outgoing(data: SocketData, compress: boolean): Outgoing {
	return { bytes: Buffer.from(data), isBinary: typeof data !== 'string', compress };
}

/** @param sender who does not get it */
export function publish(
	topics: Topics<NodeSocket>,
	topic: string,
	data: SocketData,
	compress: boolean,
	sender?: NodeSocket
): void {
	const members = topics.members(topic);
	if (members === undefined) return;
	const message = outgoing(data, compress);
	for (const member of members) if (member !== sender) member.deliver(message);
}

interface Reports {
	drain(): void;
	close(code: number, reason: string): void;
}

/** A socket on `ws`. */
export class NodeSocket implements EngineSocket {
	readonly #ws: WebSocket;
	readonly #topics: Topics<NodeSocket>;
	readonly #maxBackpressure: number;
	readonly #reports: Reports;
	#isOpen = true;
	#isQueued = false;

	constructor(
		ws: WebSocket,
		topics: Topics<NodeSocket>,
		maxBackpressure: number,
		reports: Reports
	) {
		this.#ws = ws;
		this.#topics = topics;
		this.#maxBackpressure = maxBackpressure;
		this.#reports = reports;
	}

	/** Neither end has begun to close. */
	get isOpen(): boolean {
		return this.#isOpen && this.#ws.readyState === this.#ws.OPEN;
	}

	/** The socket has ended, for whoever holds it; harmless when called twice. */
	end(code: number, reason: string): void {
		if (!this.#isOpen) return;
		this.#isOpen = false;
		this.#topics.leave(this);
		this.#reports.close(code, reason);
	}

	send(data: SocketData, compress: boolean): SendResult {
		return this.#isFull ? 'dropped' : this.#write(outgoing(data, compress));
	}

	/** Send what others get too. */
	deliver(message: Outgoing): void {
		if (!this.#isFull) this.#write(message);
	}

	get #isFull(): boolean {
		return !this.isOpen || this.#ws.bufferedAmount > this.#maxBackpressure;
	}

	#write({ bytes, isBinary, compress }: Outgoing): SendResult {
		this.#ws.send(bytes, { binary: isBinary, compress }, () => this.#sent());
		if (this.#ws.bufferedAmount === 0) return 'sent';
		this.#isQueued = true;
		return 'queued';
	}

	publish(topic: string, data: SocketData, compress: boolean): void {
		publish(this.#topics, topic, data, compress, this);
	}

	subscribe(topic: string): void {
		if (this.isOpen) this.#topics.join(topic, this);
	}

	unsubscribe(topic: string): void {
		this.#topics.part(topic, this);
	}

	get bufferedAmount(): number {
		return this.isOpen ? this.#ws.bufferedAmount : 0;
	}

	ping(): void {
		if (this.isOpen) this.#ws.ping();
	}

	/** As on uWS it has ended with that, whatever the client answers. */
	close(code: number, reason: string): void {
		if (!this.isOpen) return;
		this.#ws.close(code, reason);
		this.end(code, reason);
	}

	terminate(): void {
		this.#ws.terminate();
		this.end(1006, '');
	}

	#sent(): void {
		if (!this.#isQueued || !this.isOpen || this.#ws.bufferedAmount > 0) return;
		this.#isQueued = false;
		this.#reports.drain();
	}
}
