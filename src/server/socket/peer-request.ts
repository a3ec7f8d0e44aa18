import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { Listened } from './listeners.ts';
import type { PeerClient, RequestOptions } from './peer-client.ts';
import { cannotAnswer, hasLeft } from './requests.ts';

/** What is kept of a request, with the names of Node's `IncomingMessage`. */
export interface RequestParts extends Pick<
	IncomingMessage,
	'method' | 'url' | 'headers' | 'rawHeaders'
> {
	socket: Pick<Socket, 'remoteAddress'>;
}

/** Who has kept the request of a peer. */
export interface KeptPeerRequest {
	readonly request: RequestParts;
}

/**
 * Ask the page, which has to be one that uses the client of this package, and has to answer requests.
 * @returns what it answers with, once it does. Rejected with the code `request_failed` and its status if that is an error,
 * `request_timeout` after `timeout` milliseconds (default: 10,000), `request_closed` if it leaves before, and
 * `request_unsupported` for another client.
 */
export type AskPage = (value: unknown, options?: RequestOptions) => Promise<unknown>;

/** The request that has opened a socket. Called, it is a request to the page. */
export type PeerRequest = IncomingMessage & AskPage;

/** Whoever was opened by a request, and may be asked. */
export abstract class Requested extends Listened {
	/** @internal */
	client: PeerClient | undefined;
	/** @internal */
	kept: KeptPeerRequest | undefined;
	#request: PeerRequest | undefined;

	abstract get readyState(): 1 | 2 | 3;

	/**
	 * Two things, whose names are both the usual ones. Called, it asks the page: see `AskPage`. And it is the request that has
	 * opened the socket, as Node has it: an `IncomingMessage` with its `method`, `url` (path and query), `headers`, `rawHeaders`
	 * and `socket.remoteAddress`, of which nothing more will come.
	 */
	get request(): PeerRequest {
		return (this.#request ??= this.#createRequest());
	}

	#createRequest(): PeerRequest {
		const ask: AskPage = async (value, options = {}) => {
			if (this.client === undefined) throw cannotAnswer();
			if (this.readyState !== 1) throw hasLeft();
			return this.client.request(value, options, ask);
		};
		return toRequest(ask, this.kept?.request);
	}
}

function toRequest(ask: AskPage, parts: RequestParts | undefined): PeerRequest {
	const socket = new Socket();
	Object.defineProperty(socket, 'remoteAddress', { value: parts?.socket.remoteAddress });
	const incoming = new IncomingMessage(socket);
	incoming.push(null);
	const { method, url, headers, rawHeaders } = parts ?? {};
	const found = { method, url, headers, rawHeaders, socket, complete: true, httpVersion: '1.1' };
	for (const [name, value] of Object.entries(found)) {
		Object.defineProperty(ask, name, { value, enumerable: true });
	}
	return Object.setPrototypeOf(ask, incoming) as PeerRequest;
}
