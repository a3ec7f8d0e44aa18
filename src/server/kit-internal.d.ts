/** Kit exports this for adapters-node-like code without declaring it: `src/exports/internal/shared.js`. */
declare module '@sveltejs/kit/internal' {
	export class SvelteKitError extends Error {
		status: number;
		text: string;
		constructor(status: number, text: string, message: string);
	}
}

/** What `getRequestEvent` reads: `src/exports/internal/server/event.js`, in SvelteKit 2 `src/exports/internal/event.js`. */
declare module '@sveltejs/kit/internal/server' {
	import type { RequestEvent } from '@sveltejs/kit';

	interface RequestStore {
		readonly event: RequestEvent;
		readonly state: object;
	}
	export function getRequestEvent(): RequestEvent;
	export function try_get_request_store(): RequestStore | null;
	export function with_request_store<T>(store: RequestStore | null, call: () => T): T;
}
