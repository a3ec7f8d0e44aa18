import { error, redirect, type RequestEvent } from '@sveltejs/kit';
import * as requests from '@sveltejs/kit/internal/server';
import { describe, expect, it, vi } from 'vitest';
import type { Exchange } from '../../../../src/server/engine/engine.ts';
import { Ssr } from '../../../../src/server/http/ssr.ts';
import { sharedRegistry } from '../../../../src/server/registry/global.ts';
import { Handshake } from '../../../../src/server/handshake/handshake.ts';
import type { HandshakeOptions } from '../../../../src/server/handshake/options.ts';
import { withUpgrades } from '../../../../src/server/handshake/hooks.ts';
import { Routes } from '../../../../src/server/routing/routes.ts';
import type { AnyHandler } from '../../../../src/server/socket/handler.ts';
import { FakeEngine, FakeSocket } from '../../support/engine.ts';
import { fakeEvent, fakeKit } from '../../support/event.ts';
import { FakeExchange } from '../../support/exchange.ts';
import { FakeLog } from '../../support/log.ts';
import { text, isWhole } from '../../support/streams.ts';

interface Input {
	event: RequestEvent;
	resolve(event: RequestEvent): Promise<Response>;
}

type Handle = (input: Input) => Promise<Response>;

interface App extends Partial<Omit<HandshakeOptions, 'ssr' | 'log' | 'registry' | 'routes'>> {
	/** The one path is `/chat/[room]`; null for an app without `src/websocket`. */
	handler?: AnyHandler | null;
	handle?: Handle;
	/** The header in which a proxy writes the address. */
	addressHeader?: string;
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

function create({ handler = {}, handle, before, addressHeader = '', ...options }: App = {}) {
	const log = new FakeLog();
	const registry = sharedRegistry();
	const ssr = new Ssr({
		respond: createRespond({ handle, before }),
		origin: { pinned: undefined, protocolHeader: '', hostHeader: '', portHeader: '' },
		address: {
			header: addressHeader,
			variable: 'ADDRESS_HEADER',
			depthVariable: 'XFF_DEPTH',
			xffDepth: 1
		},
		bodySizeLimit: 100,
		isFast: true,
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
		body: isWhole(answer?.body) ? text(answer.body) : ''
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
					open: (peer) => void peers.push(peer.toJSON()),
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

	it.each([
		['4.3.2.1', '4.3.2.1'],
		[undefined, '1.2.3.4']
	])(
		'knows the address that a proxy has given, here %s, or else its own',
		async (given, expected) => {
			const addresses: string[] = [];
			const { exchange } = await run(
				{
					handler: { open: ({ address }) => void addresses.push(address) },
					addressHeader: 'x-real-ip'
				},
				asked({ 'x-real-ip': given })
			);
			exchange.accepted[0]?.events.open(new FakeSocket());
			exchange.accepted[0]?.events.close(1000, '');
			expect(addresses).toEqual([expected]);
		}
	);

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

	it('is 404 for a path that cannot be decoded, before Kit is asked', async () => {
		const before = vi.fn(() => new Response('Malformed URI', { status: 400 }));
		expect(await run({ before }, asked({}, '/chat/%zz'))).toMatchObject({ status: 404 });
		expect(before).not.toHaveBeenCalled();
	});

	it('is 426 for another version, with the one that is spoken', async () => {
		const { status, headers } = await run({}, asked({ 'sec-websocket-version': '8' }));
		expect(status).toBe(426);
		expect(headers.get('sec-websocket-version')).toBe('13');
	});

	it('is 503 where there are too many connections', async () => {
		expect(await run({ maxConnections: 0 })).toMatchObject({ status: 503 });
	});

	it('is 403 for a foreign origin, of which the log is told', async () => {
		const { status, log } = await run({}, asked(foreign));
		expect(status).toBe(403);
		expect(log.warnings).toMatchObject([{ value: expect.stringContaining(foreign.origin) }]);
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

describe('a probe', () => {
	const probed = async (app: App, headers: Record<string, string> = {}) => {
		const exchange = asked({ 'x-websocket-probe': '1', ...headers });
		await create(app).handshake.probe(exchange);
		return exchange;
	};
	const headersOf = ({ sent }: FakeExchange) =>
		new Headers([...(sent[0]?.head.headers ?? [])].map(([a, b]) => [a, b]));

	it('is told the subprotocol that would be spoken', async () => {
		const exchange = await probed(
			{ handler: { protocols: ['v2', 'v1'] } },
			{ 'x-websocket-probe': '1,v1,v2' }
		);
		expect(exchange.sent).toMatchObject([{ head: { status: 204 } }]);
		expect(headersOf(exchange).get('x-websocket-probe')).toBe('1,v2');
		expect(exchange.accepted).toEqual([]);
	});

	it('is told of a redirect in a way that scripts can read', async () => {
		const exchange = await probed({ handler: { upgrade: () => redirect(303, '/login') } });
		expect(exchange.sent).toMatchObject([{ head: { status: 403 } }]);
		const headers = headersOf(exchange);
		expect(headers.get('x-websocket-redirect')).toBe('303');
		expect(headers.get('location')).toBe('/login');
	});

	it('takes a place while it is decided, and gives it back', async () => {
		const { handshake } = create({ maxConnections: 1 });
		for (let count = 0; count < 3; count += 1) {
			const exchange = asked({ 'x-websocket-probe': '1' });
			await handshake.probe(exchange);
			expect(exchange.sent).toMatchObject([{ head: { status: 204 } }]);
		}
	});
});

/** A URL that another process has made. */
const foreignKey = `/_/connect/0123456789ab${'x'.repeat(43)}`;

describe('a one-time URL of another process', () => {
	function relaying(decide: (exchange: Exchange) => unknown = () => {}, extra = 0) {
		const asks: { process: string; isProbe: boolean }[] = [];
		const relay: HandshakeOptions['relay'] = {
			extra,
			async ask(process, exchange, isProbe) {
				asks.push({ process, isProbe });
				const why = decide(exchange);
				return typeof why === 'string' ? { isDecided: false, why } : { isDecided: true };
			}
		};
		return { relay, asks };
	}

	it('is decided there, with the exchange as it has come', async () => {
		const exchange = asked({}, `${foreignKey}?a=1`);
		const given: Exchange[] = [];
		const { relay, asks } = relaying((each) => given.push(each));
		const { log } = await run({ relay }, exchange);
		expect(asks).toEqual([{ process: '0123456789ab', isProbe: false }]);
		expect(given).toEqual([exchange]);
		expect([exchange.isAnswered, log.warnings]).toEqual([false, []]);
	});

	it('is decided there for a probe too, which pages of its origin may read', async () => {
		const exchange = asked({ 'x-websocket-probe': '1' }, foreignKey);
		const { relay, asks } = relaying(() => 'it is gone');
		const { handshake } = create({ relay });
		await handshake.probe(exchange);
		expect(asks).toEqual([{ process: '0123456789ab', isProbe: true }]);
		expect(exchange.sent[0]?.head).toMatchObject({
			status: 404,
			headers: expect.arrayContaining([['x-websocket-probe', '1']])
		});
	});

	it('is 404 where that cannot be asked, and the log says why without the key', async () => {
		const { relay } = relaying(() => 'it does not answer');
		const { status, body, log } = await run({ relay }, asked({}, foreignKey));
		expect([status, body]).toEqual([404, 'No socket here']);
		expect(log.warnings).toEqual([
			{
				what: 'The process that has made a one-time URL cannot be asked',
				value: 'GET /_/connect/\u2026: it does not answer'
			}
		]);
	});

	it.each([
		['a malformed handshake', { 'sec-websocket-version': '8' }, foreignKey, 426],
		['a key of no form', {}, '/_/connect/0123456789abguess', 404],
		['a key in another place', {}, `/chat${foreignKey}`, 404]
	])('is not asked about %s', async (_, headers, target, expected) => {
		const { relay, asks } = relaying();
		const { status } = await run({ relay }, asked(headers, target));
		expect([status, asks]).toEqual([expected, []]);
	});

	it('is not asked about a key of this process, nor about one that was relayed here, nor without others', async () => {
		const { relay, asks } = relaying();
		const { registry } = create();
		const own = foreignKey.replace('0123456789ab', registry.process);
		const remote = Object.assign(asked({}, foreignKey), { isRemote: true });
		expect((await run({ relay }, asked({}, own))).status).toBe(404);
		expect((await run({ relay }, remote)).status).toBe(404);
		expect((await run({}, asked({}, foreignKey))).status).toBe(404);
		expect(asks).toEqual([]);
	});

	it('takes a place among the connections where the connection is', async () => {
		const full = relaying(undefined, 10);
		expect((await run({ relay: full.relay }, asked({}, foreignKey))).status).toBe(503);
		expect((await run({ relay: full.relay })).status).toBe(503);
		expect(full.asks).toEqual([]);
		expect((await run({ relay: relaying(undefined, 9).relay })).status).toBe(101);
		const remote = Object.assign(asked(), { isRemote: true });
		expect((await run({ relay: full.relay }, remote)).status).toBe(101);
		expect((await run({ maxConnections: 0, relay: relaying(undefined, -1).relay })).status).toBe(
			101
		);
	});

	it('takes no place of a probe that was relayed', async () => {
		const remote = Object.assign(asked({ 'x-websocket-probe': '1' }), { isRemote: true });
		await create({ maxConnections: 0 }).handshake.probe(remote);
		expect(remote.sent[0]?.head.status).toBe(204);
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

	it('do not run upgrade for a client that has left while handle took its time', async () => {
		const turn = Promise.withResolvers<void>();
		const called: string[] = [];
		const { handshake } = create({
			handler: { upgrade: () => void called.push('upgrade') },
			async handle({ event, resolve }) {
				await turn.promise;
				const response = await resolve(event);
				called.push(`resolved ${response.status}`);
				return response;
			}
		});
		const exchange = asked();
		const handled = handshake.handle(exchange);
		exchange.abort();
		await handled;
		turn.resolve();
		await new Promise((resolve) => void setImmediate(resolve));
		expect(called).toEqual(['resolved 408']);
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

	it('count beside those that have led to a socket, for as long as it is open', async () => {
		const { handshake } = create({ maxConnections: 1 });
		const [first, second, third] = [asked(), asked(), asked()];
		await handshake.handle(first);
		first.accepted[0]?.events.open(new FakeSocket());
		await handshake.handle(second);
		expect(second.sent).toMatchObject([{ head: { status: 503 } }]);
		first.accepted[0]?.events.close(1000, '');
		await handshake.handle(third);
		expect(third.accepted).toHaveLength(1);
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

describe('handshakes to a path with a limit', () => {
	/** Of two at the same time, the second is decided when the first is open. */
	async function two(second: 'handle' | 'probe', limit: number) {
		const turns = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
		const waiting = turns.values();
		const { handshake, registry } = create();
		registry.attach(new FakeEngine());
		registry.continuous('/live', { upgrade: () => waiting.next().value?.promise }, { limit });
		const exchanges = [
			asked({}, '/live'),
			asked(second === 'probe' ? { 'x-websocket-probe': '1' } : {}, '/live')
		] as const;
		const handled = [handshake.handle(exchanges[0]), handshake[second](exchanges[1])];
		turns[0]?.resolve();
		await handled[0];
		exchanges[0].accepted[0]?.events.open(new FakeSocket());
		turns[1]?.resolve();
		await handled[1];
		exchanges[0].accepted[0]?.events.close(1000, '');
		registry.detach();
		return exchanges[1].accepted.length > 0 ? 101 : exchanges[1].sent[0]?.head.status;
	}

	it.each([
		['handle', 1, 503],
		['handle', 2, 101],
		['probe', 1, 503],
		['probe', 2, 204]
	] as const)('that are under way at once stay within it: %s, %i', async (way, limit, status) => {
		expect(await two(way, limit)).toBe(status);
	});
});

describe('a one-time key', () => {
	it('is spent by a handshake, and by no probe; the app does not see it', async () => {
		const seen: string[] = [];
		const { handshake, registry } = create({
			handler: null,
			handle: (input) => {
				seen.push(input.event.url.href, input.event.request.url);
				return pass(input);
			}
		});
		registry.attach(new FakeEngine());
		const given = new URL(registry.use({ url: new URL('https://example.com/') }, {}));
		const exchange = () => asked({}, `${given.pathname}?a=1`);
		const [probe, first, second] = [exchange(), exchange(), exchange()];
		await handshake.probe(probe);
		expect(probe.sent).toMatchObject([{ head: { status: 204 } }]);
		await handshake.handle(first);
		expect(first.accepted).toHaveLength(1);
		await handshake.handle(second);
		expect(second.sent).toMatchObject([{ head: { status: 404 } }]);
		expect(seen).toEqual(Array(4).fill('https://example.com/_/connect/key?a=1'));
		registry.detach();
	});
});

describe('what the app sees of a handshake', () => {
	const see = async (headers: Record<string, string>, target?: string) => {
		const seen: { accept: string | null; url: string }[] = [];
		const handle: Handle = (input) => {
			const { request } = input.event;
			seen.push({ accept: request.headers.get('accept'), url: request.url });
			return pass(input);
		};
		await run({ handle }, asked(headers, target));
		return seen[0];
	};

	it('asks for JSON where the client has no preference, so that an error is no page', async () => {
		expect(await see({})).toMatchObject({ accept: 'application/json' });
		expect(await see({ accept: 'text/html' })).toMatchObject({ accept: 'text/html' });
	});

	it('has nothing of what our own client has added to the query', async () => {
		const { url } = (await see({}, '/chat/lobby?x-websocket-heartbeat=1&a=1')) ?? {};
		expect(url).toBe('https://example.com/chat/lobby?a=1');
	});
});

/** A socket that a handshake with these options has led to. */
async function opened(app: App, target?: string) {
	const { exchange, ...rest } = await run(app, asked({}, target));
	const socket = new FakeSocket();
	const events = exchange.accepted[0]?.events;
	if (events === undefined) throw new Error('It was not let in');
	events.open(socket);
	return { ...rest, events, socket };
}

describe('a socket that a handshake leads to', () => {
	it.each([
		[1500, []],
		[1499, [{ code: 1008, reason: 'Too many messages are waiting' }]]
	])(
		'keeps %i bytes waiting for open, as maxBackpressure says',
		async (maxBackpressure, closed) => {
			const handler = { open: () => new Promise<never>(() => {}) };
			const { events, socket } = await opened({ handler, maxBackpressure });
			// a message takes 256 bytes besides its own
			for (const size of [244, 744]) events.message('x'.repeat(size));
			expect(socket.closed).toEqual(closed);
			events.close(1000, '');
		}
	);

	it.each([
		[true, [{ code: 1013, reason: 'Too slow' }]],
		[false, []]
	])('is closed when it is slow where that is wanted: %s', async (wanted, closed) => {
		const { events, socket } = await opened({ closeOnBackpressureLimit: wanted });
		events.overflow();
		expect(socket.closed).toEqual(closed);
		events.close(1000, '');
	});

	it('warns of a message that was too large, with the limit', async () => {
		const { events, log } = await opened({ maxPayload: 77 });
		events.close(1009, '', 'too_big');
		expect(log.warnings).toMatchObject([{ value: '/chat/[room], 77 bytes' }]);
	});

	it.each([
		[40, '\u001610000'],
		[8, '\u00162000'],
		[0, '\u001630000']
	])('with an idleTimeout of %i is asked as often as it is pinged', async (idleTimeout, beat) => {
		const { events, socket } = await opened({ idleTimeout }, '/chat/lobby?x-websocket-heartbeat=1');
		expect(socket.sent).toMatchObject([{ data: beat }]);
		events.close(1000, '');
	});

	it('has no heartbeat where nobody has asked for one', async () => {
		const { events, socket } = await opened({});
		expect(socket.sent).toEqual([]);
		events.close(1000, '');
	});

	it('has a request whose signal says nothing of the time that upgrade had', async () => {
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
		try {
			const signals: AbortSignal[] = [];
			const upgrade: AnyHandler['upgrade'] = ({ request }) => void signals.push(request.signal);
			const { events } = await opened({ handler: { upgrade }, upgradeTimeout: 3 });
			expect(vi.getTimerCount()).toBe(0);
			vi.advanceTimersByTime(60_000);
			expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
			events.close(1000, '');
		} finally {
			vi.useRealTimers();
		}
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

	it('stays the answer where it redirects for another reason', async () => {
		const headers = { location: '/chat/lobby/' };
		const before = vi.fn(() => new Response(null, { status: 307, headers }));
		const { status, headers: answered } = await run({ before });
		expect([status, answered.get('location')]).toEqual([307, '/chat/lobby/']);
		expect(before).toHaveBeenCalledTimes(1);
	});

	it('is nothing that handle says, though it looks like it', async () => {
		const headers = { location: '/elsewhere', 'x-sveltekit-normalize': '1' };
		const handle = vi.fn(() => Promise.resolve(new Response(null, { status: 308, headers })));
		const { status, headers: answered } = await run({ handle });
		expect([status, answered.get('location')]).toEqual([308, '/elsewhere']);
		expect(handle).toHaveBeenCalledTimes(1);
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
			const body = isWhole(answer?.body) ? text(answer.body) : '';
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
