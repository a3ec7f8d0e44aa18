import type { Sink } from '../engine/sink.ts';

/** How an answer leaves. Harmless when it is over. */
export interface LiveOutlet {
	head(status: number, headers: [string, string][]): void;
	/** Resolves when more may follow. */
	write(bytes: Uint8Array): Promise<void>;
	/** The end, when what was written has left. Resolves then. */
	end(): Promise<void>;
	/** It goes no further. */
	lose(): void;
}

/** One answer on its way into a socket. */
export class LiveSink implements Sink {
	readonly #outlet: LiveOutlet;
	readonly #status: number;
	readonly #headers: [string, string][];
	#isBegun = false;
	#sent = 0;

	constructor(outlet: LiveOutlet, status: number, headers: [string, string][]) {
		this.#outlet = outlet;
		this.#status = status;
		this.#headers = headers;
	}

	end(body: string | Uint8Array): Promise<void> {
		const bytes = typeof body === 'string' ? Buffer.from(body.toWellFormed()) : body;
		this.#begin(bytes.byteLength);
		void this.#outlet.write(bytes);
		return this.finish();
	}

	endWithoutBody(contentLength?: number): void {
		this.#begin(contentLength);
		void this.finish();
	}

	write(chunk: Uint8Array): Promise<void> {
		this.#begin();
		return this.#outlet.write(chunk);
	}

	finish(): Promise<void> {
		this.#begin();
		return this.#outlet.end();
	}

	writeSized(chunk: Uint8Array, total: number): Promise<void> {
		this.#begin(total);
		this.#sent += chunk.byteLength;
		const written = this.#outlet.write(chunk);
		return this.#sent >= total ? this.finish() : written;
	}

	fail(): void {
		if (this.#isBegun) {
			this.#outlet.lose();
			return;
		}
		this.#isBegun = true;
		this.#outlet.head(500, []);
		void this.finish();
	}

	#begin(length?: number): void {
		if (this.#isBegun) return;
		this.#isBegun = true;
		const sized: [string, string][] =
			length === undefined ? [] : [['content-length', String(length)]];
		this.#outlet.head(this.#status, [...this.#headers, ...sized]);
	}
}
