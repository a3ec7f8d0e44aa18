import { isHttpError, isRedirect, type RequestEvent } from '@sveltejs/kit';
import { plainContext } from './peers.ts';
import type { Resolve } from '../../../src/server/registry/interception.ts';

export interface FakeEvent {
	event: RequestEvent;
	/** What reached Kit's own `cookies.set`. */
	cookies: string[];
	/** What reached Kit's own `setHeaders`. */
	headers: Record<string, string>[];
}

const serialize = (name: string, value: string, options: { path?: string; maxAge?: number } = {}) =>
	`${name}=${value}; Path=${options.path ?? '/'}${options.maxAge === 0 ? '; Max-Age=0' : ''}`;

/** As much of Kit's event as an upgrade touches. `cookies.delete` calls `cookies.set`, as in Kit. */
export function fakeEvent(url = 'https://example.com/chat', locals: App.Locals = {}): FakeEvent {
	const set: string[] = [];
	const headers: Record<string, string>[] = [];
	type Set = (name: string, value: string, options: object) => void;
	const cookies = {
		get: () => undefined,
		getAll: () => [],
		set: ((name) => void set.push(name)) as Set,
		delete: (name: string, options: object) => cookies.set(name, '', { ...options, maxAge: 0 }),
		serialize
	};
	const event = {
		cookies,
		fetch: globalThis.fetch,
		getClientAddress: () => '127.0.0.1',
		locals,
		params: {},
		platform: undefined,
		request: new Request(url),
		route: { id: null },
		setHeaders: (given: Record<string, string>) => void headers.push(given),
		url: new URL(url),
		isDataRequest: false,
		isSubRequest: false,
		isRemoteRequest: false
	} as unknown as RequestEvent;
	return { event, cookies: set, headers };
}

/** What Kit's own `resolve` does: a page, or what it makes of an error. */
export const fakeKit: Resolve = {
	render: () => Promise.resolve(new Response('the page')),
	fail: (error) => {
		const { status, body } = isHttpError(error)
			? error
			: { status: 500, body: { message: 'Internal Error' } };
		return Promise.resolve(Response.json(body, { status }));
	},
	redirection: (error) => (isRedirect(error) ? error : undefined),
	context: () => plainContext
};
