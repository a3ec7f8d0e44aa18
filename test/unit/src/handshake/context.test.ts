import { AsyncLocalStorage } from 'node:async_hooks';
import { error as httpError, type RequestEvent } from '@sveltejs/kit';
import { SvelteKitError } from '@sveltejs/kit/internal';
import * as requests from '@sveltejs/kit/internal/server';
import { afterEach, describe, expect, it } from 'vitest';
import { RequestContext } from '../../../../src/server/handshake/context.ts';
import { currentOwner } from '../../../../src/server/handshake/request-owner.ts';
import { toKitRequests, type KitRequests } from '../../../../src/server/handshake/kit-requests.ts';
import { Registry } from '../../../../src/server/registry/registry.ts';
import { PlainVisit } from '../../../../src/server/registry/interception.ts';
import { sharedRegistry } from '../../../../src/server/registry/global.ts';
import { Peer } from '../../../../src/server/socket/peer.ts';
import { FakeSocket } from '../../support/engine.ts';
import { fakeEvent } from '../../support/event.ts';
import { identity } from '../../support/peers.ts';

const { getRequestEvent, with_request_store } = requests;

const user = new AsyncLocalStorage<string>();

afterEach(() => {
	sharedRegistry().app = {};
});

function eventOf(name: string, more: object = {}): RequestEvent {
	const { event } = fakeEvent(`https://example.com/${name}`, { user: name } as App.Locals);
	const headers = { 'user-agent': `browser of ${name}`, cookie: `name=${name}` };
	const request = new Request(event.url, { headers });
	const cookies = { ...event.cookies, getAll: () => [{ name: 'name', value: name }] };
	return Object.assign(event, { request, cookies, ...more });
}

/** A context as an upgrade makes it: inside of `handle`, which has opened a store of its own. */
function open(name: string, event = eventOf(name), kit: KitRequests = requests) {
	const url = new URL(`https://example.com/${name}?x=1`);
	const peer = new Peer(new FakeSocket(), new Registry(), {
		...identity,
		url,
		locals: event.locals
	});
	const state = { transport: 'of the app', remote: { data: new Map([['stale', 1]]) } };
	const make = () => user.run(name, () => new RequestContext(event, kit));
	const context = sharedRegistry().interceptions.run(new PlainVisit(), () =>
		with_request_store({ event, state }, make)
	);
	context.begin(peer);
	return { context, peer, event };
}

describe('the context of a socket', () => {
	it('is that of its upgrade, whoever causes the call, and leaves the caller in its own', () => {
		const ada = open('Ada').context;
		const grace = open('Grace').context;
		const seen = user.run('somebody', () => [
			ada.run(() => [user.getStore(), grace.run(() => user.getStore()), user.getStore()]),
			user.getStore()
		]);
		expect(seen).toEqual([['Ada', 'Grace', 'Ada'], 'somebody']);
	});

	it('goes on after what is awaited', async () => {
		const { context } = open('Ada');
		const later = async () => {
			await new Promise((resolve) => void setTimeout(resolve));
			return [user.getStore(), getRequestEvent().locals];
		};
		expect(await context.run(later)).toEqual(['Ada', { user: 'Ada' }]);
	});

	it('is no part of the handshake', () => {
		const { interceptions } = sharedRegistry();
		expect(open('Ada').context.run(() => interceptions.getStore())).toBeUndefined();
	});

	it('passes on what is returned and thrown', () => {
		const { context } = open('Ada');
		expect(context.run(() => 7)).toBe(7);
		expect(() =>
			context.run(() => {
				throw new RangeError('thrown');
			})
		).toThrow(RangeError);
	});

	it('has its own request though Kit answers another one, and that one has its own again', async () => {
		const { context } = open('Ada');
		const answered = eventOf('Admin');
		const seen = await with_request_store({ event: answered, state: {} }, async () => {
			const inside = context.run(() => getRequestEvent().locals);
			await Promise.resolve();
			return [inside, getRequestEvent().locals];
		});
		expect(seen).toEqual([{ user: 'Ada' }, { user: 'Admin' }]);
	});
});

describe('what Kit keeps beside the request', () => {
	const state = () => requests.try_get_request_store()?.state as Record<string, unknown>;

	it('is there in a hook, without what a request remembers of its results', () => {
		const { context } = open('Ada');
		expect(context.run(state)).toMatchObject({ transport: 'of the app', remote: {} });
		expect(context.run(state)['remote']).toEqual({});
	});

	it('stays after an edit of the hooks, until it is known of the new ones', () => {
		const { context } = open('Ada');
		sharedRegistry().app = {};
		expect(context.run(state)).toMatchObject({ transport: 'of the app' });
		sharedRegistry().app = { state: { transport: 'of the edited app' } };
		expect(context.run(state)).toMatchObject({ transport: 'of the edited app' });
	});
});

describe('the context of a socket, before SvelteKit 2.31', () => {
	const old = toKitRequests({ getRequestEvent });

	it('is that of its upgrade, with the event of it', () => {
		const event = eventOf('Ada');
		const { context } = open('Ada', event, old);
		expect(context.run(() => user.getStore())).toBe('Ada');
		expect(context.run(() => getRequestEvent())).toBe(event);
	});

	it('gives the event to handleError all the same', () => {
		const seen: { event?: RequestEvent }[] = [];
		sharedRegistry().app = { handleError: (input) => seen.push(input as never) };
		const { context } = open('Ada', eventOf('Ada'), old);
		context.report?.(new Error('it broke'));
		expect(seen[0]?.event?.locals).toEqual({ user: 'Ada' });
	});
});

describe('the request event in a hook', () => {
	const within = <T>(name: string, look: (event: RequestEvent) => T) =>
		open(name).context.run(() => look(getRequestEvent()));

	it('is the same each time, with who it was', () => {
		const { context, event } = open('Ada');
		const seen = context.run(() => [getRequestEvent(), getRequestEvent()]);
		expect(seen[0]).toBe(seen[1]);
		expect(seen[0]?.locals).toBe(event.locals);
		expect(seen[0]).toMatchObject({ params: {}, route: { id: null }, isSubRequest: false });
	});

	it('has the URL, headers, cookies and address of the request', () => {
		within('Ada', (event) => {
			expect(event.url.href).toBe('https://example.com/Ada?x=1');
			expect(event.request.url).toBe(event.url.href);
			expect(event.request.headers.get('user-agent')).toBe('browser of Ada');
			expect(event.cookies.get('name')).toBe('Ada');
			expect(event.cookies.get('other')).toBeUndefined();
			expect(event.cookies.getAll()).toEqual([{ name: 'name', value: 'Ada' }]);
			expect(event.getClientAddress()).toBe('127.0.0.1');
		});
	});

	it('has a signal, which aborts with the socket', () => {
		const { context, peer } = open('Ada');
		const { signal } = context.run(() => getRequestEvent()).request;
		expect(signal.aborted).toBe(false);
		peer.markClosed();
		expect(signal.aborted).toBe(true);
	});

	it('has a platform where there was one, with a copy of its request', () => {
		const platform = { req: { url: 'of Node' }, websockets: sharedRegistry(), db: 'mine' };
		const { context } = open('Ada', eventOf('Ada', { platform }));
		const seen = context.run(() => getRequestEvent().platform);
		expect(seen).toMatchObject({ websockets: platform.websockets, db: 'mine' });
		expect(seen?.req).toMatchObject({ method: 'GET', url: '/Ada?x=1' });
		expect(seen?.req.headers['user-agent']).toBe('browser of Ada');
		expect(open('Ada').context.run(() => getRequestEvent().platform)).toBeUndefined();
	});

	it('has an answer that is out: nothing can be set, and the app itself is not fetched', async () => {
		const event = within('Ada', (given) => given);
		expect(() => event.setHeaders({ a: 'b' })).toThrow('was answered');
		expect(() => event.cookies.set('a', 'b', { path: '/' })).toThrow('was answered');
		expect(() => event.cookies.delete('a', { path: '/' })).toThrow('was answered');
		await expect(event.fetch('/api')).rejects.toThrow('was answered');
		await expect(event.fetch('https://example.com/api')).rejects.toThrow('was answered');
		expect(await (await event.fetch('data:text/plain,elsewhere')).text()).toBe('elsewhere');
	});
});

describe('an error of a hook', () => {
	const report = (thrown: unknown) => {
		const seen: Record<string, unknown>[] = [];
		sharedRegistry().app = { handleError: (input) => seen.push(input as never) };
		const { context } = open('Ada');
		context.run(() => context.report?.(thrown));
		const [{ event, ...rest } = {}, ...more] = seen;
		expect(more).toEqual([]);
		expect(event).toBe(context.run(() => getRequestEvent()));
		return rest;
	};

	it('is given to handleError as Kit gives it, with the event', () => {
		const failure = new Error('it broke');
		expect(report(failure)).toEqual({ kind: 'unknown', error: failure });
		expect(report(undefined)).toEqual({ kind: 'unknown', error: undefined });
		const missing = { kind: 'framework', error: { status: 404, message: 'Not Found' } };
		expect(report(new SvelteKitError(404, 'Not Found', 'no route'))).toEqual(missing);
		let expected: unknown;
		try {
			httpError(403, 'Not you');
		} catch (thrown) {
			expected = thrown;
		}
		const body = { status: 403, message: 'Not you' };
		expect(report(expected)).toEqual({ kind: 'app', error: body });
	});

	it('is given to the handleError that there is by then', () => {
		const seen: string[] = [];
		const { context } = open('Ada');
		expect(context.report).toBeUndefined();
		for (const name of ['first', 'second']) {
			sharedRegistry().app = { handleError: () => seen.push(name) };
			context.report?.(new Error('it broke'));
		}
		expect(seen).toEqual(['first', 'second']);
	});
});

describe('the owner of what is running', () => {
	it('is the peer in a hook, the request in a request, and nobody outside of both', () => {
		const { context, peer } = open('Ada');
		const event = eventOf('Grace', { params: { room: 'a' } });
		expect(context.run(() => currentOwner(requests))).toBe(peer);
		expect(currentOwner(requests)).toBeUndefined();
		const owner = with_request_store({ event, state: {} }, () => currentOwner(requests));
		expect({ ...owner, locals: owner?.locals, params: owner?.params }).toEqual({
			data: undefined,
			protocol: '',
			topics: new Set(),
			locals: { user: 'Grace' },
			params: { room: 'a' }
		});
		expect([owner?.url.pathname, owner?.address]).toEqual(['/Grace', '127.0.0.1']);
	});

	it('has a URL and an address whatever Kit refuses to tell', () => {
		const event = eventOf('Grace');
		for (const name of ['url', 'params', 'getClientAddress']) {
			const get = () => {
				throw new Error('not in a query');
			};
			Object.defineProperty(event, name, { get });
		}
		const owner = with_request_store({ event, state: {} }, () => currentOwner(requests));
		expect(owner?.url.href).toBe('https://example.com/Grace');
		expect([owner?.params, owner?.address]).toEqual([{}, '']);
	});
});
