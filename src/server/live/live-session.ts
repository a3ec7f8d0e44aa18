import { STATUS_CODES } from 'node:http';
import {
	asks,
	liveFieldsOf,
	liveFrame,
	maxAsk,
	maxLiveQueries,
	pieceHeader,
	says,
	type LiveHead
} from '../../shared/live.ts';
import type { EngineSocket, SocketData, SocketEvents } from '../engine/engine.ts';
import { LiveQuery, type LiveClient, type LiveQueryEvents } from './live-query.ts';
import { readLiveRequest } from './live-request.ts';
import { Turns } from './turns.ts';
import { Window } from './window.ts';

export interface LiveSessionOptions {
	client: LiveClient;
	/** What the paths of remote functions begin with. */
	prefix: string;
	/** Bytes that the engine may hold back, of pieces. */
	maxBuffered: number;
	/** Answer a query. Never rejects. */
	answer(query: LiveQuery): Promise<void>;
	/** @returns the key with which the client gets cookies */
	keepCookies(cookies: string[]): string;
	/** It has ended. */
	onClose(): void;
}

/** One socket with live queries. */
export class LiveSession implements SocketEvents, LiveQueryEvents {
	readonly #options: LiveSessionOptions;
	readonly #queries = new Map<number, LiveQuery>();
	readonly #turns = new Turns<LiveQuery>();
	readonly #window = new Window();
	#socket: EngineSocket | undefined;
	#lastId = 0;
	/** Queries that the app is at work on, also for a client that does not want them any more. */
	#running = 0;
	/** It ends with its last query. */
	#parting: { code: number; reason: string } | undefined;

	constructor(options: LiveSessionOptions) {
		this.#options = options;
	}

	/** It has begun to close, or will when its last query has ended. */
	get isParting(): boolean {
		return this.#parting !== undefined;
	}

	/** When the queries under way are answered: until then others are declined. */
	part(code: number, reason: string): void {
		this.#parting = { code, reason };
		this.#leaveIfDone();
	}

	open(socket: EngineSocket): void {
		this.#socket = socket;
	}

	message(data: SocketData): void {
		if (typeof data !== 'string' || data.length > maxAsk || !this.#hear(data)) this.#refuse();
		else this.#send();
	}

	drain(): void {
		this.#send();
	}

	overflow(): void {}

	close(): void {
		this.#parting ??= { code: 1006, reason: '' };
		this.#socket = undefined;
		this.#turns.clear();
		for (const query of this.#queries.values()) query.leave();
		this.#queries.clear();
		this.#options.onClose();
	}

	head(query: LiveQuery, status: number, headers: [string, string][]): void {
		// Scripts cannot unpack what a browser's own fetch would.
		if (headers.some(([name]) => name.toLowerCase() === 'content-encoding')) {
			this.#decline(query.id);
			this.#forget(query);
			query.leave();
			return;
		}
		const isCookie = ([name]: [string, string]) => name.toLowerCase() === 'set-cookie';
		const cookies = headers.filter(isCookie).map(([, value]) => value);
		const head: LiveHead = {
			status,
			statusText: STATUS_CODES[status] ?? '',
			headers: headers.filter((header) => !isCookie(header)),
			...(cookies.length > 0 && { cookies: this.#options.keepCookies(cookies) })
		};
		this.#say(liveFrame(says.head, query.id, JSON.stringify(head)));
	}

	ready(query: LiveQuery): void {
		this.#turns.add(query);
		this.#send();
	}

	ended(query: LiveQuery): void {
		this.#say(liveFrame(says.end, query.id));
		this.#forget(query);
	}

	lost(query: LiveQuery): void {
		this.#say(liveFrame(says.lost, query.id));
		this.#forget(query);
	}

	/** @returns false for what no client of ours says */
	#hear(text: string): boolean {
		const [number, rest] = liveFieldsOf(text);
		if (!Number.isSafeInteger(number) || number < 1) return false;
		switch (text[0]) {
			case asks.get:
				return this.#get(number, rest);
			case asks.cancel:
				return this.#cancel(number);
			case asks.arrived:
				return rest === '' && this.#window.arrived(number);
			case asks.read:
				return this.#read(number, Number(rest));
			default:
				return false;
		}
	}

	#get(id: number, json: string): boolean {
		if (id <= this.#lastId || id >= 2 ** 32) return false;
		this.#lastId = id;
		const isRoom = this.#running < maxLiveQueries && !this.isParting;
		const request = isRoom ? readLiveRequest(json, this.#options.prefix) : undefined;
		if (request === undefined) {
			this.#decline(id);
			return true;
		}
		const query = new LiveQuery(id, request, this.#options.client, this);
		this.#queries.set(id, query);
		this.#running += 1;
		const done = () => {
			this.#running -= 1;
		};
		this.#options.answer(query).then(done, done);
		return true;
	}

	#cancel(id: number): boolean {
		const query = this.#queries.get(id);
		if (query === undefined) return id <= this.#lastId;
		this.#forget(query);
		query.leave();
		return true;
	}

	/** It may be of one that has ended here. */
	#read(id: number, bytes: number): boolean {
		const query = this.#queries.get(id);
		if (query === undefined) return id <= this.#lastId;
		if (!query.pieces.read(bytes)) return false;
		if (query.pieces.isReady) this.#turns.add(query);
		return true;
	}

	/** As many pieces as may be under way. */
	#send(): void {
		for (;;) {
			const query = this.#turns.next(isReady);
			if (query === undefined || !this.#isFree() || !this.#window.admits()) return;
			this.#turns.had(query);
			const piece = query.pieces.take(this.#window.piece);
			this.#window.sent(piece.byteLength - pieceHeader);
			this.#say(piece);
		}
	}

	#isFree(): boolean {
		return this.#socket !== undefined && this.#socket.bufferedAmount <= this.#options.maxBuffered;
	}

	#decline(id: number): void {
		this.#say(liveFrame(says.declined, id));
	}

	/** A client that has left so much unread that something is lost has lost its place in the whole. */
	#say(data: SocketData): void {
		if (this.#socket?.send(data, false) === 'dropped') this.#socket.terminate();
	}

	#forget(query: LiveQuery): void {
		this.#queries.delete(query.id);
		this.#turns.delete(query);
		this.#leaveIfDone();
	}

	#leaveIfDone(): void {
		if (this.#parting === undefined || this.#queries.size > 0) return;
		const { code, reason } = this.#parting;
		this.#socket?.close(code, reason);
	}

	#refuse(): void {
		this.#parting ??= { code: 1008, reason: '' };
		this.#socket?.close(1008, 'No client of live queries says this');
	}
}

function isReady({ pieces }: LiveQuery): boolean {
	return pieces.isReady;
}
