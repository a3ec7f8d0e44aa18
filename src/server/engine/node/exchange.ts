import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { BaseExchange } from '../base-exchange.ts';
import type { HeaderPairs } from '../engine.ts';
import type { RequestBody } from '../request-body.ts';
import type { Stopping } from '../stopping.ts';
import { readBody } from './body.ts';
import type { Connections } from './connections.ts';
import { toPairs } from './headers.ts';
import { cut, hasBodyOverHttp2, isHttp2 } from './http2.ts';
import { NodeSink } from './sink.ts';

/** One request on `node:http`, or on `node:http2` in the dress of that. */
export class NodeExchange extends BaseExchange {
	readonly method: string;
	readonly target: string;
	readonly headers: HeaderPairs;
	readonly address: string;
	readonly incoming: IncomingMessage;
	protected readonly res: ServerResponse;
	readonly #connections: Connections;
	#onSettled: (() => void) | undefined;

	constructor(
		req: IncomingMessage,
		res: ServerResponse,
		connections: Connections,
		stopping?: Stopping
	) {
		super(stopping);
		this.incoming = req;
		this.res = res;
		this.method = req.method ?? 'GET';
		this.target = req.url ?? '/';
		this.headers = toPairs(req.rawHeaders);
		// Asked for later, Node does not know it any more; asked for once, the connection keeps it too.
		this.address = req.socket.remoteAddress ?? '';
		this.#connections = connections;
		// Node says nothing to one that is queued behind another when the connection closes.
		if (res.socket === null) connections.add(req.socket, this);
		const settle = () => this.settle();
		// Middleware that compresses takes `res.on` over, for a stream of its own.
		EventEmitter.prototype.on.call(res, 'finish', settle);
		EventEmitter.prototype.on.call(res, 'close', settle);
	}

	/** Over HTTP/2 requests of one connection cannot be taken for one another. */
	get connection(): object | undefined {
		return isHttp2(this.incoming) ? undefined : this.incoming.socket;
	}

	/**
	 * The answer is out, or will never be: over HTTP/2 a response that nobody has ended finishes as well, and middleware may have
	 * ended what was begun here.
	 */
	settle(): void {
		this.release();
		const isOurs = this.isEnded || !this.isAnswered;
		if (!isOurs || !this.res.writableEnded || !this.res.writableFinished) this.abort();
		this.#onSettled?.();
	}

	/** To be called back then. */
	whenSettled(call: () => void): void {
		this.#onSettled = call;
	}

	refuse(status: number): void {
		void new NodeSink(this.res, this, status, [['connection', 'close']]).finish();
	}

	/** The connection is no longer the request's. */
	protected release(): void {
		this.#connections.remove(this.incoming.socket, this);
	}

	protected readonly createSink = (status: number, headers: [string, string][]): NodeSink =>
		new NodeSink(this.res, this, status, headers);

	protected closeConnection(): void {
		cut(this.res);
	}

	protected readBody(): RequestBody {
		return readBody(this.incoming);
	}

	/** Node closes right behind the answer: here it says that nothing follows, and goes on reading until the client closes. */
	protected override canClose(): boolean {
		const { socket } = this.incoming;
		if (!this.incoming.complete) socket.destroySoon = socket.end;
		return true;
	}

	protected override hasBody(): boolean {
		return isHttp2(this.incoming) ? hasBodyOverHttp2(this.incoming) : super.hasBody();
	}
}
