import process from 'node:process';
import type { HttpResponse } from 'uWebSockets.js';
import { settled } from '../../settled.ts';
import type { BaseExchange } from '../base-exchange.ts';
import { statusLine } from '../headers.ts';
import type { Sink } from '../sink.ts';
import type { TextEncoding } from './text.ts';

/**
 * The registry build loses bytes if a socket fills up while more than one cork's buffer, 16 KiB, is written inside of one
 * cork. So: one slice a cork, and with the head only a small one.
 */
const sliceSize = 15 * 1024;
const smallSlice = 2 * 1024;

/** Milliseconds; uWS counts its ten seconds in steps of four. */
const rearmInterval = 4000;

/** Writes one answer on uWS: the head with the first bytes, then as much as the client takes. */
export class UwsSink implements Sink {
	readonly #res: HttpResponse;
	readonly #exchange: BaseExchange;
	readonly #texts: TextEncoding;
	readonly #head: string | Uint8Array;
	#hasHead = false;
	#wake: ((offset: number) => void) | undefined;
	#isListening = false;
	/** What leaves at the end of the turn, together with what else is written in it. */
	#gathered: Uint8Array[] = [];
	#size = 0;
	/** Resolves when uWS takes more, where it was full. */
	#room: Promise<void> | undefined;

	/** @param head of `joinHead` */
	constructor(
		res: HttpResponse,
		exchange: BaseExchange,
		texts: TextEncoding,
		head: string | Uint8Array
	) {
		this.#res = res;
		this.#exchange = exchange;
		this.#texts = texts;
		this.#head = head;
	}

	end(body: string | Uint8Array): Promise<void> {
		if (this.#exchange.aborted) return settled;
		const bytes = typeof body === 'string' ? this.#texts.encode(body) : body;
		if (!this.#isLarge(bytes)) {
			this.#exchange.beforeEnd();
			this.#res.cork(() => {
				this.#writeHead();
				this.#res.end(bytes);
			});
			return settled;
		}
		if (this.#tryEnd(bytes, 0, bytes.byteLength)) return settled;
		// Where a text was encoded in place, the next one will be.
		const kept = typeof body === 'string' ? Buffer.from(bytes) : bytes;
		return this.#offer(kept, 0, kept.byteLength);
	}

	finish(): Promise<void> {
		if (this.#exchange.aborted) return settled;
		if (this.#room) return this.#room.then(() => this.finish());
		this.#exchange.beforeEnd();
		this.#writeGathered(() => this.#res.end());
		return settled;
	}

	endWithoutBody(contentLength?: number): void {
		if (this.#exchange.aborted) return;
		this.#exchange.beforeEnd();
		this.#res.cork(() => {
			this.#writeHead();
			if (contentLength !== undefined) {
				this.#res.writeHeader('content-length', String(contentLength));
			}
			// With an argument, as its type offers, this ends the process.
			this.#res.endWithoutBody();
		});
	}

	write(chunk: Uint8Array): Promise<void> {
		const { byteLength } = chunk;
		if (this.#exchange.aborted || byteLength === 0) return settled;
		if (this.#size + byteLength > sliceSize) this.#flush();
		if (this.#room || byteLength > sliceSize) return this.#writeSlices(chunk);
		if (this.#size === 0) process.nextTick(() => this.#flush());
		this.#gather(chunk);
		return settled;
	}

	writeSized(chunk: Uint8Array, total: number): Promise<void> {
		// Newer builds take nothing at all for the end.
		if (this.#exchange.aborted || chunk.byteLength === 0) return settled;
		const start = this.#res.getWriteOffset();
		return this.#tryEnd(chunk, start, total) ? settled : this.#offer(chunk, start, total);
	}

	fail(): void {
		if (this.#exchange.aborted) return;
		this.#flush();
		if (this.#hasHead) {
			this.#res.close();
			return;
		}
		this.#exchange.beforeEnd();
		this.#res.cork(() => {
			this.#res.writeStatus(statusLine(500)).end('Internal Server Error');
		});
	}

	/**
	 * Offer bytes from this offset of a body, however many: what uWS does not take of them, it leaves here.
	 * @returns whether it has taken them all
	 */
	#tryEnd(bytes: Uint8Array, offset: number, total: number): boolean {
		const isLast = offset + bytes.byteLength >= total;
		if (isLast) this.#exchange.releaseBody();
		let isTaken = false;
		this.#res.cork(() => {
			this.#writeHead();
			isTaken = this.#res.tryEnd(bytes, total)[0];
		});
		if (isLast && isTaken) this.#exchange.beforeEnd();
		return isTaken;
	}

	/** Offer again what was not taken of a chunk that begins at this offset of the body. */
	async #offer(chunk: Uint8Array, start: number, total: number): Promise<void> {
		for (;;) {
			const offset = await this.#writable();
			if (this.#exchange.aborted) return;
			if (this.#tryEnd(chunk.subarray(offset - start), offset, total)) return;
		}
	}

	/** It does not fit into one cork together with the head. */
	#isLarge({ byteLength }: Uint8Array): boolean {
		return byteLength > smallSlice && this.#head.length + byteLength > sliceSize;
	}

	async #writeSlices(chunk: Uint8Array): Promise<void> {
		for (const slice of slices(chunk)) {
			await this.#room;
			if (this.#exchange.aborted) return;
			this.#gather(slice);
			this.#flush();
		}
		await this.#room;
	}

	#gather(bytes: Uint8Array): void {
		this.#gathered.push(bytes);
		this.#size += bytes.byteLength;
	}

	#flush(): void {
		if (this.#size > 0 && !this.#exchange.aborted) this.#writeGathered();
	}

	/** @param end what ends the answer together with it */
	#writeGathered(end?: () => void): void {
		const bytes = this.#takeGathered();
		if (bytes && !this.#hasHead && this.#isLarge(bytes)) this.#res.cork(() => this.#writeHead());
		let isFlowing = true;
		this.#res.cork(() => {
			this.#writeHead();
			// What is refused has been taken all the same: it waits in the queue of uWS.
			if (bytes) isFlowing = this.#res.write(bytes);
			end?.();
		});
		if (!isFlowing && !end) this.#room = this.#writable().then(() => void (this.#room = undefined));
	}

	#takeGathered(): Uint8Array | undefined {
		const all = this.#gathered;
		const bytes = all.length > 1 ? Buffer.concat(all, this.#size) : all[0];
		this.#gathered = [];
		this.#size = 0;
		return bytes;
	}

	#writeHead(): void {
		if (this.#hasHead) return;
		this.#hasHead = true;
		this.#res.writeStatus(this.#head);
	}

	#listen(): void {
		if (this.#isListening) return;
		this.#isListening = true;
		this.#res.onWritable((offset) => {
			// The next write comes in a later microtask; uWS drains its own queue only if something happens here.
			this.#res.cork(() => {});
			this.#wake?.(offset);
			return true;
		});
		this.#exchange.onAbort(() => this.#wake?.(0));
	}

	/** @returns the offset from which a sized body goes on */
	async #writable(): Promise<number> {
		this.#listen();
		const timer = setInterval(() => this.#rearm(), rearmInterval);
		try {
			return await new Promise((resolve) => {
				this.#wake = resolve;
			});
		} finally {
			clearInterval(timer);
		}
	}

	/** uWS cuts a client that takes nothing for ten seconds, a paused video too; this starts the ten seconds anew. */
	#rearm(): void {
		if (!this.#exchange.aborted) {
			this.#res.pause();
			this.#res.resume();
		}
	}
}

function* slices(chunk: Uint8Array): Generator<Uint8Array> {
	for (let start = 0; start < chunk.byteLength; start += sliceSize) {
		yield chunk.subarray(start, start + sliceSize);
	}
}
