import { BaseExchange } from '../base-exchange.ts';
import type {
	AcceptHead,
	HeaderPairs,
	ResponseBody,
	ResponseHead,
	SocketEvents,
	UpgradeExchange
} from '../engine.ts';
import { areSendable, checkAccept, checkHeaders } from '../headers.ts';
import type { RequestBody } from '../request-body.ts';
import { hasBody } from '../send.ts';
import type { Stopping } from '../stopping.ts';
import { readBody } from './body.ts';
import { nativeRequest } from './request.ts';
import type { BunAnswer, BunRuntime, BunServer } from './runtime.ts';
import type { Responses } from './responses.ts';
import { brokenResponse, BunSink, patienceFor, type Outlet } from './sink.ts';
import type { BunSocketData } from './socket.ts';

/** What an exchange needs of its engine. */
export interface BunHost {
	readonly bun: BunRuntime;
	/** Seconds that a connection may wait for its next request. */
	readonly idleTimeout: number;
	readonly stopping: Stopping;
	readonly responses: Responses;
	/** What was made of heads that never change, with their bodies. */
	readonly kept: WeakMap<ResponseHead, Response>;
	/** A request has come, or got its answer. */
	count(change: 1 | -1): void;
}

/** One request on Bun. */
export class BunExchange extends BaseExchange implements UpgradeExchange, Outlet {
	readonly method: string;
	readonly target: string;
	readonly incoming = undefined;
	readonly connection = undefined;
	readonly joinsHeaders = true;
	readonly #request: Request;
	readonly #server: BunServer;
	readonly #host: BunHost;
	#address: string | undefined;
	#headers: HeaderPairs | undefined;
	#sink: BunSink | undefined;
	#hasAnswer = false;
	/** It is answered by what is kept, and nobody has seen it. */
	#isKept = false;
	#answer: Response | undefined;
	#resolve: ((answer: Response | undefined) => void) | undefined;

	constructor(request: Request, server: BunServer, host: BunHost) {
		super(host.stopping);
		host.count(1);
		this.#request = request;
		this.#server = server;
		this.#host = host;
		this.method = request.method;
		this.target = targetOf(request.url);
	}

	get address(): string {
		return (this.#address ??= this.#server.requestIP(this.#request)?.address ?? '');
	}

	get headers(): HeaderPairs {
		return (this.#headers ??= [...this.#request.headers]);
	}

	override header(name: string): string | undefined {
		return this.#request.headers.get(name) ?? undefined;
	}

	request(url: string): Request | undefined {
		return this.#request.body === null ? nativeRequest(url, this.#request, this) : undefined;
	}

	/** For Bun: the answer, or when it is there. To be called once, in the turn in which the request has come. */
	answer(): BunAnswer {
		if (!this.#isKept) this.#keepAddress();
		if (!this.isEnded) this.#request.signal.addEventListener('abort', this.#leave, { once: true });
		if (this.#hasAnswer) return this.#answer;
		this.idle(0);
		return new Promise((resolve) => (this.#resolve = resolve));
	}

	accept(head: AcceptHead, events: SocketEvents): boolean {
		if (this.aborted) return false;
		const headers = new Headers(checkAccept(head));
		// Without one Bun would choose the first that was offered.
		headers.set('sec-websocket-protocol', head.protocol ?? '');
		const data: BunSocketData = { events };
		this.#keepAddress();
		this.isAccepted = true;
		this.isAccepted = this.#server.upgrade(this.#request, { headers, data });
		if (this.isAccepted) this.respond(undefined);
		else this.#leave();
		return this.isAccepted;
	}

	refuse(status: number): void {
		this.respond(new Response(null, { status, headers: { connection: 'close' } }));
	}

	override send(head: ResponseHead, body: ResponseBody): Promise<void> {
		const isKept = Object.isFrozen(head) && body instanceof Uint8Array && this.method === 'GET';
		if (!isKept || this.aborted || this.#host.stopping.hasBegun) return super.send(head, body);
		let response = this.#host.kept.get(head);
		if (response === undefined) {
			const headers = checkHeaders(head.headers);
			// Bun would name a type of its own.
			if (!headers.some(([name]) => name === 'content-type')) return super.send(head, body);
			response = new Response(body as Uint8Array<ArrayBuffer>, { status: head.status, headers });
			this.#host.kept.set(head, response);
		}
		this.#isKept = true;
		this.#giveOut(response.clone(), body.byteLength);
		return Promise.resolve();
	}

	/** Not what Bun would complete, and not what it does not wait for. */
	sendWhole(response: Response): boolean {
		const { responses } = this.#host;
		const length = responses.lengthOf(response);
		if (length === undefined || this.aborted || this.#host.stopping.hasBegun) return false;
		if (!hasBody(this.method, response.status) || !areSendable(response.headers)) return false;
		// Bun would name a type of its own.
		if (length > 0 && !response.headers.has('content-type')) return false;
		this.#giveOut(response, length);
		return true;
	}

	respond(answer: Response | undefined): void {
		if (this.#hasAnswer) return;
		this.#hasAnswer = true;
		this.#host.count(-1);
		this.#answer = answer;
		this.#resolve?.(answer);
	}

	idle(seconds: number | undefined): void {
		// What is answered at once has changed nothing.
		if (seconds === undefined && this.#resolve === undefined) return;
		this.#server.timeout(this.#request, seconds ?? this.#host.idleTimeout);
	}

	get bun(): BunRuntime {
		return this.#host.bun;
	}

	protected readonly createSink = (status: number, headers: [string, string][]): BunSink =>
		(this.#sink = new BunSink(this, status, headers));

	protected closeConnection(): void {
		this.#sink?.cut();
		this.respond(brokenResponse());
	}

	/** A GET may have one too, of which Bun shows nothing. */
	protected override hasBody(): boolean {
		return this.#request.body !== null && super.hasBody();
	}

	protected readBody(): RequestBody {
		return readBody(this.#request, this.#leave);
	}

	/** Bun closes right behind the answer. */
	protected override canClose(): boolean {
		return this.isRead;
	}

	/** Bun does not know it any more when the request is over. */
	#keepAddress(): void {
		this.#address = this.address;
	}

	#giveOut(response: Response, length: number): void {
		this.beginAnswer();
		this.beforeEnd();
		this.idle(patienceFor(length));
		this.respond(response);
	}

	/** The client has left. */
	readonly #leave = (): void => {
		if (this.isEnded || this.isAccepted) return;
		this.abort();
		// Bun keeps a request until it has an answer.
		this.respond(brokenResponse());
	};
}

/** Bun makes a URL of the target and the host, unless that is none. */
function targetOf(url: string): string {
	if (!/^https?:\/\//.test(url)) return url;
	const slash = url.indexOf('/', 8);
	return slash === -1 ? '/' : url.slice(slash);
}
