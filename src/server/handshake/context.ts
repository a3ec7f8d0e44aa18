import { AsyncResource } from 'node:async_hooks';
import type { RequestEvent } from '@sveltejs/kit';
import { sharedRegistry } from '../registry/global.ts';
import type { SocketContext } from '../socket/context.ts';
import type { RequestParts } from '../socket/peer-request.ts';
import type { Peer } from '../socket/peer.ts';
import { errorInput } from './error-input.ts';
import type { KitRequests } from './kit-requests.ts';
import { lightState, SocketStore } from './socket-store.ts';

/** Made where Kit would render: what the hooks of the socket will run in. */
export class RequestContext implements SocketContext {
	readonly #kit: KitRequests;
	readonly #store: SocketStore;
	/** As `AsyncLocalStorage.snapshot()` would be, but a kilobyte smaller. */
	readonly #inside: AsyncResource;

	/** @param event as `handle` has passed it on */
	constructor(event: RequestEvent, kit: KitRequests) {
		const { app, interceptions } = sharedRegistry();
		app.state ??= lightState(kit.try_get_request_store()?.state);
		this.#kit = kit;
		this.#store = new SocketStore(event, app.state);
		// The hooks are no part of the handshake.
		this.#inside = interceptions.run(undefined, () =>
			kit.with_request_store(this.#store, () => new AsyncResource('SOCKET'))
		);
	}

	begin(peer: Peer): void {
		this.#store.peer = peer;
	}

	run<T>(call: () => T): T {
		const { try_get_request_store, with_request_store } = this.#kit;
		return this.#inside.runInAsyncScope(() =>
			// While Kit calls something it also keeps the request in a variable, which is that of the caller.
			try_get_request_store() === this.#store ? call() : with_request_store(this.#store, call)
		);
	}

	get request(): RequestParts {
		return this.#store.request;
	}

	get report(): SocketContext['report'] {
		const { handleError } = sharedRegistry().app;
		return handleError && ((error) => handleError(errorInput(error, this.#store.event)));
	}
}
