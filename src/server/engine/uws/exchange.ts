import type { HttpRequest, HttpResponse, us_socket_context_t } from 'uWebSockets.js';
import type {
	AcceptHead,
	HeaderPairs,
	ResponseBody,
	ResponseHead,
	SocketEvents,
	UpgradeExchange
} from '../engine.ts';
import { shortAddress } from './address.ts';
import { RequestBody, hasBody } from './body.ts';
import { encodeHeaders, statusLine } from './headers.ts';
import { sendResponse } from './response.ts';

/** One request on uWS. Everything of `HttpRequest` is copied here at once: it is gone after the current turn. */
export class UwsExchange implements UpgradeExchange {
	readonly method: string;
	readonly target: string;
	readonly headers: HeaderPairs;
	readonly #res: HttpResponse;
	readonly #context: us_socket_context_t | undefined;
	#aborted = false;
	#isAnswered = false;
	#abortListeners: (() => void)[] = [];
	#body: RequestBody | undefined;

	/** @param context what uWS needs to turn the request into a socket; absent if the request has no valid key */
	constructor(res: HttpResponse, req: HttpRequest, context?: us_socket_context_t) {
		// First of all: an answer that is still open at the end of the turn without this ends the process.
		res.onAborted(() => this.#abort());
		this.#res = res;
		this.#context = context;
		this.method = req.getCaseSensitiveMethod();
		const query = req.getQuery();
		this.target = query === undefined ? req.getUrl() : `${req.getUrl()}?${query}`;
		this.headers = copyHeaders(req);
	}

	get address(): string {
		if (this.#aborted) return '';
		return shortAddress(Buffer.from(this.#res.getRemoteAddressAsText()).toString('latin1'));
	}

	get aborted(): boolean {
		return this.#aborted;
	}

	get isAnswered(): boolean {
		return this.#isAnswered;
	}

	header(name: string): string | undefined {
		let found: string | undefined;
		for (const [key, value] of this.headers) {
			if (key === name) found = found === undefined ? value : `${found}, ${value}`;
		}
		return found;
	}

	body(): ReadableStream<Uint8Array> | null {
		if (!hasBody(this)) return null;
		this.#body = new RequestBody(this.#res);
		return this.#body.stream;
	}

	onAbort(listener: () => void): void {
		this.#abortListeners.push(listener);
	}

	send(head: ResponseHead, body: ResponseBody): Promise<void> {
		this.#isAnswered = true;
		return sendResponse(this.#res, this, head, body);
	}

	accept(head: AcceptHead, events: SocketEvents): boolean {
		const context = this.#context;
		if (this.#aborted || context === undefined) return false;
		const headers = encodeHeaders(head.headers);
		this.#isAnswered = true;
		this.#res.cork(() => {
			this.#res.writeStatus(statusLine(101));
			for (const [name, value] of headers) this.#res.writeHeader(name, value);
			this.#res.upgrade(
				{ events },
				this.header('sec-websocket-key') ?? '',
				head.protocol ?? '',
				this.header('sec-websocket-extensions') ?? '',
				context
			);
		});
		return true;
	}

	/** To be called right before the answer ends: uWS does not resume a paused upload by itself. */
	beforeEnd(): void {
		this.#body?.release();
	}

	#abort(): void {
		this.#aborted = true;
		this.#body?.abort();
		for (const listener of this.#abortListeners) listener();
	}
}

function copyHeaders(req: HttpRequest): HeaderPairs {
	const headers: [string, string][] = [];
	req.forEach((name, value) => headers.push([name, toLatin1(value)]));
	return headers;
}

// oxlint-disable-next-line no-control-regex -- all of ASCII
const ascii = /^[\u0000-\u007f]*$/;

/** uWS decodes values as UTF-8; `Headers` wants one character per byte, as `node:http` gives it. */
function toLatin1(value: string): string {
	return ascii.test(value) ? value : Buffer.from(value, 'utf8').toString('latin1');
}
