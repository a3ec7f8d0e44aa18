import type { IncomingMessage } from 'node:http';
import { BaseExchange } from '../engine/base-exchange.ts';
import type { HeaderPairs } from '../engine/engine.ts';
import type { RequestBody } from '../engine/request-body.ts';
import { incomingAt } from '../http/incoming.ts';
import { settled } from '../settled.ts';
import type { CheckedRequest } from './live-request.ts';
import { withHeaders } from './live-headers.ts';
import { LivePieces } from './live-pieces.ts';
import { LiveSink, type LiveOutlet } from './live-sink.ts';

/** The client of a socket, as each of its queries shows it. */
export interface LiveClient {
	address: string;
	/** Those that all queries have. */
	headers: HeaderPairs;
	/** Node's own request to upgrade, on an engine that has one. */
	incoming: IncomingMessage | undefined;
}

/** What a query has to say to its socket. */
export interface LiveQueryEvents {
	head(query: LiveQuery, status: number, headers: [string, string][]): void;
	/** There is something to be sent of the body. */
	ready(query: LiveQuery): void;
	/** All of it has been sent. */
	ended(query: LiveQuery): void;
	/** It goes no further. */
	lost(query: LiveQuery): void;
}

/** A query as a request of its own, whose answer goes over the socket. */
export class LiveQuery extends BaseExchange implements LiveOutlet {
	readonly id: number;
	readonly method = 'GET';
	readonly target: string;
	readonly headers: HeaderPairs;
	readonly address: string;
	readonly pieces: LivePieces;
	readonly #handshake: IncomingMessage | undefined;
	readonly #events: LiveQueryEvents;
	#incoming: IncomingMessage | undefined;
	/** Nothing more is said to the client. */
	#isOver = false;

	constructor(
		id: number,
		{ target, headers }: CheckedRequest,
		client: LiveClient,
		events: LiveQueryEvents
	) {
		super();
		this.id = id;
		this.target = target;
		this.headers = withHeaders(client.headers, headers);
		this.address = client.address;
		this.pieces = new LivePieces(id);
		this.#handshake = client.incoming;
		this.#events = events;
	}

	/** On the connection of the socket. */
	get incoming(): IncomingMessage | undefined {
		return (this.#incoming ??= this.#handshake && incomingAt(this, this.#handshake.socket));
	}

	/** The client does not want it any more, or is gone. Harmless when it is over. */
	leave(): void {
		if (this.#isOver) return;
		this.#isOver = true;
		this.pieces.drop();
		this.abort();
	}

	head(status: number, headers: [string, string][]): void {
		if (!this.#isOver) this.#events.head(this, status, headers);
	}

	write(bytes: Uint8Array): Promise<void> {
		if (this.#isOver) return settled;
		this.pieces.add(bytes);
		if (this.pieces.isReady) this.#events.ready(this);
		return this.pieces.empty();
	}

	end(): Promise<void> {
		this.beforeEnd();
		const emptied = this.pieces.empty();
		if (emptied !== settled) return emptied.then(() => this.#end());
		this.#end();
		return settled;
	}

	lose(): void {
		if (this.#isOver) return;
		this.#isOver = true;
		this.pieces.drop();
		this.#events.lost(this);
		// As for every answer that breaks off, and after the reason why it does.
		queueMicrotask(() => this.abort());
	}

	protected readonly createSink = (status: number, headers: [string, string][]): LiveSink =>
		new LiveSink(this, status, headers);

	protected closeConnection(): void {
		this.lose();
	}

	protected override hasBody(): boolean {
		return false;
	}

	protected readBody(): RequestBody {
		throw new Error('A live query has no body');
	}

	#end(): void {
		if (this.#isOver) return;
		this.#isOver = true;
		this.#events.ended(this);
	}
}
