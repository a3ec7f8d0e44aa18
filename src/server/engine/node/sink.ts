import type { ServerResponse } from 'node:http';
import type { BaseExchange } from '../base-exchange.ts';
import type { Sink } from '../sink.ts';

/** Writes one answer on `node:http`. */
export class NodeSink implements Sink {
	readonly #res: ServerResponse;
	readonly #exchange: BaseExchange;
	readonly #status: number;
	readonly #headers: [string, string][];
	#sent = 0;
	#isListening = false;
	#wake: () => void = () => {};

	constructor(
		res: ServerResponse,
		exchange: BaseExchange,
		status: number,
		headers: [string, string][]
	) {
		this.#res = res;
		this.#exchange = exchange;
		this.#status = status;
		this.#headers = headers;
	}

	end(body: Uint8Array): Promise<void> {
		if (this.#exchange.aborted) return Promise.resolve();
		this.#writeHead(body.byteLength);
		return this.#end(body);
	}

	endWithoutBody(contentLength?: number): void {
		if (this.#exchange.aborted) return;
		this.#writeHead(contentLength);
		void this.#end();
	}

	async write(chunk: Uint8Array): Promise<void> {
		if (this.#exchange.aborted) return;
		this.#writeHead();
		if (!this.#res.write(chunk)) await this.#drained();
	}

	finish(): void {
		if (this.#exchange.aborted) return;
		// A stream without a single chunk has a known length after all.
		if (!this.#res.headersSent) this.#writeHead(0);
		void this.#end();
	}

	async writeSized(chunk: Uint8Array, total: number): Promise<void> {
		if (this.#exchange.aborted) return;
		this.#writeHead(total);
		this.#sent += chunk.byteLength;
		if (this.#sent >= total) await this.#end(chunk);
		else if (!this.#res.write(chunk)) await this.#drained();
	}

	fail(): void {
		if (this.#exchange.aborted) return;
		if (this.#res.headersSent) {
			this.#res.destroy();
			return;
		}
		const body = 'Internal Server Error';
		// A head that could not be written has left its own reason behind.
		this.#res.writeHead(500, body, { 'content-length': body.length });
		void this.#end(Buffer.from(body));
	}

	#writeHead(contentLength?: number): void {
		if (this.#res.headersSent) return;
		const headers = this.#headers.flat();
		if (contentLength !== undefined) headers.push('content-length', String(contentLength));
		this.#res.writeHead(this.#status, headers);
	}

	/** Resolves when the last byte is with the system, or the client is gone. */
	#end(chunk?: Uint8Array): Promise<void> {
		this.#exchange.beforeEnd();
		// The rest of the request has to be read before the connection can carry the next one.
		this.#exchange.incoming?.resume();
		return new Promise((resolve) => {
			this.#exchange.onAbort(() => resolve());
			this.#res.end(chunk, resolve);
		});
	}

	/** Resolves when more may be written, or the client is gone. */
	#drained(): Promise<void> {
		return new Promise((resolve) => {
			this.#wake = resolve;
			if (this.#isListening) return;
			this.#isListening = true;
			this.#res.on('drain', () => this.#wake());
			this.#exchange.onAbort(() => this.#wake());
		});
	}
}
