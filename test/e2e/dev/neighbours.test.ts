import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectClient, refusal, type HttpAnswer } from '../../support/client.ts';
import { editableApp, type EditableApp, type Files } from '../../support/dev-app.ts';
import { RawConnection, rawRequest, values } from '../../support/raw.ts';
import type { RunningApp } from '../../support/server.ts';

const echo = `
	import { defineWebSocket } from 'svelte-adapter-ws/server';
	export const websocket = defineWebSocket({
		'/echo': { message: (peer, message) => void peer.send(message.text()) },
		'/slow': {
			upgrade: ({ request }) => {
				console.log('asked');
				return new Promise((resolve) => {
					request.signal.addEventListener('abort', () => resolve(console.log('left')));
				});
			}
		}
	});`;

/** A plugin with sockets of its own, which it takes at once or after a while, and one that only looks. */
const plugins = `
	import { WebSocketServer } from 'ws';
	const watcher = {
		name: 'watcher',
		configureServer: ({ httpServer }) => void httpServer.on('upgrade', () => {})
	};
	const other = (name) => ({
		name,
		configureServer({ httpServer }) {
			const sockets = new WebSocketServer({ noServer: true });
			httpServer.on('upgrade', (req, socket, head) => {
				const take = () => sockets.handleUpgrade(req, socket, head, (ws) => ws.send(req.url));
				if (req.url === '/' + name + '/now') take();
				else if (req.url === '/' + name + '/later') setTimeout(take, 300);
				else if (req.url === '/' + name + '/no') socket.end('HTTP/1.1 401 Unauthorized\\r\\n\\r\\n');
			});
		}
	});
	const counter = {
		name: 'counter',
		configureServer: ({ httpServer, middlewares }) =>
			void middlewares.use('/listeners', (req, res) => res.end(String(httpServer.listenerCount('upgrade'))))
	};`;

function config({ server = '{}', options = '', before = '', after = '' }): Files {
	return {
		'vite.config.ts': `
			import { sveltekit } from '@sveltejs/kit/vite';
			import adapterWs from 'svelte-adapter-ws';
			import { defineConfig } from 'vite';
			${plugins}
			export default defineConfig({
				server: ${server},
				plugins: [${before} sveltekit({ adapter: adapterWs(${options}) }), ${after}]
			});`
	};
}

async function expectEcho(url: string, path = '/echo'): Promise<void> {
	await using client = await connectClient(url + path);
	client.send('hi');
	expect(await client.message()).toBe('hi');
}

const upgradeTo = (path: string, protocol = 'websocket') =>
	`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n` +
	'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

/** Beside other plugins. */
let crowdedApp: EditableApp;
let crowded: RunningApp;
/** Asked for early: it takes a while. */
let unclaimed: Promise<HttpAnswer>;

beforeAll(async () => {
	crowdedApp = await editableApp({
		...config({ before: `other('first'),`, after: `other('last'), watcher` }),
		'src/websocket.ts': echo
	});
	crowded = await crowdedApp.vite('dev');
	unclaimed = refusal(`${crowded.url}/nothing`);
});

afterAll(async () => {
	await crowded[Symbol.asyncDispose]();
	await crowdedApp[Symbol.asyncDispose]();
});

describe('beside Vite alone', () => {
	let app: EditableApp;
	let server: RunningApp;

	beforeAll(async () => {
		app = await editableApp({
			...config({ after: 'counter' }),
			'src/websocket.ts': echo,
			'src/routes/edited/+page.svelte': '<h1>one</h1>'
		});
		server = await app.vite('dev');
	});

	afterAll(async () => {
		await server[Symbol.asyncDispose]();
		await app[Symbol.asyncDispose]();
	});

	test('the socket of Vite tells of a component that was saved while sockets of the app are open', async () => {
		await using client = await connectClient(`${server.url}/echo`);
		const script = await (await fetch(`${server.url}/@vite/client`)).text();
		const token = /wsToken = "([^"]+)"/.exec(script)?.[1];
		await using updates = await connectClient(`${server.url}/?token=${token}`, {
			protocols: ['vite-hmr'],
			headers: { origin: server.url }
		});
		expect(await updates.json()).toEqual({ type: 'connected' });
		await fetch(`${server.url}/src/routes/edited/+page.svelte`);
		await app.write('src/routes/edited/+page.svelte', '<h1>two</h1>');
		await expect.poll(() => updates.received.join('\n')).toContain('edited/+page.svelte');
		client.send('hi');
		expect(await client.message()).toBe('hi');
	});

	test('Vite answers its own ping', async () => {
		await using ping = await connectClient(server.url, { protocols: ['vite-ping'] });
		expect((await ping.closed).code).toBe(1000);
	});

	test('a subprotocol of Vite means nothing on another path', async () => {
		expect((await refusal(`${server.url}/nothing`)).status).toBe(404);
		const { status } = await rawRequest(
			server.port,
			upgradeTo('/nothing').replace('\r\n\r\n', '\r\nSec-WebSocket-Protocol: vite-hmr\r\n\r\n')
		);
		expect(status).toBe(404);
	});

	test('an upgrade that nobody claims is answered 404', async () => {
		expect(await refusal(`${server.url}/nothing`)).toEqual({ status: 404, body: 'No socket here' });
	});

	test('the path of an upgrade may be anything', async () => {
		expect((await rawRequest(server.port, upgradeTo('/%E0%A4%A'))).status).toBe(404);
		expect((await rawRequest(server.port, upgradeTo('//'))).status).toBe(404);
		const malformed = 'GET /%E0%A4%A HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
		expect((await rawRequest(server.port, malformed)).status).toBeGreaterThanOrEqual(400);
		await expectEcho(server.url);
	});

	test('an upgrade to another protocol is answered as if it had not asked for that', async () => {
		const { status, body } = await rawRequest(server.port, upgradeTo('/', 'h2c'));
		expect(status).toBe(200);
		expect(body.toString()).toContain('<h1>hello</h1>');
		const posted = upgradeTo('/', 'h2c').replace('GET', 'POST');
		expect((await rawRequest(server.port, posted)).status).toBe(405);
	});

	test('a host that is not allowed gets no socket, as it gets no page', async () => {
		for (const path of ['/echo', '/nothing']) {
			const answer = await refusal(server.url + path, {
				host: 'evil.example',
				origin: 'http://evil.example'
			});
			expect(answer.status).toBe(403);
			expect(answer.body).toContain('This host ("evil.example") is not allowed');
		}
		const probe = await rawRequest(
			server.port,
			'GET /echo HTTP/1.1\r\nHost: evil.example\r\nX-WebSocket-Probe: 1\r\nConnection: close\r\n\r\n'
		);
		expect(probe.status).toBe(403);
	});

	test('an upgrade that comes before the answer to an earlier request does no harm', async () => {
		await using connection = await RawConnection.open(server.port);
		connection.write(`GET / HTTP/1.1\r\nHost: localhost\r\n\r\n${upgradeTo('/echo')}`);
		await Promise.race([connection.closed(), connection.received(1)]);
		await expectEcho(server.url);
	});

	test('clients that leave during the handshake do no harm', async () => {
		for (const path of ['/echo', '/nothing', '/']) {
			await using connection = await RawConnection.open(server.port);
			connection.write(`${upgradeTo(path)}early`);
			connection.socket.resetAndDestroy();
		}
		await expectEcho(server.url);
		expect(server.isRunning).toBe(true);
	});

	test('the app learns of a client that has left during the handshake', async () => {
		await using connection = await RawConnection.open(server.port);
		connection.write(upgradeTo('/slow'));
		await server.printed(/asked/);
		connection.socket.resetAndDestroy();
		await server.printed(/left/);
		await expectEcho(server.url);
	});

	test('a plain request for the path of a socket is answered 426', async () => {
		const response = await fetch(`${server.url}/echo`);
		expect([response.status, response.headers.get('upgrade')]).toEqual([426, 'websocket']);
	});

	test('there are two listeners for upgrades, of Vite and of ours', async () => {
		expect(await (await fetch(`${server.url}/listeners`)).text()).toBe('2');
	});
});

describe.concurrent('without sockets of the app', () => {
	test('an upgrade is answered 404 where there is no hook file', async () => {
		await using app = await editableApp();
		await using server = await app.vite('dev');
		expect(await refusal(`${server.url}/echo`)).toEqual({ status: 404, body: 'No socket here' });
		expect((await fetch(server.url)).status).toBe(200);
		expect(server.output()).not.toContain('[svelte-adapter-ws]');
	});

	test('with websocket: false upgrades are left alone, and nothing is said', async () => {
		await using app = await editableApp({
			...config({ options: '{ websocket: false }', before: `other('first'),`, after: 'counter' }),
			'src/websocket.ts': echo
		});
		await using server = await app.vite('dev');
		expect(await (await fetch(`${server.url}/listeners`)).text()).toBe('2');
		expect((await fetch(server.url)).status).toBe(200);
		await using client = await connectClient(`${server.url}/first/now`);
		expect(await client.message()).toBe('/first/now');
		expect(server.output()).not.toContain('svelte-adapter-ws');
	});

	test('without the socket of Vite its subprotocols are answered 404', async () => {
		await using app = await editableApp({
			...config({ server: '{ ws: false }', after: 'counter' }),
			'src/websocket.ts': echo
		});
		await using server = await app.vite('dev');
		const asked = upgradeTo('/').replace(
			'\r\n\r\n',
			'\r\nSec-WebSocket-Protocol: vite-ping\r\n\r\n'
		);
		expect((await rawRequest(server.port, asked)).status).toBe(404);
		expect((await refusal(`${server.url}/nothing`)).status).toBe(404);
		expect(await (await fetch(`${server.url}/listeners`)).text()).toBe('1');
		await expectEcho(server.url);
	});
});

describe('beside other plugins', () => {
	test.each(['/first/now', '/first/later', '/last/now', '/last/later'])(
		'a plugin takes the upgrade to its %s',
		async (path) => {
			await using client = await connectClient(crowded.url + path);
			expect(await client.message()).toBe(path);
			await expectEcho(crowded.url);
			expect(client.isOpen).toBe(true);
		}
	);

	test.each(['first', 'last'])('a plugin that comes %s may refuse', async (name) => {
		const { status, body } = await rawRequest(crowded.port, upgradeTo(`/${name}/no`));
		expect([status, body.toString()]).toEqual([401, '']);
	});

	test('an upgrade that nobody claims is answered 404 once the others had their time', async () => {
		expect(await unclaimed).toEqual({ status: 404, body: 'No socket here' });
	});

	test('a client that does not wait for that does no harm', async () => {
		await using connection = await RawConnection.open(crowded.port);
		connection.write(upgradeTo('/nothing'));
		connection.socket.resetAndDestroy();
		await expectEcho(crowded.url);
		expect(values(await rawRequest(crowded.port, upgradeTo('/echo')), 'upgrade')).toEqual([
			'websocket'
		]);
	});
});
