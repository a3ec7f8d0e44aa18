import type { ServerResponse } from 'node:http';
import { settled } from '../../settled.ts';
import type { BaseExchange } from '../base-exchange.ts';
import type { Sink } from '../sink.ts';
import { setHeaders } from './headers.ts';
import { cut } from './http2.ts';

/** The exchange of the answer. */
interface Ending extends Pick<BaseExchange, 'aborted' | 'onAbort' | 'beforeEnd' | 'incoming'> {
	/** Call back when the last byte is with the system, or the client is gone. */
	whenSettled(call: () => void): void;
}

/** What middleware that compresses adds: let out what was written so far. */
type Flushable = ServerResponse & { flush?: () => void };

/**
 * Writes one answer on `node:http`, as everybody does it: in front of the app there may be middleware that has taken the
 * methods of the response over, to compress it, to log it or to add a cookie.
 */
export class NodeSink implements Sink {
	readonly #res: Flushable;
	readonly #exchange: Ending;
	readonly #status: number;
	readonly #headers: [string, string][];
	#hasHead = false;
	#isBegun = false;
	#sent = 0;
	#isListening = false;
	#wake: () => void = () => {};

	constructor(res: ServerResponse, exchange: Ending, status: number, headers: [string, string][]) {
		this.#res = res;
		this.#exchange = exchange;
		this.#status = status;
		this.#headers = headers;
	}

	end(body: string | Uint8Array): Promise<void> {
		if (this.#isOver) return settled;
		// Of a text and its head Node would make one text, and write the headers as UTF-8, too.
		const bytes = typeof body === 'string' ? Buffer.from(body) : body;
		this.#setHead(bytes.byteLength);
		return this.#end(bytes);
	}

	endWithoutBody(contentLength?: number): void {
		if (this.#isOver) return;
		this.#setHead(contentLength);
		void this.#end();
	}

	async write(chunk: Uint8Array): Promise<void> {
		if (this.#isOver) return;
		this.#setHead();
		const hasRoom = this.#write(chunk);
		this.#res.flush?.();
		if (!hasRoom) await this.#drained();
	}

	finish(): Promise<void> {
		if (!this.#isOver) {
			// A stream without a single chunk has a known length after all.
			this.#setHead(0);
			void this.#end();
		}
		return settled;
	}

	async writeSized(chunk: Uint8Array, total: number): Promise<void> {
		if (this.#isOver) return;
		this.#setHead(total);
		this.#sent += chunk.byteLength;
		if (this.#sent >= total) await this.#end(chunk);
		else if (!this.#write(chunk)) await this.#drained();
	}

	fail(): void {
		if (this.#isOver) return;
		if (this.#isBegun) {
			cut(this.#res);
			return;
		}
		// Somebody else has answered: that is not ours to end.
		if (this.#res.headersSent) return;
		for (const [name] of this.#headers) this.#res.removeHeader(name);
		const body = Buffer.from('Internal Server Error');
		this.#res.statusCode = 500;
		this.#res.setHeader('content-length', body.byteLength);
		void this.#end(body);
	}

	/** Nothing can be written any more, which Node would make an error of: middleware with a timeout may have ended what was begun. */
	get #isOver(): boolean {
		return this.#exchange.aborted || (this.#isBegun && this.#res.writableEnded);
	}

	/** It leaves with the first byte. */
	#setHead(contentLength?: number): void {
		if (this.#hasHead) return;
		setHeaders(this.#res, this.#headers);
		if (contentLength !== undefined) this.#res.setHeader('content-length', contentLength);
		this.#res.statusCode = this.#status;
		this.#hasHead = true;
	}

	#write(chunk: Uint8Array): boolean {
		this.#isBegun = true;
		return this.#res.write(toBuffer(chunk));
	}

	/** Resolves when the last byte is with the system, or the client is gone. */
	#end(chunk?: Uint8Array): Promise<void> {
		this.#exchange.beforeEnd();
		// The rest of the request has to be read before the connection can carry the next one.
		this.#exchange.incoming?.resume();
		this.#isBegun = true;
		return new Promise((resolve) => {
			// Not by a callback, which middleware drops.
			this.#exchange.whenSettled(resolve);
			if (chunk) this.#res.end(toBuffer(chunk));
			else this.#res.end();
		});
	}

	/** Resolves when more may be written, or the client is gone. */
	#drained(): Promise<void> {
		return new Promise((resolve) => {
			this.#wake = resolve;
			if (this.#isListening) return;
			this.#isListening = true;
			// By `res.on`, which middleware takes over: what is full may be its own stream.
			this.#res.on('drain', () => this.#wake());
			this.#exchange.onAbort(() => this.#wake());
		});
	}
}

/** Middleware treats what is no buffer as text. */
function toBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
	return Buffer.from(buffer, byteOffset, byteLength);
}
