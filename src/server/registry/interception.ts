import type { RequestEvent } from '@sveltejs/kit';
import type { SocketContext } from '../socket/context.ts';
import type { Peer } from '../socket/peer.ts';

/** What Kit's own `resolve` can do for the request. */
export interface Resolve {
	/** Render a page, or call an endpoint. */
	render(): Promise<Response>;
	/** Answer as for an endpoint that throws: `handleError` is called, and the app's error becomes a response. */
	fail(error: unknown): Promise<Response>;
	/** What `redirect` has thrown, by the app's own copy of Kit. */
	redirection(error: unknown): { status: number; location: string } | undefined;
	/** What the hooks of a socket will run in that is opened by this request: where this is called. */
	context(): SocketContext;
}

/** A request that is answered from inside the app's `handle`, in the place where Kit would render. */
export interface Interception {
	/** The number of an upgrade that is not decided yet: see `Closings`. */
	readonly order?: number | undefined;
	/** Who is asked about again. */
	readonly peer?: Peer | undefined;
	/** Called with what the app's `reroute` returned; undefined leaves the path as it is. */
	reroute(path: string | undefined): void;
	/**
	 * Called before the app's `handle`.
	 * @returns the answer to a request that is not for `handle` at all
	 */
	enter(event: RequestEvent): Response | undefined;
	/** What the app's `handle` gets for its `resolve`. */
	resolve(event: RequestEvent, kit: Resolve): Promise<Response>;
}

/**
 * A plain request for a socket path. A page or an endpoint that has the path answers it; where there is none, the answer
 * is 426 instead of Kit's page for 404.
 */
export class PlainVisit implements Interception {
	reroute(): void {}

	enter(): undefined {}

	resolve(event: RequestEvent, { render }: Resolve): Promise<Response> {
		if (event.route.id !== null) return render();
		// RFC 9110, section 15.5.22
		const headers = { upgrade: 'websocket', 'content-type': 'text/plain' };
		return Promise.resolve(new Response('Here is a WebSocket', { status: 426, headers }));
	}
}

/**
 * A plain request for a path of which a param matcher could not tell whether a socket is there. A page or an endpoint that has
 * the path answers it; where there is none, the matcher's error does, as it would for a page: `handleError` hears of it.
 */
export class FailedVisit implements Interception {
	readonly #error: unknown;

	constructor(error: unknown) {
		this.#error = error;
	}

	reroute(): void {}

	enter(): undefined {}

	resolve(event: RequestEvent, { render, fail }: Resolve): Promise<Response> {
		return event.route.id === null ? fail(this.#error) : render();
	}
}
