import type { IncomingMessage } from 'node:http';
import type { Exchange, HeaderPairs, IncomingBody, ResponseBody, ResponseHead } from './engine.ts';
import type { RequestBody } from './request-body.ts';
import { abortError, sendResponse, type CreateSink } from './send.ts';
import type { Stopping } from './stopping.ts';

/** What exchanges of all engines have in common. */
export abstract class BaseExchange implements Exchange {
	abstract readonly method: string;
	abstract readonly target: string;
	abstract readonly headers: HeaderPairs;
	abstract readonly address: string;
	abstract readonly incoming: IncomingMessage | undefined;
	protected isAccepted = false;
	#isSent = false;
	#isEnded = false;
	#aborted = false;
	#abortReason: unknown;
	#abortListeners: ((reason: unknown) => void)[] = [];
	#body: RequestBody | undefined;
	readonly #stopping: Stopping | undefined;

	/** @param stopping of the engine, where its answers can end connections */
	constructor(stopping?: Stopping) {
		this.#stopping = stopping;
	}

	get aborted(): boolean {
		return this.#aborted;
	}

	get abortReason(): unknown {
		return this.#abortReason;
	}

	get isAnswered(): boolean {
		return this.#isSent || this.isAccepted;
	}

	/** The last of the answer was given out. */
	protected get isEnded(): boolean {
		return this.#isEnded;
	}

	header(name: string): string | undefined {
		let found: string | undefined;
		for (const [key, value] of this.headers) {
			if (key === name) found = found === undefined ? value : `${found}, ${value}`;
		}
		return found;
	}

	/** The headers by which a request may be refused, at the least. */
	get judged(): HeaderPairs {
		return this.headers;
	}

	body(): IncomingBody | null {
		if (!this.hasBody()) return null;
		return (this.#body = this.readBody());
	}

	onAbort(listener: (reason: unknown) => void): void {
		this.#abortListeners.push(listener);
	}

	cut(reason: unknown): void {
		if (this.#isEnded || this.isAccepted || this.#aborted) return;
		this.#abort(reason);
		this.closeConnection();
	}

	send(head: ResponseHead, body: ResponseBody): Promise<void> {
		this.beginAnswer();
		if (this.#stopping?.hasBegun) return this.#sendLast(this.#stopping, head, body);
		return sendResponse(this.createSink, this, head, body);
	}

	/** The client is to close the connection, and to find whoever has come instead. */
	async #sendLast(stopping: Stopping, head: ResponseHead, body: ResponseBody): Promise<void> {
		await stopping.wait();
		const canClose = this.canClose();
		const createSink: CreateSink = (status, headers) =>
			this.createSink(status, canClose ? [...headers, ['connection', 'close']] : headers);
		await sendResponse(createSink, this, head, body);
	}

	/** Whether the connection may end with the answer: amid an upload that can take the answer with it. */
	protected canClose(): boolean {
		return true;
	}

	/** There is no body, or its last byte has come. */
	protected get isRead(): boolean {
		return !this.hasBody() || this.#body?.isComplete === true;
	}

	/** An answer is given in another way than by `send`. */
	protected beginAnswer(): void {
		this.#isSent = true;
	}

	/** To be called by the sink right before the answer ends: the body cannot be read after that. */
	beforeEnd(): void {
		this.#isEnded = true;
		this.releaseBody();
	}

	/** The same where the answer will perhaps not end at once, and can still be cut. */
	releaseBody(): void {
		this.#body?.release();
	}

	protected abstract readonly createSink: CreateSink;

	/** RFC 9112, section 6.3: a request has a body only if one of the two headers says so. */
	protected hasBody(): boolean {
		if (this.header('transfer-encoding') !== undefined) return true;
		const length = this.header('content-length');
		return length !== undefined && Number(length) !== 0;
	}

	/** Start to read the body. */
	protected abstract readBody(): RequestBody;

	/** Close the connection at once. */
	protected abstract closeConnection(): void;

	/** The connection has ended before the answer was complete. Harmless when called twice. */
	protected abort(): void {
		if (this.#aborted) return;
		this.#abort(
			abortError(
				this.#stopping?.hasBegun
					? 'The connection was closed while the server shuts down'
					: 'The client has left before the response was complete'
			)
		);
	}

	#abort(reason: unknown): void {
		this.#aborted = true;
		this.#abortReason = reason;
		this.#body?.abort(reason);
		for (const listener of this.#abortListeners) listener(reason);
	}
}
