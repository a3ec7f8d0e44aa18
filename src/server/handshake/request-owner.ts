import type { RequestEvent } from '@sveltejs/kit';
import type { CloseTarget } from '../registry/websockets.ts';
import type { KitRequests } from './kit-requests.ts';
import { SocketStore } from './socket-store.ts';

/** For whom the code runs that is running: the peer of a hook, or a request. Undefined for jobs of the server's own. */
export function currentOwner(kit: KitRequests): CloseTarget | undefined {
	const store = kit.try_get_request_store();
	if (store === null) return undefined;
	return store instanceof SocketStore ? store.peer : new RequestOwner(store.event);
}

/** A request, as what `websockets.close` asks its filter about. */
class RequestOwner implements CloseTarget {
	readonly data = undefined;
	readonly protocol = '';
	readonly topics: ReadonlySet<string> = new Set();
	readonly #event: RequestEvent;

	constructor(event: RequestEvent) {
		this.#event = event;
	}

	get locals(): App.Locals {
		return this.#event.locals;
	}

	/** Kit lets no query see them. */
	get params(): CloseTarget['params'] {
		return attempt(() => this.#event.params) ?? {};
	}

	get url(): URL {
		return attempt(() => this.#event.url) ?? new URL(this.#event.request.url);
	}

	get address(): string {
		return attempt(() => this.#event.getClientAddress()) ?? '';
	}
}

function attempt<T>(read: () => T): T | undefined {
	try {
		return read();
	} catch {
		return undefined;
	}
}
