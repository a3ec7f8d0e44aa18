import {
	asks,
	bodyWindow,
	liveFieldsOf,
	liveFrame,
	livePath,
	liveProtocol,
	pieceHeader,
	says,
	type LiveHead
} from '../../shared/live.ts';
import { LiveAnswer } from './live-answer.ts';
import type { LivePage } from './live-page.ts';
import type { LiveQuery } from './live-query.ts';

/** What a socket tells whoever has opened it. */
export interface LiveSocketEvents {
	/** It can be used. */
	opened(): void;
	/** It has ended, and was never open. */
	failed(): void;
	/** It carries no query any more, or has ended. */
	idle(): void;
}

/** One socket, and the queries that it carries. */
export class LiveSocket {
	readonly #events: LiveSocketEvents;
	readonly #ws: WebSocket;
	readonly #answers = new Map<number, LiveAnswer>();
	/** Whether it is open, once that is known. */
	readonly opened: Promise<boolean>;
	#known!: (isOpen: boolean) => void;
	#state: 'connecting' | 'open' | 'ended' = 'connecting';
	/** It was we who did not want it any more. */
	#isLeft = false;
	#count = 0;
	/** Bytes that have arrived since the server was told. */
	#arrived = 0;

	/** @throws what the browser says of an address that it does not take */
	constructor(page: LivePage, events: LiveSocketEvents) {
		this.#events = events;
		this.opened = new Promise((resolve) => (this.#known = resolve));
		const url = new URL(page.base + livePath, page.url);
		url.protocol = url.protocol.replace('http', 'ws');
		this.#ws = new page.WebSocket(url, liveProtocol);
		this.#ws.binaryType = 'arraybuffer';
		this.#ws.addEventListener('open', () => this.#open());
		this.#ws.addEventListener('message', ({ data }) => this.#receive(data));
		this.#ws.addEventListener('close', () => this.#end());
		this.#ws.addEventListener('error', () => this.#end());
	}

	get state(): 'connecting' | 'open' | 'ended' {
		return this.#state;
	}

	/** Queries that are not answered to their end. */
	get size(): number {
		return this.#answers.size;
	}

	/** It has to be open. */
	ask({ request, signal }: LiveQuery): LiveAnswer {
		this.#count += 1;
		const id = this.#count;
		let unread = 0;
		const answer = new LiveAnswer(
			{
				read: (bytes) => {
					unread += bytes;
					// Long before the server has to wait for it.
					if (unread < bodyWindow / 4) return;
					this.#send(liveFrame(asks.read, id, unread));
					unread = 0;
				},
				cancel: () => {
					this.#send(liveFrame(asks.cancel, id));
					this.#forget(id);
				}
			},
			signal
		);
		if (signal?.aborted) return answer;
		this.#answers.set(id, answer);
		this.#send(liveFrame(asks.get, id, request));
		return answer;
	}

	close(): void {
		this.#isLeft = true;
		this.#ws.close();
		this.#end();
	}

	#open(): void {
		// A server that does not know of it may have taken it for a socket of the app.
		if (this.#ws.protocol !== liveProtocol) {
			this.#ws.close();
			return this.#end();
		}
		this.#state = 'open';
		this.#events.opened();
		this.#known(true);
	}

	#receive(data: unknown): void {
		if (typeof data !== 'string') return this.#receivePiece(data as ArrayBuffer);
		const [id, rest] = liveFieldsOf(data);
		const answer = this.#answers.get(id);
		if (answer === undefined) return;
		const letter = data[0];
		if (letter === says.head) return answer.begin(JSON.parse(rest) as LiveHead);
		if (letter === says.end) answer.complete();
		else if (letter === says.lost) answer.lose();
		else if (letter === says.declined) answer.decline();
		else return;
		this.#forget(id);
	}

	#receivePiece(data: ArrayBuffer): void {
		const id = new DataView(data).getUint32(0);
		const piece = new Uint8Array(data, pieceHeader);
		if (this.#arrived === 0) queueMicrotask(() => this.#tellArrived());
		this.#arrived += piece.byteLength;
		this.#answers.get(id)?.receive(piece);
	}

	#tellArrived(): void {
		this.#send(liveFrame(asks.arrived, this.#arrived));
		this.#arrived = 0;
	}

	#send(text: string): void {
		if (this.#state === 'open') this.#ws.send(text);
	}

	#forget(id: number): void {
		if (this.#answers.delete(id) && this.#answers.size === 0) this.#events.idle();
	}

	#end(): void {
		const before = this.#state;
		if (before === 'ended') return;
		this.#state = 'ended';
		const lost = [...this.#answers.values()];
		this.#answers.clear();
		if (before === 'connecting' && !this.#isLeft) this.#events.failed();
		this.#known(false);
		for (const answer of lost) answer.lose();
		this.#events.idle();
	}
}
