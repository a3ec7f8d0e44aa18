import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import * as requests from '@sveltejs/kit/internal/server';
import { describe, expect, it } from 'vitest';
import { App } from '../../../src/server/app.ts';
import { createAppConfig } from '../../../src/server/config.ts';
import { createNodeEngine } from '../../../src/server/engine/node/index.ts';
import { createUwsEngine } from '../../../src/server/engine/uws/index.ts';
import { withUpgrades } from '../../../src/server/handshake/hooks.ts';
import { MountedSockets } from '../../../src/server/mount.ts';
import type { AnyHandler } from '../../../src/server/socket/handler.ts';
import type { Handoff, WebSocketHandoff } from '../../../src/shared/handoff.ts';
import { openClient, refusal, type Client } from '../../support/client.ts';
import { fakeEvent } from '../support/event.ts';
import { fakeHandoff, websocketHandoff } from '../support/handoff.ts';
import { FakeLog } from '../support/log.ts';

interface Given {
	settings?: Partial<WebSocketHandoff>;
	handler?: AnyHandler;
	/** `paths.origin` */
	origin?: string;
}

interface Running extends AsyncDisposable {
	port: number;
	log: FakeLog;
	/** The URLs that Kit was shown. */
	shown: string[];
}

interface Subject {
	name: string;
	/** Only pages of the pinned origin are the app's own; in dev those of the server are, too. */
	isPinned: boolean;
	start(given: Given): Promise<Running>;
}

/** Kit's answer to a request, as far as `handle` matters. */
function kit(shown: string[]) {
	const hooks = withUpgrades({ handle: ({ event, resolve }) => resolve(event) }, requests);
	const page = () => Promise.resolve(new Response('the page'));
	return async (request: Request): Promise<Response> => {
		shown.push(new URL(request.url).pathname);
		return await hooks.handle({ event: fakeEvent(request.url).event, resolve: page });
	};
}

/** The one path is `/chat`. */
function prepare({ settings = {}, handler = {}, origin }: Given) {
	const shown: string[] = [];
	const module = { websocket: { '/chat': handler } };
	const websocket = {
		...websocketHandoff,
		...settings,
		load: () => Promise.resolve(module)
	};
	return { shown, log: new FakeLog(), respond: kit(shown), module, websocket, origin };
}

/** As `build/index.js` runs it. */
const built = (
	name: string,
	create: typeof createNodeEngine | typeof createUwsEngine
): Subject => ({
	name,
	isPinned: true,
	async start(given) {
		const { shown, log, respond, websocket, origin } = prepare(given);
		const server = { init: () => Promise.resolve(), respond } as unknown as Handoff['server'];
		const handoff = fakeHandoff({ server, websocket, origin });
		const app = new App(handoff, createAppConfig(handoff, {}), log);
		const engine = await create(app.engineOptions, app.handlers);
		await app.init(engine, {});
		const bound = await engine.listen({ host: '127.0.0.1', port: 0 });
		return {
			port: 'port' in bound ? bound.port : 0,
			log,
			shown,
			[Symbol.asyncDispose]: async () => {
				app.registry.detach(engine);
				engine.close();
			}
		};
	}
});

/** As on the servers of Vite. */
const mounted: Subject = {
	name: 'dev and preview',
	isPinned: false,
	async start(given) {
		const { shown, log, respond, websocket: settings, module, origin } = prepare(given);
		const sockets = new MountedSockets({
			settings,
			base: '',
			appPath: '_app',
			origin,
			protocol: 'http',
			respond,
			log
		});
		sockets.use(module);
		const server = createServer().listen(0, '127.0.0.1');
		const detach = sockets.attach(server, {});
		await new Promise((resolve) => void server.once('listening', resolve));
		return {
			port: (server.address() as AddressInfo).port,
			log,
			shown,
			[Symbol.asyncDispose]: async () => {
				detach();
				server.close();
			}
		};
	}
};

const subjects = [built('uws', createUwsEngine), built('node', createNodeEngine), mounted];

const opened = ({ port }: Running, options: Parameters<typeof openClient>[1] = {}) =>
	openClient(port, { path: '/chat', ...options });

const refused = async ({ port }: Running, headers?: Record<string, string>) =>
	(await refusal(`ws://127.0.0.1:${port}/chat`, headers)).status;

/** Never done. */
const forever = () => new Promise<never>(() => {});

describe.each(subjects)('what was built is what counts, on $name:', ({ start, isPinned }) => {
	it.each([99, 5000])('maxPayload %i', async (maxPayload) => {
		const handler: AnyHandler = {
			message: (peer, message) => void peer.send(message.text().length)
		};
		await using running = await start({ settings: { maxPayload }, handler });
		await using client = await opened(running);
		client.send('x'.repeat(maxPayload));
		expect(await client.message()).toBe(String(maxPayload));
		client.send('x'.repeat(maxPayload + 1));
		await client.closed;
		await expect
			.poll(() => running.log.warnings.map(({ value }) => value))
			.toEqual([`/chat, ${maxPayload} bytes`]);
	});

	it.each([
		[8, 2000],
		[40, 10_000],
		[0, 30_000]
	])('idleTimeout %i, which the client hears of', async (idleTimeout, interval) => {
		await using running = await start({ settings: { idleTimeout } });
		await using client = await opened(running, { path: '/chat?x-websocket-heartbeat=1' });
		expect(await client.message()).toBe(`\u0016${interval}`);
	});

	it.each([3000, 9000])('maxBackpressure %i, for what waits for open', async (maxBackpressure) => {
		const settings = { maxBackpressure, maxPayload: 10_000 };
		await using running = await start({ settings, handler: { open: forever } });
		await using client = await opened(running, { path: '/chat?x-websocket-heartbeat=1' });
		await client.message();
		client.send('x'.repeat(maxBackpressure - 256));
		client.send('\u00161');
		expect(await client.message()).toBe('\u00160');
		client.send('one too many');
		expect(await client.closed).toMatchObject({ code: 1008 });
	});

	const flood: AnyHandler = {
		message(peer) {
			const bytes = new Uint8Array(100_000);
			for (let count = 0; count < 200; count += 1) peer.send(bytes);
		}
	};

	/** What becomes of a client that takes nothing for a while. */
	async function flooded(running: Running): Promise<Client> {
		const client = await opened(running);
		client.connection.pause();
		client.send('go');
		await expect.poll(() => running.log.warnings).toHaveLength(1);
		client.connection.resume();
		return client;
	}

	it.each([true, false])('closeOnBackpressureLimit %s', async (closeOnBackpressureLimit) => {
		const settings = { closeOnBackpressureLimit, maxBackpressure: 150_000 };
		await using running = await start({ settings, handler: flood });
		await using client = await flooded(running);
		expect(running.log.warnings[0]?.what).toContain(
			closeOnBackpressureLimit ? 'is closed' : 'loses messages'
		);
		if (closeOnBackpressureLimit) expect(await client.closed).toMatchObject({ code: 1013 });
		else expect(client.isOpen).toBe(true);
	});

	it.each([1, 3])('maxConnections %i', async (maxConnections) => {
		await using running = await start({ settings: { maxConnections } });
		const clients: Client[] = [];
		for (let count = 0; count < maxConnections; count += 1) clients.push(await opened(running));
		expect(await refused(running)).toBe(503);
		for (const client of clients) await client[Symbol.asyncDispose]();
	});

	it('upgradeTimeout', async () => {
		const settings = { upgradeTimeout: 0.05 };
		// lets the client in before the default would refuse it
		const upgrade: AnyHandler['upgrade'] = ({ request }) =>
			sleep(5000, undefined, { signal: request.signal });
		await using running = await start({ settings, handler: { upgrade } });
		expect(await refused(running)).toBe(504);
	});

	it.each([2, 4])('rateLimit of %i messages', async (messages) => {
		await using running = await start({ settings: { rateLimit: { messages, per: 60_000 } } });
		await using client = await opened(running);
		for (let count = 0; count < 3; count += 1) client.send('x');
		if (messages < 3) expect((await client.closed).code).toBe(1008);
		else {
			await client.close();
			expect(running.log.warnings).toEqual([]);
		}
	});

	it.each([true, false])('compression %s', async (compression) => {
		await using running = await start({ settings: { compression } });
		await using client = await opened(running, { perMessageDeflate: true });
		expect(client.ws.extensions).toBe(compression ? 'permessage-deflate' : '');
	});

	it('allowedOrigins and trustedOrigins', async () => {
		const settings = {
			allowedOrigins: ['https://allowed.example'],
			trustedOrigins: ['https://trusted.example']
		};
		await using running = await start({ settings });
		for (const origin of ['https://allowed.example', 'https://trusted.example']) {
			await using _ = await opened(running, { origin });
		}
		expect(await refused(running, { origin: 'https://other.example' })).toBe(403);
	});

	it('allowedOrigins, where it is the star', async () => {
		await using running = await start({ settings: { allowedOrigins: '*' } });
		await using client = await opened(running, { origin: 'https://other.example' });
		expect(client.isOpen).toBe(true);
	});

	it('paths.origin', async () => {
		await using running = await start({ origin: 'https://pinned.example' });
		await using _ = await opened(running, { origin: 'https://pinned.example' });
		const own = { origin: `http://127.0.0.1:${running.port}` };
		const answer = opened(running, own).then(
			(client) => client[Symbol.asyncDispose](),
			({ message }: Error) => message
		);
		expect(await answer).toBe(isPinned ? 'Unexpected server response: 403' : undefined);
		expect(await refused(running, { origin: 'http://pinned.example' })).toBe(403);
	});

	it.each([
		[true, '/[fallback]'],
		[false, '/chat']
	])('router.type hash: %s', async (isHashRouted, path) => {
		await using running = await start({ settings: { isHashRouted } });
		await using _ = await opened(running);
		expect(running.shown).toEqual([path]);
	});
});
