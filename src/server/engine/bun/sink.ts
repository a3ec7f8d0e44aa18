import { stat } from 'node:fs/promises';
import { settled } from '../../settled.ts';
import type { FileBody } from '../engine.ts';
import type { BaseExchange } from '../base-exchange.ts';
import { hasBody, shortBody } from '../send.ts';
import type { Sink } from '../sink.ts';
import type { BunRuntime } from './runtime.ts';
import { DirectStream } from './stream.ts';

/** Where an answer goes. */
export interface Outlet extends BaseExchange {
	readonly bun: BunRuntime;
	/** Give Bun the answer, if it has none yet. */
	respond(answer: Response): void;
	/** @param seconds without a byte after which the connection is closed. Default: as long as it may wait for a request */
	idle(seconds?: number): void;
}

/** Bytes that a connection takes at once, or nearly. */
const small = 64 * 1024;

/** Seconds that a client may take nothing of a body that Bun sends by itself: the most that Bun knows. */
const patience = 255;

/** Seconds that a client may take nothing of an answer. Undefined: as long as its connection may wait for a request. */
export function patienceFor(length: number): number | undefined {
	return length <= small ? undefined : patience;
}

/** Of anything else Bun would say what the file is called on disk. */
const shown = /^(?:text|image|audio|video|font)\/|^application\/(?:json|wasm)\b/;

type Content = string | Uint8Array | ReadableStream | null;

/** Writes one answer on Bun, as a `Response`. */
export class BunSink implements Sink {
	readonly #outlet: Outlet;
	readonly #status: number;
	readonly #headers: [string, string][];
	#stream: DirectStream | undefined;
	/** Bytes of a body with a declared length, and those that wait for the rest. */
	#sent = 0;
	readonly #pieces: Uint8Array[] = [];

	constructor(outlet: Outlet, status: number, headers: [string, string][]) {
		this.#outlet = outlet;
		this.#status = status;
		this.#headers = headers;
	}

	end(body: string | Uint8Array): Promise<void> {
		this.#end(this.#toBody(body), patienceFor(Buffer.byteLength(body)));
		return Promise.resolve();
	}

	endWithoutBody(contentLength?: number): void {
		if (contentLength !== undefined) this.#headers.push(['content-length', String(contentLength)]);
		// Nothing at all would be announced by its length.
		const isUnknown = contentLength === undefined && hasBody('GET', this.#status);
		this.#end(isUnknown ? new DirectStream().readable : null);
	}

	async write(chunk: Uint8Array): Promise<void> {
		if (this.#outlet.aborted) return;
		this.#stream ??= this.#start();
		await this.#stream.write(chunk);
	}

	finish(): Promise<void> {
		if (this.#outlet.aborted) return settled;
		if (this.#stream === undefined) {
			this.#end(null);
			return settled;
		}
		this.#outlet.idle(patience);
		this.#outlet.beforeEnd();
		this.#stream.end();
		return settled;
	}

	/** Bun announces no length of what comes in pieces: a small body is put together, a large one leaves without its length. */
	async writeSized(chunk: Uint8Array, total: number): Promise<void> {
		this.#sent += chunk.byteLength;
		if (total <= small) {
			this.#pieces.push(chunk);
			if (this.#sent === total) await this.end(Buffer.concat(this.#pieces));
			return;
		}
		await this.write(chunk);
		if (this.#sent === total) await this.finish();
	}

	/** @throws the error of `stat` */
	async sendFile({ path, start, length }: FileBody): Promise<void> {
		const { size } = await stat(path);
		if (size < start + length) {
			this.#outlet.respond(brokenResponse());
			throw shortBody(Math.max(size - start, 0), length);
		}
		const file = this.#outlet.bun.file(path).slice(start, start + length);
		if (length <= small) return this.end(await file.bytes());
		const type = this.#header('content-type') ?? '';
		if (!shown.test(type) && !this.#header('content-disposition'))
			this.#headers.push(['content-disposition', 'inline']);
		this.#end(file, patience);
	}

	fail(): void {
		if (this.#outlet.aborted) return;
		if (this.#stream) return this.#stream.cut();
		this.#outlet.beforeEnd();
		this.#outlet.idle();
		// A part of the body was given: the client is not to take something else for it.
		this.#outlet.respond(this.#sent > 0 ? brokenResponse() : internalError());
	}

	/** Close the connection, if something of the answer has left. */
	cut(): void {
		this.#stream?.cut();
	}

	#end(body: Blob | Content, idle?: number): void {
		if (this.#outlet.aborted) return;
		this.#outlet.beforeEnd();
		this.#outlet.idle(idle);
		this.#respond(body);
	}

	#start(): DirectStream {
		const stream = new DirectStream();
		this.#outlet.onAbort(() => stream.leave());
		this.#respond(stream.readable);
		return stream;
	}

	#respond(body: Blob | Content): void {
		const init = { status: this.#status, headers: this.#headers };
		this.#outlet.respond(new Response(body as ConstructorParameters<typeof Response>[0], init));
	}

	#header(name: string): string | undefined {
		return this.#headers.find(([each]) => each.toLowerCase() === name)?.[1];
	}

	/** Bun would name a type of its own, where the app names none. */
	#toBody(body: string | Uint8Array): Content {
		if (body.length === 0) return null;
		return this.#header('content-type') === undefined ? DirectStream.of(Buffer.from(body)) : body;
	}
}

function internalError(): Response {
	return new Response(DirectStream.of(Buffer.from('Internal Server Error')), { status: 500 });
}

/** With this answer Bun closes the connection, and sends nothing. */
export function brokenResponse(): Response {
	return new Response(new ReadableStream({ pull: (controller) => controller.error() }));
}
