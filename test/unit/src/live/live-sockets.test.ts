import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { App } from '../../../../src/server/app.ts';
import { createAppConfig } from '../../../../src/server/config.ts';
import { createNodeEngine } from '../../../../src/server/engine/node/index.ts';
import { createUwsEngine } from '../../../../src/server/engine/uws/index.ts';
import { createHandler } from '../../../../src/server/handler.ts';
import { cookiesHeader, livePath, liveProtocol } from '../../../../src/shared/live.ts';
import type { Handoff } from '../../../../src/shared/handoff.ts';
import { refusal } from '../../../support/client.ts';
import { LiveClient } from '../../../support/live.ts';
import { fakeHandoff, websocketHandoff } from '../../support/handoff.ts';
import { FakeLog } from '../../support/log.ts';

type Respond = Handoff['server']['respond'];

/** An app below a base, with another folder for what is Kit's. */
function handoffWith(respond: Respond, more: Partial<typeof websocketHandoff> = {}): Handoff {
	const server = { init: () => Promise.resolve(), respond } as unknown as Handoff['server'];
	const websocket = {
		...websocketHandoff,
		maxPayload: 64 * 1024,
		maxBackpressure: 64 * 1024,
		...more
	};
	return fakeHandoff({ server, base: '/base', appPath: 'base/own', websocket });
}

/** What Kit was asked, and by whom. */
const echo: Respond = (request, { getClientAddress, platform }) => {
	const { req } = platform as unknown as { req: { url: string; headers: object } };
	const { method, url, headers } = request;
	const seen = {
		method,
		url,
		cookie: headers.get('cookie'),
		address: getClientAddress(),
		req: req.url
	};
	return Promise.resolve(Response.json(seen, { headers: { 'set-cookie': 'a=1' } }));
};

const engines = [
	['node', createNodeEngine],
	['uws', createUwsEngine]
] as const;

async function run(
	create: (typeof engines)[number][1],
	handoff: Handoff,
	variables: Record<string, string> = {}
) {
	const app = new App(handoff, createAppConfig(handoff, variables), new FakeLog());
	const engine = await create(app.engineOptions, app.handlers);
	await app.init(engine, variables);
	const bound = await engine.listen({ host: '127.0.0.1', port: 0 });
	const url = `http://127.0.0.1:${'port' in bound ? bound.port : 0}/base`;
	return { app, url, [Symbol.dispose]: () => engine.close() };
}

describe.for(engines)('sockets with live queries on %s', ([, create]) => {
	test('are below the base, and behind a proxy', async () => {
		using server = await run(create, handoffWith(echo), {
			ADDRESS_HEADER: 'x-forwarded-for',
			PROTOCOL_HEADER: 'x-forwarded-proto',
			HOST_HEADER: 'x-forwarded-host'
		});
		await using live = await LiveClient.open(server.url, {
			headers: {
				'x-forwarded-for': '10.1.2.3',
				'x-forwarded-proto': 'https',
				'x-forwarded-host': 'app.example',
				origin: 'https://app.example',
				cookie: 'user=ada'
			}
		});
		const answer = live.get('/base/own/remote/a/b?payload=c');
		expect(await answer.ended).toBe('end');
		expect(JSON.parse(answer.body)).toEqual({
			method: 'GET',
			url: 'https://app.example/base/own/remote/a/b?payload=c',
			cookie: 'user=ada',
			address: '10.1.2.3',
			req: '/base/own/remote/a/b?payload=c'
		});
		for (const path of ['/own/remote/a/b', '/base/_app/remote/a/b'])
			expect(await live.get(path).ended).toBe('declined');
	});

	test('take the room of other connections', async () => {
		using server = await run(create, handoffWith(echo, { maxConnections: 2 }));
		await using first = await LiveClient.open(server.url);
		await using second = await LiveClient.open(server.url);
		const full = await refusal(server.url + livePath, { 'sec-websocket-protocol': liveProtocol });
		expect(full.status).toBe(503);
		await first.client.close();
		await using third = await LiveClient.open(server.url);
		expect(await third.get('/base/own/remote/a').ended).toBe('end');
		expect(second.client.isOpen).toBe(true);
		expect([server.app.guests?.size, server.app.guests?.arrivals]).toEqual([2, 3]);
	});

	test('keep cookies of no more answers than somebody would fetch', async () => {
		using server = await run(create, handoffWith(echo));
		await using live = await LiveClient.open(server.url);
		const keys: string[] = [];
		for (let index = 0; index < 65; index += 1) {
			const { cookies = '' } = await live.get('/base/own/remote/a').head;
			keys.push(cookies);
		}
		const statuses = [];
		for (const key of keys) {
			const headers = { [cookiesHeader]: key };
			statuses.push((await fetch(server.url + livePath, { headers })).status);
		}
		expect(statuses).toEqual([404, ...Array<number>(64).fill(204)]);
	});

	test('answer what fails as over HTTP', async () => {
		using server = await run(
			create,
			handoffWith(() => Promise.reject(new Error('broken')))
		);
		await using live = await LiveClient.open(server.url);
		const answer = live.get('/base/own/remote/a');
		expect(await answer.ended).toBe('end');
		const over = await fetch(`${server.url}/own/remote/a`);
		expect([(await answer.head).status, answer.body]).toEqual([over.status, await over.text()]);
	});

	test('lose an answer whose stream fails, and no other', async () => {
		const failing = () => {
			const pull = (controller: ReadableStreamDefaultController) => {
				controller.enqueue(Buffer.from('some'));
				setImmediate(() => controller.error(new Error('broken')));
				return new Promise<void>(() => {});
			};
			return new Response(new ReadableStream({ pull }));
		};
		using server = await run(
			create,
			handoffWith((request) =>
				Promise.resolve(request.url.endsWith('fails') ? failing() : new Response('fine'))
			)
		);
		await using live = await LiveClient.open(server.url);
		const [broken, fine] = ['fails', 'lives'].map((name) => live.get(`/base/own/remote/${name}`));
		expect(await broken?.ended).toBe('lost');
		expect(broken?.body).toBe('some');
		expect(await fine?.ended).toBe('end');
	});

	test('have no end that is told before the end', async () => {
		const body = 'x'.repeat(200_000);
		using server = await run(
			create,
			handoffWith(() => Promise.resolve(new Response(body)))
		);
		await using live = await LiveClient.open(server.url);
		const answer = live.get('/base/own/remote/a');
		expect(await answer.ended).toBe('end');
		expect(answer.body).toHaveLength(200_000);
		expect(new Map((await answer.head).headers).get('content-length')).toBe('200000');
	});
});

describe('sockets with live queries on a server of one’s own', () => {
	test('are let in by attach and by upgrade, and give cookies', async () => {
		const custom = await createHandler(handoffWith(echo), {
			PROTOCOL_HEADER: 'x-forwarded-proto'
		});
		for (const attaches of [true, false]) {
			const server = createServer((req, res) => custom.handler(req, res));
			if (attaches) custom.attach(server);
			else
				server.on('upgrade', (req, socket, head) => {
					if (!custom.upgrade(req, socket, head)) socket.destroy();
				});
			await once(server.listen(0, '127.0.0.1'), 'listening');
			const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`;
			const live = await LiveClient.open(url);
			const { cookies = '' } = await live.get('/base/own/remote/a').head;
			const given = await fetch(url + livePath, { headers: { [cookiesHeader]: cookies } });
			expect([given.status, given.headers.getSetCookie()]).toEqual([204, ['a=1']]);
			await live[Symbol.asyncDispose]();
			server.closeAllConnections();
			server.close();
		}
		await custom.close();
	});
});
