import { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Exchange } from '../engine/engine.ts';

/** The part of Node's `IncomingMessage` that every engine can give. On the Node engine it is the real one. */
export type PlatformRequest = Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'rawHeaders'> & {
	socket: Pick<IncomingMessage['socket'], 'remoteAddress'>;
};

/** `event.platform.req`. Nothing of it costs anything until it is asked for. */
export function platformRequest(exchange: Exchange): PlatformRequest {
	return exchange.incoming ?? new CopiedRequest(exchange);
}

/** What is copied of a request. */
type Copied = Pick<Exchange, 'method' | 'target' | 'headers' | 'header' | 'address'>;

/** A request of Node's in form, for an engine that has none, or when it is gone. */
export class CopiedRequest implements PlatformRequest {
	readonly #exchange: Copied;
	#socket: CopiedSocket | undefined;

	constructor(exchange: Copied) {
		this.#exchange = exchange;
	}

	get socket(): PlatformRequest['socket'] {
		return (this.#socket ??= new CopiedSocket(this.#exchange));
	}

	get method(): string {
		return this.#exchange.method;
	}

	get url(): string {
		return this.#exchange.target;
	}

	/** Repeated headers are joined; `set-cookie` is a list, as in Node. */
	get headers(): IncomingMessage['headers'] {
		const headers: IncomingMessage['headers'] = {};
		for (const [name] of this.#exchange.headers) headers[name] ??= this.#header(name);
		return headers;
	}

	get rawHeaders(): string[] {
		return this.#exchange.headers.flat();
	}

	#header(name: string): string | string[] | undefined {
		if (name !== 'set-cookie') return this.#exchange.header(name);
		return this.#exchange.headers.filter(([each]) => each === name).map(([, value]) => value);
	}
}

class CopiedSocket {
	readonly #exchange: Copied;

	constructor(exchange: Copied) {
		this.#exchange = exchange;
	}

	get remoteAddress(): string {
		return this.#exchange.address;
	}
}

/** A real one, for an exchange that is none of Node's, as if it had come on a connection. */
export function incomingAt(exchange: Copied, socket: Socket): IncomingMessage {
	const { method, target, headers } = exchange;
	return Object.assign(new IncomingMessage(socket), {
		method,
		url: target,
		httpVersion: '1.1',
		httpVersionMajor: 1,
		httpVersionMinor: 1,
		headers: new CopiedRequest(exchange).headers,
		rawHeaders: headers.flat(),
		complete: true
	});
}
