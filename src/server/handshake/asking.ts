import type { Exchange } from '../engine/engine.ts';
import { withoutHeartbeat } from './heartbeat.ts';
import { inTime } from './in-time.ts';
import type { HandshakeOptions } from './options.ts';
import type { SocketPaths } from './paths.ts';
import { hashRoot, withUrl } from './target.ts';
import type { PendingUpgrade } from './upgrade.ts';

type Options = Pick<
	HandshakeOptions,
	'ssr' | 'registry' | 'base' | 'isHashRouted' | 'upgradeTimeout' | 'startsLate'
>;

/** Asks the app about an upgrade: as a request through its `handle`, with `upgrade` in the place of a page. */
export class Asking {
	readonly #options: Options;
	readonly #paths: Pick<SocketPaths, 'withoutKey'>;

	constructor(options: Options, paths: Pick<SocketPaths, 'withoutKey'>) {
		this.#options = options;
		this.#paths = paths;
	}

	/** The request as the app should see it. */
	toShow(created: Request): Request {
		const request = this.#paths.withoutKey(withoutHeartbeat(created));
		// Errors of the app become a line of JSON for a client that names no preference, as a browser's WebSocket.
		if (!request.headers.has('accept')) request.headers.set('accept', 'application/json');
		return request;
	}

	/**
	 * @param controller of the signal that the app has
	 * @returns Kit's answer, or undefined once the client has left
	 * @throws {Refusal} 504, if it took too long
	 */
	async ask(
		exchange: Exchange,
		request: Request,
		pending: PendingUpgrade,
		controller: Pick<AbortController, 'abort'>
	): Promise<Response | undefined> {
		const { upgradeTimeout, startsLate } = this.#options;
		const begin = startsLate ? pending.reached : undefined;
		const ask = () => this.#respond(exchange, request, pending);
		try {
			return await inTime(exchange, upgradeTimeout, begin, controller, ask);
		} finally {
			pending.decided();
		}
	}

	async #respond(exchange: Exchange, request: Request, pending: PendingUpgrade): Promise<Response> {
		const { ssr, registry, base, isHashRouted } = this.#options;
		const respond = (shown: Request) =>
			registry.interceptions.run(pending, () => ssr.respond(shown, exchange));
		if (isHashRouted) return respond(withUrl(request, hashRoot(base)));
		const response = await respond(request);
		// Kit wants the trailing slash of a page that shares the path: it gets it, `handle` sees the URL as it was.
		const location = response.headers.get('location');
		if (pending.isReached || location === null || !response.headers.has('x-sveltekit-normalize')) {
			return response;
		}
		return respond(withUrl(request, location));
	}
}
