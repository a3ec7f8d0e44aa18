import { AsyncLocalStorage } from 'node:async_hooks';
import { error } from '@sveltejs/kit';
import * as requests from '@sveltejs/kit/internal/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AcceptHead, SocketEvents } from '../../../../src/server/engine/engine.ts';
import { Handshake } from '../../../../src/server/handshake/handshake.ts';
import { withUpgrades } from '../../../../src/server/handshake/hooks.ts';
import { Ssr } from '../../../../src/server/http/ssr.ts';
import { sharedRegistry } from '../../../../src/server/registry/global.ts';
import { Routes } from '../../../../src/server/routing/routes.ts';
import type { AnyHandler } from '../../../../src/server/socket/handler.ts';
import { FakeEngine, FakeSocket } from '../../support/engine.ts';
import { fakeEvent, fakeKit } from '../../support/event.ts';
import { FakeExchange } from '../../support/exchange.ts';
import { FakeLog } from '../../support/log.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** As the contract has it: `open` is called before `accept` returns. */
class OpenedExchange extends FakeExchange {
	readonly socket = new FakeSocket();

	override accept(head: AcceptHead, events: SocketEvents): boolean {
		super.accept(head, events);
		this.socket.onClose = (code, reason) => events.close(code, reason);
		events.open(this.socket);
		return true;
	}
}

const headers = {
	host: 'example.com',
	cookie: 'a=1',
	'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
	'sec-websocket-version': '13'
};

/** A server with one path, and what its `handle` runs in. */
function create(handler: AnyHandler, { respond }: { respond?: () => Promise<Response> } = {}) {
	const hooks = withUpgrades({ handle: ({ event, resolve }) => resolve(event) }, requests);
	const kit = async (request: Request) => {
		const { event } = fakeEvent(request.url);
		Object.assign(event, { request });
		const resolve = async (_: unknown, options?: { transformPageChunk?: unknown }) => {
			try {
				return options?.transformPageChunk === undefined ? await fakeKit.render() : new Response();
			} catch (thrown) {
				return fakeKit.fail(thrown);
			}
		};
		return await hooks.handle({ event, resolve });
	};
	const log = new FakeLog();
	const registry = sharedRegistry();
	registry.attach(new FakeEngine());
	let isBroken = false;
	const ssr = new Ssr({
		respond: (request) => (isBroken && respond ? respond() : kit(request)),
		origin: { pinned: undefined, protocolHeader: '', hostHeader: '', portHeader: '' },
		address: { header: '', variable: 'ADDRESS_HEADER', depthVariable: 'XFF_DEPTH', xffDepth: 1 },
		bodySizeLimit: 100,
		isFast: true,
		log
	});
	const routes = new Routes('');
	routes.replace({ websocket: { '/chat': handler } });
	const handshake = new Handshake({
		ssr,
		routes,
		registry,
		log,
		base: '',
		origin: { allowedOrigins: 'same-origin', trustedOrigins: [], isPinned: false },
		isHashRouted: false,
		maxConnections: 10,
		idleTimeout: 120,
		upgradeTimeout: 2,
		maxBackpressure: 1000,
		maxPayload: 1000,
		closeOnBackpressureLimit: false
	});
	const open = async () => {
		const exchange = new OpenedExchange({ target: '/chat?b=2', headers, address: '1.2.3.4' });
		await handshake.handle(exchange);
		return exchange.socket;
	};
	return { open, log, registry, routes, breakDown: () => (isBroken = true) };
}

const later = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

describe('a socket of a handler with reauthorize', () => {
	it('is asked about in the seconds after it was opened, and after each time', async () => {
		const upgrade = vi.fn(() => ({}));
		const { open } = create({ upgrade, reauthorize: 60 });
		const socket = await open();
		expect(upgrade).toHaveBeenCalledTimes(1);
		await later(59_000);
		expect(upgrade).toHaveBeenCalledTimes(1);
		await later(1100);
		expect(upgrade).toHaveBeenCalledTimes(2);
		await later(60_100);
		expect(upgrade).toHaveBeenCalledTimes(3);
		expect(socket.closed).toEqual([]);
		socket.onClose(1000, '');
		expect(vi.getTimerCount()).toBe(0);
	});

	it('has its request with it, to which nobody can answer any more', async () => {
		const seen: string[] = [];
		const upgrade: AnyHandler['upgrade'] = ({ request, url }) => {
			seen.push(`${request.method} ${url.href} ${request.headers.get('cookie')}`);
		};
		const { open } = create({ upgrade, reauthorize: 1 });
		const socket = await open();
		await later(2500);
		expect(seen).toHaveLength(3);
		expect(new Set(seen)).toEqual(new Set(['GET https://example.com/chat?b=2 a=1']));
		socket.onClose(1000, '');
	});

	it('that no handler wants to ask about costs no timer', async () => {
		const { open } = create({});
		const socket = await open();
		expect(vi.getTimerCount()).toBe(0);
		socket.onClose(1000, '');
	});

	it('is closed with 4401 when it is refused', async () => {
		let isRevoked = false;
		const { open } = create({
			upgrade: () => (isRevoked ? error(403, 'no') : undefined),
			reauthorize: 1
		});
		const socket = await open();
		await later(3000);
		expect(socket.closed).toEqual([]);
		isRevoked = true;
		await later(1100);
		expect(socket.closed).toEqual([{ code: 4401, reason: 'Not let in any more' }]);
		expect(vi.getTimerCount()).toBe(0);
	});

	it.each([408, 425, 429, 500, 503])(
		'stays where the answer is %i, of which the log tells',
		async (status) => {
			let count = 0;
			const { open, log } = create({
				upgrade() {
					count += 1;
					if (count > 1) error(status, 'later');
				},
				reauthorize: 1
			});
			const socket = await open();
			await later(1100);
			expect(socket.closed).toEqual([]);
			expect(log.warnings.map(({ value }) => value)).toEqual([`/chat: answered ${status}`]);
			await later(1100);
			expect(count).toBe(3);
			socket.onClose(1000, '');
		}
	);

	it('stays where Kit itself fails', async () => {
		const { open, log, breakDown } = create(
			{ reauthorize: 1 },
			{ respond: () => Promise.reject(new Error('down')) }
		);
		const socket = await open();
		breakDown();
		await later(1100);
		expect(socket.closed).toEqual([]);
		expect(log.warnings.map(({ value }) => value)).toEqual(['/chat: down']);
		socket.onClose(1000, '');
	});

	it('stays where nobody answers in time, whose signal aborts, and is not asked about twice at once', async () => {
		let count = 0;
		const aborted: unknown[] = [];
		const { open, log } = create({
			async upgrade({ request: { signal } }) {
				count += 1;
				if (count === 1) return;
				signal.addEventListener('abort', () => aborted.push(signal.reason));
				await new Promise(() => {});
			},
			reauthorize: 0.5
		});
		const socket = await open();
		await later(2000);
		expect(count).toBe(2);
		await later(600);
		expect(aborted).toHaveLength(1);
		expect(socket.closed).toEqual([]);
		expect(log.warnings.map(({ value }) => value)).toEqual(['/chat: The upgrade took too long']);
		await later(600);
		expect(count).toBe(3);
		socket.onClose(1000, '');
	});

	it('that ends while it is asked about aborts the request, and is neither closed nor asked about again', async () => {
		let count = 0;
		const aborted: unknown[] = [];
		const { open, log } = create({
			async upgrade({ request: { signal } }) {
				count += 1;
				if (count === 1) return;
				signal.addEventListener('abort', () => aborted.push(signal.reason));
				await new Promise((resolve) => setTimeout(resolve, 1000));
				error(401, 'no');
			},
			reauthorize: 0.5
		});
		const socket = await open();
		await later(600);
		expect(count).toBe(2);
		socket.onClose(1000, '');
		expect(aborted).toHaveLength(1);
		await later(5000);
		expect(count).toBe(2);
		expect(socket.closed).toEqual([]);
		expect(log.warnings).toEqual([]);
		expect(vi.getTimerCount()).toBe(0);
	});

	it('that open has closed is not asked about', async () => {
		const upgrade = vi.fn();
		const { open } = create({ upgrade, open: (peer) => peer.terminate(), reauthorize: 1 });
		const socket = await open();
		socket.onClose(1006, '');
		await later(5000);
		expect(upgrade).toHaveBeenCalledTimes(1);
	});

	it("is asked about in nobody's context", async () => {
		const storage = new AsyncLocalStorage<string>();
		const seen: unknown[] = [];
		const { open } = create({
			upgrade: () => void seen.push(storage.getStore()),
			reauthorize: 1
		});
		const sockets = [await storage.run('Ada', open), await storage.run('Grace', open)];
		await later(1100);
		expect(seen).toEqual(['Ada', 'Grace', undefined, undefined]);
		for (const socket of sockets) socket.onClose(1000, '');
	});

	it('is not closed by its own call of websockets.close, but others are', async () => {
		const registry = sharedRegistry();
		let isAlone = false;
		const { open } = create({
			upgrade() {
				if (isAlone) registry.close(4409, 'elsewhere', () => true);
				isAlone = false;
			},
			reauthorize: 1
		});
		const sockets = [await open(), await open()];
		isAlone = true;
		await later(1100);
		expect(sockets.map(({ closed }) => closed)).toEqual([
			[],
			[{ code: 4409, reason: 'elsewhere' }]
		]);
		for (const socket of sockets) socket.onClose(1000, '');
	});

	it('goes by its handler as it is now', async () => {
		const before = vi.fn();
		const after = vi.fn();
		const { open, routes } = create({ upgrade: before, reauthorize: 1 });
		const socket = await open();
		routes.replace({ websocket: { '/chat': { upgrade: after, reauthorize: 2 } } });
		await later(1100);
		expect([before, after].map((each) => each.mock.calls.length)).toEqual([1, 1]);
		await later(1100);
		expect(after).toHaveBeenCalledTimes(1);
		routes.replace({ websocket: { '/chat': { upgrade: after } } });
		await later(10_000);
		expect(after).toHaveBeenCalledTimes(1);
		socket.onClose(1000, '');
	});
});

describe('reauthorize', () => {
	it.each([0, -1, NaN, Infinity, '60', null])('of %s stops the start', (reauthorize) => {
		const websocket = { '/chat': { open() {}, reauthorize } };
		expect(() => Routes.from({ websocket }, '')).toThrow('Give reauthorize a number of seconds');
		expect(() => Routes.from({ websocket: websocket['/chat'] }, '')).toThrow('"*", reauthorize');
	});

	it('of a path that is added at run time is checked too', () => {
		const handler = { reauthorize: -1 };
		expect(() => sharedRegistry().continuous('/ticks', handler)).toThrow('reauthorize: -1');
	});
});
