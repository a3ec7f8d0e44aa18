import type { IncomingMessage, ServerResponse } from 'node:http';
import { BaseExchange } from '../base-exchange.ts';
import type { HeaderPairs } from '../engine.ts';
import { RequestBody } from '../request-body.ts';
import { NodeSink } from './sink.ts';

/** One request on `node:http`. */
export class NodeExchange extends BaseExchange {
	readonly method: string;
	readonly target: string;
	readonly headers: HeaderPairs;
	readonly incoming: IncomingMessage;
	protected readonly res: ServerResponse;

	constructor(req: IncomingMessage, res: ServerResponse, isStopped?: () => boolean) {
		super(isStopped);
		this.incoming = req;
		this.res = res;
		this.method = req.method ?? 'GET';
		this.target = req.url ?? '/';
		this.headers = toPairs(req.rawHeaders);
		res.once('close', () => {
			if (!res.writableFinished && !this.isAccepted) this.abort();
		});
	}

	get address(): string {
		return this.incoming.socket.remoteAddress ?? '';
	}

	/** Over HTTP/2 requests of one connection cannot be taken for one another. */
	get connection(): object | undefined {
		return this.incoming.httpVersionMajor === 1 ? this.incoming.socket : undefined;
	}

	refuse(status: number): void {
		this.res.writeHead(status, { connection: 'close', 'content-length': 0 }).end();
	}

	protected readonly createSink = (status: number, headers: [string, string][]): NodeSink =>
		new NodeSink(this.res, this, status, headers);

	protected closeConnection(): void {
		this.res.destroy();
	}

	protected readBody(): RequestBody {
		const req = this.incoming;
		const body = new RequestBody(req);
		req.on('data', (chunk: Buffer) => body.receive(new Uint8Array(chunk)));
		req.once('end', () => body.end());
		// The response closes together with the connection: that is where the app is told.
		req.on('error', () => {});
		return body;
	}
}

/** Over HTTP/2, as in Vite's server with a certificate, the host is one of the pseudo headers (RFC 9113, section 8.3.1). */
function toPairs(rawHeaders: string[]): HeaderPairs {
	const headers: [string, string][] = [];
	for (let index = 0; index < rawHeaders.length; index += 2) {
		const name = (rawHeaders[index] ?? '').toLowerCase();
		const value = rawHeaders[index + 1] ?? '';
		if (name === ':authority') headers.push(['host', value]);
		else if (!name.startsWith(':')) headers.push([name, value]);
	}
	return headers;
}
