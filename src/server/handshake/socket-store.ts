import type { RequestEvent } from '@sveltejs/kit';
import { sharedRegistry } from '../registry/global.ts';
import type { RequestParts } from '../socket/peer-request.ts';
import type { Peer } from '../socket/peer.ts';
import { KeptRequest } from './kept-request.ts';
import type { RequestStore } from './kit-requests.ts';

/** What Kit finds when it is asked for the request inside of a hook: `getRequestEvent`, remote functions, `resolve`. */
export class SocketStore implements RequestStore {
	readonly #request: KeptRequest;
	/** Of the app as it was: in dev, after an edit, nothing is known of the new one before the next upgrade. */
	readonly #state: object | undefined;
	#event: RequestEvent | undefined;
	peer: Peer | undefined;

	/** @param state what is the same for every request */
	constructor(event: RequestEvent, state: object | undefined) {
		this.#request = new KeptRequest(event);
		this.#state = state;
	}

	/** As Node would have it. */
	get request(): RequestParts {
		return this.#request.toIncoming(this.#opened);
	}

	get event(): RequestEvent {
		return (this.#event ??= this.#request.toEvent(this.#opened));
	}

	get #opened(): Peer {
		if (this.peer === undefined) throw new Error('The socket is not open yet');
		return this.peer;
	}

	/**
	 * Made anew for each call: results that a request would remember, a socket would remember for good. And what is sent from
	 * here is read at another URL, so Kit's `resolve` must not give paths that are relative to this one, as it does but for
	 * a fallback page.
	 */
	get state(): object {
		const prerendering = { fallback: true, remote_responses: new Map(), dependencies: new Map() };
		return { ...(sharedRegistry().app.state ?? this.#state), prerendering, remote: {} };
	}
}

/** What is the same for every request. */
export function lightState(state: object | undefined): object {
	return { ...state, getClientAddress: undefined, platform: undefined };
}
