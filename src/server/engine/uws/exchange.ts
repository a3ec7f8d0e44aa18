import type { HttpRequest, HttpResponse, us_socket_context_t } from 'uWebSockets.js';
import { BaseExchange } from '../base-exchange.ts';
import type {
	AcceptHead,
	HeaderPairs,
	ResponseBody,
	ResponseHead,
	SocketEvents,
	UpgradeExchange
} from '../engine.ts';
import { areSendable, checkAccept, checkHeaders, statusLine } from '../headers.ts';
import { isJudged } from '../refusal.ts';
import { RequestBody } from '../request-body.ts';
import { hasBody } from '../send.ts';
import type { Stopping } from '../stopping.ts';
import { formatAddress } from './address.ts';
import { joinHead } from './head.ts';
import { decodeValue } from './latin1.ts';
import { RawHeaders } from './raw-headers.ts';
import { UwsSink } from './sink.ts';
import { User } from './socket.ts';
import type { TextEncoding } from './text.ts';

/** How a request becomes a socket. */
export interface UpgradeWay {
	/** What uWS needs for it. */
	context: us_socket_context_t;
	/**
	 * Report the socket that has just been made.
	 * @returns false if it is gone already
	 */
	begin(): boolean;
}

/** What the requests of one app have in common. */
export interface UwsHost {
	/** For the sake of which request uWS has called last. What that sets going at once is still a part of the call. */
	current?: UwsExchange;
	/** For the texts of their answers. */
	readonly texts: TextEncoding;
	/** What was made of heads that never change. */
	readonly heads: WeakMap<ResponseHead, string | Uint8Array>;
	readonly stopping: Stopping;
}

/** One request on uWS. Everything of `HttpRequest` is copied here at once: it is gone after the current turn, and the address with the answer. */
export class UwsExchange extends BaseExchange implements UpgradeExchange {
	readonly method: string;
	readonly target: string;
	readonly incoming = undefined;
	readonly connection = undefined;
	readonly #res: HttpResponse;
	readonly #headers: RawHeaders;
	/** As bytes, which cost less than text where nobody asks. */
	readonly #address: ArrayBuffer;
	readonly #way: UpgradeWay | undefined;

	readonly #host: UwsHost;

	/** @param way to a socket; absent if the request has no valid key */
	constructor(res: HttpResponse, req: HttpRequest, host: UwsHost, way?: UpgradeWay) {
		super(host.stopping);
		// First of all: an answer that is still open at the end of the turn without this ends the process.
		res.onAborted(() => this.abort());
		this.#res = res;
		this.#way = way;
		this.#host = host;
		host.current = this;
		this.#address = res.getRemoteAddress();
		this.method = req.getCaseSensitiveMethod();
		const query = req.getQuery();
		this.target = decodeValue(query === undefined ? req.getUrl() : `${req.getUrl()}?${query}`);
		this.#headers = new RawHeaders(req);
	}

	get headers(): HeaderPairs {
		return this.#headers.pairs;
	}

	override get judged(): HeaderPairs {
		return this.#headers.filter(isJudged);
	}

	override header(name: string): string | undefined {
		return this.#headers.get(name);
	}

	get address(): string {
		return formatAddress(new Uint8Array(this.#address));
	}

	/**
	 * Whoever is accepted while uWS calls for the sake of another request, whose handler may have let this one in, is taken for
	 * that request, and the process ends.
	 */
	turn(): Promise<void> | undefined {
		return this.#host.current === this
			? undefined
			: new Promise<void>((resolve) => void setImmediate(resolve));
	}

	/**
	 * What the app does in `open` must not be done amid the upgrade. Until v20.79 uWS looks at the end of the cork into memory
	 * which was the answer's and is free by then: whoever takes it in between may get the socket cut.
	 */
	accept(head: AcceptHead, events: SocketEvents): boolean {
		const way = this.#way;
		if (this.aborted || way === undefined) return false;
		const headers = checkAccept(head);
		this.isAccepted = true;
		const user = new User(events);
		this.#res.cork(() => {
			this.#res.writeStatus(joinHead(101, headers));
			this.#res.upgrade(
				{ user },
				this.header('sec-websocket-key') ?? '',
				head.protocol ?? '',
				this.header('sec-websocket-extensions') ?? '',
				way.context
			);
		});
		return way.begin();
	}

	/**
	 * Not in this turn: whoever is answered at once is asked what came behind in the same packet, and the wish to close is
	 * forgotten. What comes behind a request that waits for its answer is cut off by uWS itself.
	 */
	refuse(status: number): void {
		setImmediate(() => {
			if (this.aborted) return;
			this.#res.cork(() => this.#res.writeStatus(statusLine(status)).end('', true));
		});
	}

	override send(head: ResponseHead, body: ResponseBody): Promise<void> {
		const known = body instanceof Uint8Array ? this.#knownHead(head) : undefined;
		if (known === undefined) return super.send(head, body);
		this.beginAnswer();
		return new UwsSink(this.#res, this, this.#host.texts, known).end(body as Uint8Array);
	}

	#knownHead(head: ResponseHead): string | Uint8Array | undefined {
		if (!Object.isFrozen(head) || this.#host.stopping.hasBegun) return undefined;
		if (!hasBody(this.method, head.status)) return undefined;
		const { heads } = this.#host;
		let known = heads.get(head);
		if (known === undefined) {
			if (!areSendable(head.headers)) return undefined;
			known = joinHead(head.status, checkHeaders(head.headers));
			heads.set(head, known);
		}
		return known;
	}

	protected closeConnection(): void {
		this.#res.close();
	}

	protected readonly createSink = (status: number, headers: [string, string][]): UwsSink =>
		new UwsSink(this.#res, this, this.#host.texts, joinHead(status, headers));

	protected readBody(): RequestBody {
		const body = new RequestBody(this.#res);
		// Chunks that arrive before a listener are lost, and each one is detached when the listener returns.
		this.#res.onData((chunk, isLast) => {
			this.#host.current = this;
			body.receive(new Uint8Array(chunk.slice(0)));
			if (isLast) body.end();
		});
		return body;
	}
}
