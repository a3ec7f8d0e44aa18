import { cookiesHeader, livePath } from '../../shared/live.ts';
import type { CookieChanges } from './cookie-changes.ts';
import { NoAnswer } from './live-answer.ts';
import type { LivePage } from './live-page.ts';
import { findLiveQuery, isUnsafe, type LiveQuery } from './live-query.ts';
import { patience, type LiveSockets } from './live-sockets.ts';

/** Those of a redirect that `fetch` follows. */
const redirects = [301, 302, 303, 307, 308];

/** What takes the place of `fetch`: live queries go over a socket, and everything else where it has always gone. */
export class LiveFetch {
	readonly #page: LivePage;
	readonly #sockets: LiveSockets;
	readonly #changes: CookieChanges;

	constructor(page: LivePage, sockets: LiveSockets, changes: CookieChanges) {
		this.#page = page;
		this.#sockets = sockets;
		this.#changes = changes;
	}

	readonly fetch: typeof fetch = (input, init) => {
		const query = findLiveQuery(input, init, this.#page);
		if (query) return this.#ask(query, input, init);
		const answer = this.#page.fetch(input, init);
		if (isUnsafe(input, init)) this.#changes.during(answer);
		return answer;
	};

	async #ask(
		query: LiveQuery,
		input: RequestInfo | URL,
		init: RequestInit | undefined
	): Promise<Response> {
		const { signal } = query;
		signal?.throwIfAborted();
		const answer = await this.#sockets.ask(query);
		signal?.throwIfAborted();
		if (answer === undefined) return this.#page.fetch(input, init);
		try {
			const head = await answer.head;
			if (head.cookies !== undefined) await this.#setCookies(head.cookies);
			signal?.throwIfAborted();
			const location = head.headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
			if (location === undefined || !redirects.includes(head.status)) {
				return answer.toResponse(head, query.url);
			}
			answer.leave();
			return await this.#page.fetch(
				new URL(location, query.url),
				init ?? { headers: query.headers, signal: signal ?? null }
			);
		} catch (error) {
			if (error instanceof NoAnswer) return this.#page.fetch(input, init);
			throw error;
		}
	}

	/** Only HTTP brings cookies into a browser. As with `fetch` they are there when the answer is, unless that takes too long. */
	async #setCookies(key: string): Promise<void> {
		const set = this.#page
			.fetch(new URL(this.#page.base + livePath, this.#page.url), {
				headers: { [cookiesHeader]: key },
				cache: 'no-store'
			})
			.catch(() => {});
		this.#changes.during(set);
		await Promise.race([set, new Promise((resolve) => setTimeout(resolve, patience))]);
	}
}
