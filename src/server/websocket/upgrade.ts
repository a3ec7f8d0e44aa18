import { isHttpError, isRedirect, type RequestEvent } from '@sveltejs/kit';
import type { Interception } from './interception.ts';
import type { RouteMatch } from './routes.ts';
import type { UpgradeEvent } from './types.ts';

/** What an upgrade that was let in leaves behind for its peer. */
export interface AcceptedUpgrade {
	data: unknown;
	locals: App.Locals;
}

/**
 * A request to upgrade on its way through Kit's `handle`: where Kit would render a page, `upgrade` runs. Kit adds cookies
 * and headers to what its own `resolve` returns (`runtime/server/respond.js`); that is not called, so they are kept here.
 */
export class PendingUpgrade implements Interception {
	readonly #match: RouteMatch;
	readonly #request: Request;
	readonly #protocols: string[];
	readonly #cookies = new Map<string, string>();
	/** Kit refuses a name twice, but for `server-timing`, which it joins. */
	readonly #headers = new Headers();
	#isReached = false;
	#accepted: AcceptedUpgrade | undefined;

	/** @param request with the URL the client asked for, whatever Kit is shown */
	constructor(match: RouteMatch, request: Request, protocols: string[]) {
		this.#match = match;
		this.#request = request;
		this.#protocols = protocols;
	}

	/** Kit has called `handle`; before that it may have answered by itself. */
	get isReached(): boolean {
		return this.#isReached;
	}

	/** Set if `upgrade` let the client in. */
	get accepted(): AcceptedUpgrade | undefined {
		return this.#accepted;
	}

	/** To be called before the app's `handle`: from now on cookies and headers are noted. */
	enter(event: RequestEvent): void {
		this.#isReached = true;
		if (event.url.href !== this.#request.url) {
			Object.assign(event, { url: new URL(this.#request.url), request: this.#request });
		}
		this.#noteCookies(event.cookies);
		this.#noteHeaders(event);
	}

	/** What Kit's `resolve` is for a page: the answer, here from the `upgrade` hook. */
	async resolve(event: RequestEvent): Promise<Response> {
		const response = await this.#upgrade(event);
		event.cookies.set = () => {
			throw new Error('Cookies cannot be set after the response has been generated');
		};
		for (const [name, value] of this.#headers) response.headers.set(name, value);
		for (const cookie of this.#cookies.values()) response.headers.append('set-cookie', cookie);
		return response;
	}

	/** Errors that are no refusal go on to Kit, which calls `handleError` and answers 500. */
	async #upgrade(event: RequestEvent): Promise<Response> {
		const { route, params } = this.#match;
		const upgradeEvent: UpgradeEvent = { ...event, params, protocols: this.#protocols };
		try {
			const data = await route.handler.upgrade?.(upgradeEvent);
			if (data instanceof Response) return new Response(data.body, data);
			this.#accepted = { data, locals: event.locals };
			return new Response(null);
		} catch (error) {
			if (isHttpError(error)) return new Response(error.body.message, { status: error.status });
			if (!isRedirect(error)) throw error;
			return new Response(null, { status: error.status, headers: { location: error.location } });
		}
	}

	#noteCookies(cookies: RequestEvent['cookies']): void {
		const set = cookies.set.bind(cookies);
		cookies.set = (name, value, options) => {
			set(name, value, options);
			const key = JSON.stringify([name, options?.domain, options?.path]);
			this.#cookies.set(key, cookies.serialize(name, value, options));
		};
	}

	#noteHeaders(event: RequestEvent): void {
		const original = event.setHeaders;
		const setHeaders: typeof original = (headers) => {
			original(headers);
			for (const [name, value] of Object.entries(headers)) this.#headers.append(name, value);
		};
		Object.assign(event, { setHeaders });
	}
}
