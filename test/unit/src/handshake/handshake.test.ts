import { error, redirect, type RequestEvent } from '@sveltejs/kit';
import * as requests from '@sveltejs/kit/internal/server';
import { describe, expect, it } from 'vitest';
import { Ssr } from '../../../../src/server/http/ssr.ts';
import { sharedRegistry } from '../../../../src/server/registry/global.ts';
import { Handshake, type HandshakeOptions } from '../../../../src/server/handshake/handshake.ts';
import { withUpgrades } from '../../../../src/server/handshake/hooks.ts';
import { Routes } from '../../../../src/server/routing/routes.ts';
import type { AnyHandler } from '../../../../src/server/socket/handler.ts';
import { FakeEngine, FakeSocket } from '../../support/engine.ts';
import { fakeEvent, fakeKit } from '../../support/event.ts';
import { FakeExchange } from '../../support/exchange.ts';
import { FakeLog } from '../../support/log.ts';
import { text } from '../../support/streams.ts';

interface Input {
	event: RequestEvent;
	resolve(event: RequestEvent): Promise<Response>;
}

type Handle = (input: Input) => Promise<Response>;

interface App extends Partial<Omit<HandshakeOptions, 'ssr' | 'log' | 'registry' | 'routes'>> {
	/** The one path is `/chat/[room]`; null for an app without `src/websocket`. */
	handler?: AnyHandler | null;
	handle?: Handle;
	/** What Kit does before it calls `handle`. */
	before?: (request: Request) => Response | undefined;
}

const pass: Handle = ({ event, resolve }) => resolve(event);

/** Kit's own `resolve`, which reads its options where it catches errors. */
async function kitResolve(_: RequestEvent, options?: { transformPageChunk?: unknown }) {
	try {
		return options?.transformPageChunk === undefined ? await fakeKit.render() : new Response();
	} catch (thrown) {
		return fakeKit.fail(thrown);
	}
}

/** As much of Kit as lies around `handle`: it makes an event and answers errors with 500. */
function createRespond({ handle = pass, before = () => undefined }: App) {
	const hooks = withUpgrades({ handle }, requests);
	return async (request: Request): Promise<Response> => {
		const answer = before(request);
		if (answer) return answer;
		const { event } = fakeEvent(request.url);
		try {
			return await hooks.handle({ event, resolve: kitResolve });
		} catch {
			return new Response('Internal Error', { status: 500 });
		}
	};
}

function create({ handler = {}, handle, before, ...options }: App = {}) {
	const log = new FakeLog();
	const registry = sharedRegistry();
	const ssr = new Ssr({
		respond: createRespond({ handle, before }),
		origin: { pinned: undefined, protocolHeader: '', hostHeader: '', portHeader: '' },
		address: { header: '', variable: 'ADDRESS_HEADER', depthVariable: 'XFF_DEPTH', xffDepth: 1 },
		bodySizeLimit: 100,
		log
	});
	const handshake = new Handshake({
		ssr,
		routes:
			handler === null ? undefined : Routes.from({ websocket: { '/chat/[room]': handler } }, ''),
		registry,
		log,
		base: '',
		origin: { allowedOrigins: 'same-origin', trustedOrigins: [], isPinned: false },
		isHashRouted: false,
		maxConnections: 10,
		idleTimeout: 120,
		upgradeTimeout: 10,
		maxBackpressure: 1000,
		maxPayload: 1000,
		closeOnBackpressureLimit: false,
		...options
	});
	return { handshake, log, registry };
}

/** A good handshake in which some headers differ; undefined leaves one out. */
function asked(headers: Record<string, string | undefined> = {}, target = '/chat/lobby') {
	const pairs = Object.entries<string | undefined>({
		host: 'example.com',
		origin: 'https://example.com',
		upgrade: 'websocket',
		connection: 'Upgrade',
		'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
		'sec-websocket-version': '13',
		...headers
	});
	const given = pairs.filter((pair): pair is [string, string] => pair[1] !== undefined);
	return new FakeExchange({ target, headers: given, address: '1.2.3.4' });
}

async function run(app: App, exchange = asked()) {
	const { handshake, ...rest } = create(app);
	await handshake.handle(exchange);
	const answer = exchange.sent[0];
	return {
		...rest,
		exchange,
		status: exchange.accepted.length > 0 ? 101 : answer?.head.status,
		headers: new Headers([...(answer?.head.headers ?? [])].map(([a, b]) => [a, b])),
		body: answer?.body instanceof Uint8Array ? text(answer.body) : ''
	};
}

describe('a handshake', () => {
	it('that nothing speaks against is accepted', async () => {
		const { status, exchange } = await run({});
		expect(status).toBe(101);
		expect(exchange.sent).toEqual([]);
	});

	it('is answered once', async () => {
		const { exchange } = await run({ handler: { upgrade: () => error(401, 'no') } });
		expect(exchange.sent.length + exchange.accepted.length).toBe(1);
	});

	it('makes a peer of what it found out', async () => {
		const peers: unknown[] = [];
		const { exchange } = await run(
			{
				handler: {
					upgrade: () => ({ name: 'Ada' }),
					open: (peer) => void peers.push({ ...peer }),
					protocols: ['v2', 'v1']
				},
				handle: ({ event, resolve }) => {
					Object.assign(event.locals, { user: 7 });
					return resolve(event);
				}
			},
			asked({ 'sec-websocket-protocol': 'v1, v2' }, '/chat/a%20b?x=1')
		);
		const accepted = exchange.accepted[0];
		accepted?.events.open(new FakeSocket());
		accepted?.events.close(1000, '');
		expect(accepted?.head.protocol).toBe('v2');
		expect(peers).toEqual([
			{
				id: expect.any(String),
				data: { name: 'Ada' },
				locals: { user: 7 },
				params: { room: 'a b' },
				url: new URL('https://example.com/chat/a%20b?x=1'),
				address: '1.2.3.4',
				protocol: 'v2'
			}
		]);
	});

	it('chooses no subprotocol where none fits', async () => {
		const { exchange } = await run(
			{ handler: { protocols: ['v2'] } },
			asked({ 'sec-websocket-protocol': 'v1' })
		);
		expect(exchange.accepted[0]?.head.protocol).toBeUndefined();
	});

	it('has the subprotocol that the function of its path chooses, after upgrade', async () => {
		const called: string[] = [];
		const { exchange } = await run(
			{
				handler: {
					upgrade: () => void called.push('upgrade'),
					protocols: ([token]) => {
						called.push('protocols');
						return token;
					}
				}
			},
			asked({ 'sec-websocket-protocol': 'token.of.mine' })
		);
		expect(exchange.accepted[0]?.head.protocol).toBe('token.of.mine');
		expect(called).toEqual(['upgrade', 'protocols']);
	});

	it('carries the cookies that handle and upgrade set on its 101', async () => {
		const { exchange } = await run({
			handler: { upgrade: ({ cookies }) => cookies.set('b', '2', { path: '/' }) },
			handle: ({ event, resolve }) => {
				event.cookies.set('a', '1', { path: '/' });
				return resolve(event);
			}
		});
		expect([...(exchange.accepted[0]?.head.headers ?? [])]).toEqual([
			['set-cookie', 'a=1; Path=/'],
			['set-cookie', 'b=2; Path=/']
		]);
	});
});

describe('a handshake that is refused', () => {
	const foreign = { origin: 'https://evil.example' };

	it('is 400 where it is malformed', async () => {
		expect(await run({}, asked({ 'sec-websocket-key': 'short' }))).toMatchObject({ status: 400 });
	});

	it('is 404 for a path that cannot be decoded, once the origin is allowed', async () => {
		expect(await run({}, asked({}, '/chat/%'))).toMatchObject({ status: 404 });
		expect(await run({}, asked(foreign, '/chat/%'))).toMatchObject({ status: 403 });
	});

	it('is 426 for another version, with the one that is spoken', async () => {
		const { status, headers } = await run({}, asked({ 'sec-websocket-version': '8' }));
		expect(status).toBe(426);
		expect(headers.get('sec-websocket-version')).toBe('13');
	});

	it('is 503 where there are too many connections', async () => {
		expect(await run({ maxConnections: 0 })).toMatchObject({ status: 503 });
	});

	it('is 403 for a foreign origin', async () => {
		expect(await run({}, asked(foreign))).toMatchObject({ status: 403 });
	});

	it('is 404 where there is no such path, or no path at all', async () => {
		expect(await run({}, asked({}, '/nowhere'))).toMatchObject({ status: 404 });
		expect(await run({ handler: null })).toMatchObject({ status: 404 });
	});

	it('is refused for the first of several reasons', async () => {
		const everything = { ...foreign, 'sec-websocket-version': '8' };
		const app: App = { maxConnections: 0, handle: () => Promise.resolve(new Response('no')) };
		expect(await run(app, asked(everything, '/nowhere'))).toMatchObject({ status: 426 });
		expect(await run(app, asked(foreign, '/nowhere'))).toMatchObject({ status: 403 });
		expect(await run(app, asked({}, '/nowhere'))).toMatchObject({ status: 503 });
		const room = { ...app, maxConnections: 10 };
		expect(await run(room, asked({}, '/nowhere'))).toMatchObject({ status: 404 });
		expect(await run(room)).toMatchObject({ status: 200, body: 'no' });
	});

	it('does not trouble handle or upgrade where a cheaper check speaks against it', async () => {
		const called: string[] = [];
		const app: App = {
			handler: { upgrade: () => void called.push('upgrade') },
			handle: (input) => {
				called.push('handle');
				return pass(input);
			}
		};
		await run(app, asked(foreign));
		await run(app, asked({}, '/nowhere'));
		expect(called).toEqual([]);
	});

	it('is the answer that handle gives', async () => {
		const { status, body } = await run({
			handle: () => Promise.resolve(new Response('Maintenance', { status: 503 }))
		});
		expect([status, body]).toEqual([503, 'Maintenance']);
	});

	it('is what handle makes of the answer, though upgrade let the client in', async () => {
		const { status, body } = await run({
			handle: async (input) => {
				await pass(input);
				return new Response('changed my mind', { status: 403 });
			}
		});
		expect([status, body]).toEqual([403, 'changed my mind']);
	});

	it('is the error of upgrade', async () => {
		const { status, body } = await run({
			handler: { upgrade: () => error(401, 'Sign in first') }
		});
		expect(status).toBe(401);
		expect(JSON.parse(body)).toMatchObject({ message: 'Sign in first' });
	});

	it('is the redirect of upgrade', async () => {
		const { status, headers } = await run({ handler: { upgrade: () => redirect(303, '/login') } });
		expect(status).toBe(303);
		expect(headers.get('location')).toBe('/login');
	});

	it('is the Response of upgrade, also if it is a 200', async () => {
		const { status, body } = await run({
			handler: { upgrade: () => new Response('not here') }
		});
		expect([status, body]).toEqual([200, 'not here']);
	});

	it('is what the function that chooses a subprotocol throws; it is not asked after a refusal', async () => {
		const protocols = () => error(401, 'Bad token');
		const refused = { handler: { upgrade: () => error(409, 'No'), protocols } };
		expect(await run({ handler: { protocols } })).toMatchObject({ status: 401 });
		expect(await run(refused)).toMatchObject({ status: 409 });
		expect(await run({ handler: { protocols: () => 'not offered' } })).toMatchObject({
			status: 500
		});
	});

	it('is 500 where upgrade fails', async () => {
		const { status, body } = await run({
			handler: { upgrade: () => Promise.reject(new Error('secret')) }
		});
		expect(status).toBe(500);
		expect(body).not.toContain('secret');
	});

	it('is 504 where upgrade takes too long', async () => {
		const { status } = await run({
			handler: { upgrade: () => new Promise<never>(() => {}) },
			upgradeTimeout: 0.01
		});
		expect(status).toBe(504);
	});
});

describe('a client that leaves during the handshake', () => {
	it('is not let in, and its peer never opens', async () => {
		const exchange = asked();
		const upgrade = () => exchange.abort();
		const { log } = await run({ handler: { upgrade } }, exchange);
		expect(exchange.accepted).toEqual([]);
		expect(exchange.sent).toEqual([]);
		expect(log.warnings).toEqual([
			{ what: 'A client left during the handshake', value: 'GET /chat/lobby' }
		]);
	});
});

describe('handshakes that are under way', () => {
	it('count as connections', async () => {
		const turn = Promise.withResolvers<void>();
		const { handshake } = create({
			maxConnections: 2,
			handler: { upgrade: () => turn.promise }
		});
		const exchanges = [asked(), asked(), asked()];
		const handled = exchanges.map((exchange) => handshake.handle(exchange));
		turn.resolve();
		await Promise.all(handled);
		expect(exchanges.map(({ accepted }) => accepted.length)).toEqual([1, 1, 0]);
		expect(exchanges[2]?.sent).toMatchObject([{ head: { status: 503 } }]);
	});

	const never = { upgrade: () => new Promise<never>(() => {}) };
	const asProbe = { 'sec-websocket-key': undefined, 'x-websocket-probe': '1' };

	it.each<['handle' | 'probe', Record<string, string | undefined>]>([
		['handle', {}],
		['probe', asProbe]
	])('are over when their client leaves, whatever upgrade still does: %s', async (way, headers) => {
		const { handshake, log } = create({ maxConnections: 2, handler: never });
		for (let count = 0; count < 5; count += 1) {
			const exchange = asked(headers);
			const handled = handshake[way](exchange);
			exchange.abort();
			await handled;
		}
		expect(log.warnings).toHaveLength(5);
		const more = [asked(), asked(), asked()];
		const handled = more.map((exchange) => handshake.handle(exchange));
		await handled[2];
		expect(more.map(({ sent }) => sent[0]?.head.status)).toEqual([undefined, undefined, 503]);
		for (const exchange of more) exchange.abort();
		await Promise.all(handled);
	});

	it('hear of a client that leaves, and cancel what upgrade answers to nobody', async () => {
		const turn = Promise.withResolvers<void>();
		const cancelled = Promise.withResolvers<void>();
		const signals: AbortSignal[] = [];
		const body = () => new ReadableStream({ cancel: () => cancelled.resolve() });
		const { handshake } = create({
			handler: {
				async upgrade({ request }) {
					signals.push(request.signal);
					await turn.promise;
					return new Response(body());
				}
			}
		});
		const exchange = asked();
		const handled = handshake.handle(exchange);
		exchange.abort();
		await handled;
		turn.resolve();
		await cancelled.promise;
		expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
		expect(exchange.isAnswered).toBe(false);
	});

	it('do not fail unheard when upgrade fails after its client has left', async () => {
		const turn = Promise.withResolvers<never>();
		const { handshake, log } = create({ handler: { upgrade: () => turn.promise } });
		const exchange = asked();
		const handled = handshake.handle(exchange);
		exchange.abort();
		await handled;
		turn.reject(new Error('too late'));
		await new Promise((resolve) => void setImmediate(resolve));
		expect(log.errors).toEqual([]);
	});

	it('give their place back', async () => {
		const { handshake } = create({ maxConnections: 1 });
		for (const headers of [
			{ 'sec-websocket-key': 'short' },
			{ origin: 'https://evil.example' },
			{}
		]) {
			await handshake.handle(asked(headers));
		}
		const last = asked();
		await handshake.handle(last);
		expect(last.accepted).toHaveLength(1);
	});
});

const normalize = (location: string) => (request: Request) =>
	new URL(request.url).pathname.endsWith('/')
		? undefined
		: new Response(null, {
				status: 308,
				headers: { location, 'x-sveltekit-normalize': '1' }
			});

describe('what Kit does before handle', () => {
	it('is no redirect to the other trailing slash: a page may want it, a socket does not', async () => {
		const { exchange } = await run({ before: normalize('/chat/lobby/') });
		exchange.accepted[0]?.events.open(new FakeSocket());
		expect(exchange.accepted).toHaveLength(1);
		const [peer] = sharedRegistry().peers;
		expect(peer?.url.href).toBe('https://example.com/chat/lobby');
		exchange.accepted[0]?.events.close(1000, '');
	});

	it('stays the answer where Kit has its own reason', async () => {
		const { status, body } = await run({
			before: () => new Response('Forbidden', { status: 403 })
		});
		expect([status, body]).toEqual([403, 'Forbidden']);
	});

	it.each([
		['', '/[fallback]'],
		['/base', '/base/']
	])(
		'sees a path that Kit lets through where the app is routed by the hash, below %j',
		async (base, path) => {
			const seen: string[] = [];
			const before = (request: Request) => {
				seen.push(request.url);
				return undefined;
			};
			await run({ isHashRouted: true, before, base });
			expect(seen).toEqual([`https://example.com${path}`]);
		}
	);
});

describe('a handshake that is closed while it is decided', () => {
	/** An upgrade that waits until it is told to go on, and what it is answered then. */
	function waiting({ handler = {}, ...app }: App = {}) {
		const turn = Promise.withResolvers<void>();
		const upgrade = async () => {
			await turn.promise;
			return { name: 'Ada' };
		};
		const made = create({ ...app, handler: { upgrade, ...handler } });
		const exchange = asked();
		const handled = made.handshake.handle(exchange);
		const finish = async () => {
			turn.resolve();
			await handled;
			const [answer] = exchange.sent;
			const body = answer?.body instanceof Uint8Array ? text(answer.body) : '';
			return exchange.accepted.length > 0 ? [101] : [answer?.head.status, body];
		};
		return { ...made, exchange, finish, asking: () => settled() };
	}

	const settled = () => new Promise<void>((resolve) => void setImmediate(resolve));

	it.each([
		[4401, 401],
		[4403, 403],
		[4499, 499],
		[4000, 403],
		[1000, 403],
		[1008, 403],
		[1001, 503],
		[1012, 503],
		[1013, 503]
	])('with %i is answered %i', async (code, status) => {
		const { registry, finish, asking } = waiting();
		await asking();
		registry.close(code, 'logged out');
		expect(await finish()).toEqual([status, 'logged out']);
	});

	it('is judged by who it is in the end', async () => {
		const seen: unknown[] = [];
		const { registry, finish, asking } = waiting({
			handle: ({ event, resolve }) => {
				Object.assign(event.locals, { user: 7 });
				return resolve(event);
			}
		});
		await asking();
		registry.close(4401, '', (target) => {
			seen.push({ ...target });
			return (target.data as { name: string }).name === 'Ada';
		});
		expect(seen).toEqual([]);
		expect(await finish()).toEqual([401, 'This socket was closed']);
		expect(seen).toEqual([
			{
				data: { name: 'Ada' },
				locals: { user: 7 },
				params: { room: 'lobby' },
				url: new URL('https://example.com/chat/lobby'),
				address: '1.2.3.4',
				protocol: '',
				topics: new Set()
			}
		]);
	});

	it('is let in where the filter does not pick it, or was asked before it began', async () => {
		sharedRegistry().close(4401, 'before');
		const { registry, finish, asking } = waiting();
		await asking();
		registry.close(4401, '', () => false);
		expect(await finish()).toEqual([101]);
	});

	it('is let in though it closes all others itself', async () => {
		const upgrade = () => {
			sharedRegistry().close(4000, 'Signed in elsewhere');
			return { name: 'Ada' };
		};
		expect(await waiting({ handler: { upgrade } }).finish()).toEqual([101]);
	});

	it('as a probe is told the same', async () => {
		const turn = Promise.withResolvers<void>();
		const { handshake, registry } = create({ handler: { upgrade: () => turn.promise } });
		const exchange = asked({ 'x-websocket-probe': '1' });
		const handled = handshake.probe(exchange);
		await settled();
		registry.close(4403);
		turn.resolve();
		await handled;
		expect(exchange.sent[0]?.head.status).toBe(403);
	});

	it('with its path, which was added at run time, is refused', async () => {
		const turn = Promise.withResolvers<void>();
		const { handshake, registry } = create();
		registry.attach(new FakeEngine());
		const endpoint = registry.continuous('/live', { upgrade: () => turn.promise });
		const exchange = asked({}, '/live');
		const handled = handshake.handle(exchange);
		await settled();
		endpoint.close(1012, 'moving');
		turn.resolve();
		await handled;
		expect(exchange.sent[0]?.head.status).toBe(503);
		registry.detach();
	});
});
