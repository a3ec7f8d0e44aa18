import type { IncomingMessage } from 'node:http';
import { Listened } from './listeners.ts';
import type { PeerClient, RequestOptions } from './peer-client.ts';
import { cannotAnswer, hasLeft } from './requests.ts';

/**
 * The request that has opened a socket, with the names of Node's `IncomingMessage`: the headers in lower case, and joined as there;
 * `url` is path and query.
 */
export type PeerRequest = Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'rawHeaders'> & {
	socket: Pick<IncomingMessage['socket'], 'remoteAddress'>;
};

/** Who has kept it. */
export interface KeptPeerRequest {
	readonly request: PeerRequest;
}

/**
 * Ask the page, which has to be one that uses the client of this package, and has to answer requests.
 * @returns what it answers with, once it does. Rejected with the code `request_failed` and its status if that is an error,
 * `request_timeout` after `timeout` milliseconds (default: 10,000), `request_closed` if it leaves before, and
 * `request_unsupported` for another client.
 */
export type AskPage = (value: unknown, options?: RequestOptions) => Promise<unknown>;

const names = ['method', 'url', 'headers', 'rawHeaders', 'socket'] as const;

/** Whoever was opened by a request, and may be asked. */
export abstract class Requested extends Listened {
	/** @internal */
	client: PeerClient | undefined;
	/** @internal What is kept of the request that has opened it. */
	kept: KeptPeerRequest | undefined;

	abstract get readyState(): 1 | 2 | 3;

	/**
	 * Two things, whose names are both the usual ones. Called, it asks the page: see `AskPage`. And it has the request that has
	 * opened the socket, as Node has it: `method`, `url`, `headers`, `rawHeaders`, `socket.remoteAddress`.
	 */
	get request(): PeerRequest & AskPage {
		const ask: AskPage = async (value, options = {}) => {
			if (this.client === undefined) throw cannotAnswer();
			if (this.readyState !== 1) throw hasLeft();
			return this.client.request(value, options, ask);
		};
		for (const name of names) {
			Object.defineProperty(ask, name, { get: () => this.kept?.request[name], enumerable: true });
		}
		return ask as PeerRequest & AskPage;
	}
}
