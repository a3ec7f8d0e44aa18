import { error, redirect, type RequestEvent } from '@sveltejs/kit';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../../../src/server/handshake/request.ts';
import type { AnyHandler } from '../../../../src/server/socket/handler.ts';
import { PendingUpgrade } from '../../../../src/server/handshake/upgrade.ts';
import { fakeEvent, fakeKit } from '../../support/event.ts';

type Upgrade = NonNullable<AnyHandler['upgrade']>;

function pendingOf(upgrade: Upgrade | undefined, url = 'https://example.com/chat/lobby') {
	const handler: AnyHandler = upgrade ? { upgrade } : {};
	const match = { route: { id: '/chat/[room]', handler }, params: { room: 'lobby' } };
	return new PendingUpgrade(() => match, new Request(url), ['chat', 'superchat']);
}

/** The upgrade on its whole way, through a `handle` that does nothing. */
async function run(upgrade?: Upgrade, event: RequestEvent = fakeEvent().event, kit = fakeKit) {
	const pending = pendingOf(upgrade);
	pending.enter(event);
	const response = await pending.resolve(event, kit);
	return { pending, response };
}

describe('an upgrade that lets the client in', () => {
	it.each<[string, Upgrade | undefined, unknown]>([
		['nothing, without the hook', undefined, undefined],
		['what the hook returns', () => ({ name: 'Ada' }), { name: 'Ada' }],
		['what the hook resolves to', () => Promise.resolve(7), 7],
		['nothing, from a hook that returns nothing', () => {}, undefined],
		['null', () => null, null],
		['0', () => 0, 0],
		['NaN', () => NaN, NaN],
		['an empty string', () => '', ''],
		['the word false', () => 'false', 'false']
	])('leaves as data: %s', async (_, upgrade, data) => {
		const { pending, response } = await run(upgrade);
		expect(pending.accepted?.data).toEqual(data);
		expect(pending.accepted).toHaveProperty('data');
		expect(response.ok).toBe(true);
		expect(response.body).toBeNull();
	});

	it('leaves the locals of its event', async () => {
		const { event } = fakeEvent(undefined, { user: 'Ada' } as App.Locals);
		const { pending } = await run(undefined, event);
		expect(pending.accepted?.locals).toBe(event.locals);
	});

	it('sees the event of handle, with the params of its path and what the client offers', async () => {
		const { event } = fakeEvent();
		const seen: unknown[] = [];
		await run((given) => {
			seen.push(given);
			return undefined;
		}, event);
		expect(seen).toEqual([
			{ ...event, params: { room: 'lobby' }, protocols: ['chat', 'superchat'] }
		]);
	});

	it('may do to what the client offers as it likes: it is still offered', async () => {
		const upgrade: Upgrade = ({ protocols }) => void protocols.splice(0);
		const handler: AnyHandler = { upgrade, protocols: ['superchat'] };
		const match = { route: { id: '/chat', handler }, params: {} };
		const request = new Request('https://example.com/chat');
		const pending = new PendingUpgrade(() => match, request, ['chat', 'superchat']);
		const { event } = fakeEvent();
		pending.enter(event);
		await pending.resolve(event, fakeKit);
		expect(pending.accepted?.protocol).toBe('superchat');
	});

	it('leaves the params of the event of handle as Kit made them', async () => {
		const { event } = fakeEvent();
		await run(undefined, event);
		expect(event.params).toEqual({});
	});
});

describe('an upgrade that refuses the client', () => {
	it('by error() answers with that status and message', async () => {
		const { pending, response } = await run(() => error(401, 'Sign in first'));
		expect(response.status).toBe(401);
		expect(await response.json()).toMatchObject({ message: 'Sign in first' });
		expect(pending.accepted).toBeUndefined();
	});

	it('by redirect() answers with that place', async () => {
		const { pending, response } = await run(() => redirect(303, '/login?from=chat'));
		expect(response.status).toBe(303);
		expect(response.headers.get('location')).toBe('/login?from=chat');
		expect(pending.accepted).toBeUndefined();
	});

	it('by a Response answers with it', async () => {
		const init = { status: 429, headers: { 'retry-after': '5' } };
		const { pending, response } = await run(() => new Response('Slow down', init));
		expect(response.status).toBe(429);
		expect(response.headers.get('retry-after')).toBe('5');
		expect(await response.text()).toBe('Slow down');
		expect(pending.accepted).toBeUndefined();
	});

	it('by a Response does so even if that is a 200', async () => {
		const { pending, response } = await run(() => Response.json({ later: true }));
		expect(response.status).toBe(200);
		expect(pending.accepted).toBeUndefined();
	});

	it.each<[string, Upgrade]>([
		['false', () => false],
		['a promise of false', () => Promise.resolve(false)]
	])('by %s answers 401', async (_, upgrade) => {
		const { pending, response } = await run(upgrade);
		expect(response.status).toBe(401);
		expect(await response.text()).toBe('Unauthorized');
		expect(pending.accepted).toBeUndefined();
	});

	it.each([403, 204])('by a Response of another realm does so too: %i', async (status) => {
		const foreign = {
			[Symbol.toStringTag]: 'Response',
			status,
			statusText: 'No',
			headers: new Map([['x-why', 'because']]),
			body: 'a stream of Node, as node-fetch has it',
			arrayBuffer: () => Promise.resolve(Buffer.from('Not you'))
		};
		const { pending, response } = await run(() => foreign);
		expect([response.status, response.statusText]).toEqual([status, 'No']);
		expect(response.headers.get('x-why')).toBe('because');
		expect(await response.text()).toBe(status === 204 ? '' : 'Not you');
		expect(pending.accepted).toBeUndefined();
	});

	it.each(['throws', 'rejects'])('by accident leaves the error to Kit: %s', async (how) => {
		const failure = new TypeError('it broke');
		const upgrade = (): Promise<never> => {
			if (how === 'throws') throw failure;
			return Promise.reject(failure);
		};
		const told: unknown[] = [];
		const fail = (thrown: unknown) => {
			told.push(thrown);
			return fakeKit.fail(thrown);
		};
		const { pending, response } = await run(upgrade, fakeEvent().event, { ...fakeKit, fail });
		expect(told).toEqual([failure]);
		expect(response.status).toBe(500);
		expect(pending.accepted).toBeUndefined();
	});
});

describe('the path of an upgrade', () => {
	const found = { route: { id: '/chat', handler: {} }, params: {} };

	it('that leads to no socket ends it before handle', () => {
		const missing = (): never => {
			throw new Refusal(404, 'No socket here');
		};
		const pending = new PendingUpgrade(missing, new Request('https://example.com/nowhere'), []);
		expect(pending.enter(fakeEvent().event)?.status).toBe(404);
		expect(pending.refusal?.message).toBe('No socket here');
	});

	it.each([
		['as it came, where reroute has nothing to say', undefined],
		['what reroute made of it', '/chat']
	])('is %s', (_, path) => {
		const seen: (string | undefined)[] = [];
		const find = (rerouted: string | undefined) => {
			seen.push(rerouted);
			return found;
		};
		const pending = new PendingUpgrade(find, new Request('https://example.com/de/chat'), []);
		pending.reroute(path);
		pending.enter(fakeEvent().event);
		pending.reroute('/asked/by/a/fetch');
		expect(seen).toEqual([path]);
	});
});

describe('cookies and headers', () => {
	const enter = (handler?: Upgrade) => {
		const fake = fakeEvent();
		const pending = pendingOf(handler);
		pending.enter(fake.event);
		return { ...fake, pending };
	};

	it('that handle sets travel on the answer', async () => {
		const { event, pending } = enter();
		event.cookies.set('session', 'a', { path: '/' });
		event.setHeaders({ 'x-served-by': 'me' });
		const response = await pending.resolve(event, fakeKit);
		expect(response.headers.getSetCookie()).toEqual(['session=a; Path=/']);
		expect(response.headers.get('x-served-by')).toBe('me');
	});

	it('that upgrade sets travel on the answer', async () => {
		const { event, pending } = enter(({ cookies, setHeaders }) => {
			cookies.set('seen', '1', { path: '/chat' });
			setHeaders({ 'x-room': 'lobby' });
		});
		const response = await pending.resolve(event, fakeKit);
		expect(response.headers.getSetCookie()).toEqual(['seen=1; Path=/chat']);
		expect(response.headers.get('x-room')).toBe('lobby');
	});

	it.each<[string, Upgrade]>([
		['redirect()', () => redirect(302, '/')],
		['a Response', () => new Response('no', { status: 400 })],
		// The headers of these two cannot be changed.
		['a static Response', () => Response.redirect('https://example.com/', 302)],
		['a fetched Response', () => fetch('data:text/plain,no')]
	])('travel on a refusal by %s too', async (_, refuse) => {
		const { event, pending } = enter(refuse);
		event.cookies.set('a', '1', { path: '/' });
		const response = await pending.resolve(event, fakeKit);
		expect(response.headers.getSetCookie()).toEqual(['a=1; Path=/']);
	});

	it('reach Kit as well, so that a later get finds them', () => {
		const { event, cookies, headers } = enter();
		event.cookies.set('a', '1', { path: '/' });
		event.setHeaders({ 'x-a': '1' });
		expect(cookies).toEqual(['a']);
		expect(headers).toEqual([{ 'x-a': '1' }]);
	});

	it('keep the last value of a cookie, and those of other paths', async () => {
		const { event, pending } = enter();
		event.cookies.set('a', '1', { path: '/' });
		event.cookies.set('a', '2', { path: '/' });
		event.cookies.set('a', '3', { path: '/chat' });
		event.cookies.set('b', '4', { path: '/' });
		expect((await pending.resolve(event, fakeKit)).headers.getSetCookie().toSorted()).toEqual([
			'a=2; Path=/',
			'a=3; Path=/chat',
			'b=4; Path=/'
		]);
	});

	it('cannot be set once the answer is made: that would be lost', async () => {
		const { event, pending } = enter();
		await pending.resolve(event, fakeKit);
		expect(() => event.cookies.set('a', '1', { path: '/' })).toThrow(
			'Cookies cannot be set after the response has been generated'
		);
	});

	it('include a cookie that is deleted', async () => {
		const { event, pending } = enter();
		event.cookies.delete('a', { path: '/' });
		expect((await pending.resolve(event, fakeKit)).headers.getSetCookie()).toEqual([
			'a=; Path=/; Max-Age=0'
		]);
	});

	// Kit's own setHeaders appends this one and refuses any other that is set twice.
	it('keep every server-timing', async () => {
		const { event, pending } = enter();
		event.setHeaders({ 'server-timing': 'db;dur=1' });
		event.setHeaders({ 'Server-Timing': 'auth;dur=2' });
		expect((await pending.resolve(event, fakeKit)).headers.get('server-timing')).toBe(
			'db;dur=1, auth;dur=2'
		);
	});

	it('of one upgrade are not those of another', async () => {
		const first = enter();
		const second = enter();
		first.event.cookies.set('a', '1', { path: '/' });
		expect((await second.pending.resolve(second.event, fakeKit)).headers.getSetCookie()).toEqual(
			[]
		);
	});
});

describe('an upgrade on its way', () => {
	it('is reached once Kit has called handle', () => {
		const pending = pendingOf(undefined);
		expect(pending.isReached).toBe(false);
		pending.enter(fakeEvent().event);
		expect(pending.isReached).toBe(true);
		expect(pending.accepted).toBeUndefined();
	});

	it('shows handle the URL that the client asked for, whatever Kit was shown', () => {
		const pending = pendingOf(undefined, 'https://example.com/chat/lobby?x=1');
		const { event } = fakeEvent('https://example.com/');
		pending.enter(event);
		expect(event.url.href).toBe('https://example.com/chat/lobby?x=1');
		expect(event.request.url).toBe('https://example.com/chat/lobby?x=1');
	});
});
