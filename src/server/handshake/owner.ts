import type { RequestEvent } from '@sveltejs/kit';
import type { Closable } from '../registry/closings.ts';
import type { KitRequests } from './kit-requests.ts';
import { SocketStore } from './socket-store.ts';

/** Whose request is being answered here, or whose hook runs; undefined for a job, which is nobody's. */
export function currentOwner({ try_get_request_store }: KitRequests): Closable | undefined {
	const store = try_get_request_store();
	if (store === null) return undefined;
	return store instanceof SocketStore ? store.peer : visitor(store.event);
}

/** A request has no data, and no subprotocol. */
function visitor({ locals, params, url, getClientAddress }: RequestEvent): Closable {
	return {
		data: undefined,
		locals,
		params: { ...params } as Closable['params'],
		url,
		get address() {
			return getClientAddress();
		},
		protocol: ''
	};
}
