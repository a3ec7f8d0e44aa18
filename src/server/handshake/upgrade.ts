import type { RequestEvent } from '@sveltejs/kit';
import type { Interception, Resolve } from '../registry/interception.ts';
import { Refusal } from './request.ts';
import type { RouteMatch } from '../routing/routes.ts';
import type { SocketContext } from '../socket/context.ts';
import type { UpgradeEvent } from '../socket/handler.ts';
import { chooseProtocol } from './subprotocols.ts';

/** An upgrade that the app lets in: what it leaves behind for its peer. */
export interface AcceptedUpgrade {
	match: RouteMatch;
	data: unknown;
	locals: App.Locals;
	/** As the client asked for it. */
	url: string;
	/** The chosen subprotocol, if any. */
	protocol: string | undefined;
	context: SocketContext;
}

/**
 * @param rerouted where `reroute` leads to: a path that is encoded and has the base; undefined for where the client asked
 * @throws {Refusal} if no socket may be opened there
 */
export type FindRoute = (rerouted: string | undefined) => RouteMatch;

/**
 * A request to upgrade on its way through Kit's `handle`: where Kit would render a page, `upgrade` runs. Kit adds cookies
 * and headers to what its own `resolve` returns (`runtime/server/respond.js`); that is not called for an answer of the
 * hook, so they are kept here.
 */
export class PendingUpgrade implements Interception {
	readonly #order: number;
	readonly #signal: Pick<AbortSignal, 'aborted'>;
	readonly #find: FindRoute;
	readonly #request: Request;
	readonly #protocols: string[];
	/** What was set, by what makes it one. */
	#cookies: Map<string, string> | undefined;
	/** Kit refuses a name twice, but for `server-timing`, which it joins. */
	#headers: Headers | undefined;
	#path: string | undefined;
	#match: RouteMatch | undefined;
	#reached: PromiseWithResolvers<void> | undefined;
	#isReached = false;
	#isDecided = false;
	#refusal: Refusal | undefined;
	#accepted: AcceptedUpgrade | undefined;

	/**
	 * @param request with the URL the client asked for, whatever Kit is shown
	 * @param order its number among the upgrades
	 * @param signal the request's, or whoever knows what it would say
	 */
	constructor(
		find: FindRoute,
		request: Request,
		protocols: string[],
		order = 0,
		signal: Pick<AbortSignal, 'aborted'> = request.signal
	) {
		this.#order = order;
		this.#signal = signal;
		this.#find = find;
		this.#request = request;
		this.#protocols = protocols;
	}

	/** What it has set going may run on for as long as the process, such as a connection that others share. */
	get order(): number | undefined {
		return this.#isDecided ? undefined : this.#order;
	}

	/** It is over, or nobody waits for it any more. */
	decided(): void {
		this.#isDecided = true;
	}

	/** Kit has called `handle`; before that it may have answered by itself. */
	get isReached(): boolean {
		return this.#isReached;
	}

	/** When Kit calls `handle`. */
	get reached(): Promise<void> {
		this.#reached ??= Promise.withResolvers<void>();
		if (this.#isReached) this.#reached.resolve();
		return this.#reached.promise;
	}

	/** Set if the path led to no socket. */
	get refusal(): Refusal | undefined {
		return this.#refusal;
	}

	/** Set if `upgrade` let the client in. */
	get accepted(): AcceptedUpgrade | undefined {
		return this.#accepted;
	}

	reroute(path: string | undefined): void {
		this.#path = path;
	}

	/** From now on cookies and headers are noted, and where `reroute` leads to does not matter: that is over for this request. */
	enter(event: RequestEvent): Response | undefined {
		this.#isReached = true;
		this.#reached?.resolve();
		try {
			this.#match = this.#find(this.#path);
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			this.#refusal = error;
			return new Response(null, { status: error.status });
		}
		// Kit was shown another URL, or in dev another request, whose signal knows less.
		if (event.request !== this.#request) {
			Object.assign(event, { url: new URL(this.#request.url), request: this.#request });
		}
		this.#noteCookies(event.cookies);
		this.#noteHeaders(event);
		return undefined;
	}

	/** What Kit's `resolve` is for a page: the answer, here from the `upgrade` hook. */
	async resolve(event: RequestEvent, kit: Resolve): Promise<Response> {
		let response: Response;
		try {
			response = await this.#upgrade(event, kit);
		} catch (error) {
			const redirect = kit.redirection(error);
			if (redirect === undefined) return kit.fail(error);
			const { status, location } = redirect;
			response = new Response(null, { status, headers: { location } });
		}
		Object.assign(event.cookies, { set: setTooLate });
		for (const [name, value] of this.#headers ?? []) response.headers.set(name, value);
		for (const cookie of this.#cookies?.values() ?? []) {
			response.headers.append('set-cookie', cookie);
		}
		return response;
	}

	/** @throws whatever the hook throws */
	async #upgrade(event: RequestEvent, kit: Resolve): Promise<Response> {
		const match = this.#match;
		if (match === undefined) throw new Error('handle has not been entered');
		// The client is gone, or the time is up: nobody waits for an answer.
		if (this.#signal.aborted) return new Response(null, { status: 408 });
		const { route, params } = match;
		const upgradeEvent: UpgradeEvent<typeof params> = {
			...event,
			params,
			protocols: [...this.#protocols]
		};
		const data = route.handler.upgrade && (await route.handler.upgrade(upgradeEvent));
		if (data === false) return unauthorized();
		if (isResponse(data)) return await copy(data);
		const chosen = chooseProtocol(route, this.#protocols, upgradeEvent);
		const protocol = chosen instanceof Promise ? await chosen : chosen;
		const { url } = this.#request;
		const { locals } = event;
		this.#accepted = { match, data, locals, url, protocol, context: kit.context() };
		return new Response(null);
	}

	#noteCookies(cookies: RequestEvent['cookies']): void {
		const set = cookies.set.bind(cookies);
		const setAndNote: typeof set = (name, value, options) => {
			set(name, value, options);
			const key = JSON.stringify([name, options?.domain, options?.path]);
			this.#cookies ??= new Map();
			this.#cookies.set(key, cookies.serialize(name, value, options));
		};
		Object.assign(cookies, { set: setAndNote });
	}

	#noteHeaders(event: RequestEvent): void {
		const original = event.setHeaders;
		const setHeaders: typeof original = (headers) => {
			original(headers);
			this.#headers ??= new Headers();
			for (const [name, value] of Object.entries(headers)) this.#headers.append(name, value);
		};
		Object.assign(event, { setHeaders });
	}
}

function setTooLate(): never {
	throw new Error('Cookies cannot be set after the response has been generated');
}

function unauthorized(): Response {
	return new Response('Unauthorized', { status: 401, headers: { 'content-type': 'text/plain' } });
}

/** What every `Response` has, whoever has made it. */
type AnyResponse = Pick<Response, 'status' | 'statusText' | 'headers' | 'arrayBuffer'>;

/** Of any realm or library, such as node-fetch: what refuses a client must not be taken for its data. */
function isResponse(value: unknown): value is AnyResponse {
	return Object.prototype.toString.call(value) === '[object Response]';
}

/** Headers of a response may be fixed, and the body may be a stream of another kind. */
async function copy(response: AnyResponse): Promise<Response> {
	if (response instanceof Response) return new Response(response.body, response);
	const { status, statusText, headers } = response;
	const body = [204, 205, 304].includes(status) ? null : await response.arrayBuffer();
	return new Response(body, { status, statusText, headers: [...headers] });
}
