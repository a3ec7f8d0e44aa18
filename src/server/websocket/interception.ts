import type { RequestEvent } from '@sveltejs/kit';

/** A request that is answered from inside the app's `handle`, in the place where Kit would render. */
export interface Interception {
	/** Called before the app's `handle`. */
	enter(event: RequestEvent): void;
	/** What the app's `handle` gets for its `resolve`. `render` is Kit's own. */
	resolve(event: RequestEvent, render: () => Promise<Response>): Promise<Response>;
}

/**
 * A plain request for a socket path. A page or an endpoint that has the path answers it; where there is none, the answer
 * is 426 instead of Kit's page for 404.
 */
export class PlainVisit implements Interception {
	enter(): void {}

	resolve(event: RequestEvent, render: () => Promise<Response>): Promise<Response> {
		if (event.route.id !== null) return render();
		// RFC 9110, section 15.5.22
		const headers = { upgrade: 'websocket', 'content-type': 'text/plain' };
		return Promise.resolve(new Response('Here is a WebSocket', { status: 426, headers }));
	}
}
