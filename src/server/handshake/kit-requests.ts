import type { RequestEvent } from '@sveltejs/kit';

/** What Kit keeps of a request while it answers it. */
export interface RequestStore {
	readonly event: RequestEvent;
	/** Kit's own, different in each version. */
	readonly state: object;
}

/** How the app's own copy of Kit keeps it: `@sveltejs/kit/internal/server`. */
export interface KitRequests {
	/** The request that is being answered here, if any. */
	try_get_request_store(): RequestStore | null;
	with_request_store<T>(store: RequestStore | null, call: () => T): T;
}

/** What the build can hand over: `@sveltejs/kit/internal/server`, or `$app/server` of SvelteKit before 2.31. */
export interface RequestExports extends Partial<KitRequests> {
	getRequestEvent(): RequestEvent;
}

export function toKitRequests(exports: RequestExports): KitRequests {
	const { getRequestEvent, try_get_request_store, with_request_store } = exports;
	if (try_get_request_store && with_request_store) {
		return { try_get_request_store, with_request_store };
	}
	return {
		try_get_request_store() {
			try {
				return { event: getRequestEvent(), state: {} };
			} catch {
				return null;
			}
		},
		// What there is, is in the async context.
		with_request_store: (_, call) => call()
	};
}
