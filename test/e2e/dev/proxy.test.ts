import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { connectClient, refusal } from '../../support/client.ts';
import { editableApp, type EditableApp } from '../../support/dev-app.ts';
import type { RunningApp } from '../../support/server.ts';

const hookFile = `
	import { defineWebSocket } from 'svelte-adapter-ws/server';
	const echo = { message: (peer, message) => void peer.send(message.text()) };
	export const websocket = defineWebSocket({
		'/echo': echo,
		'/api/taken': echo,
		'/page': echo,
		'/maybe/own': echo
	});`;

const config = (port: number) => `
	import { sveltekit } from '@sveltejs/kit/vite';
	import adapterWs from 'svelte-adapter-ws';
	import { defineConfig } from 'vite';
	const http = 'http://127.0.0.1:${port}';
	const decisions = {
		'/maybe/own': (req) => req.url,
		'/maybe/elsewhere': () => '/echo',
		'/maybe/later': async () => '/echo',
		'/maybe/a/page': () => '/page.html',
		'/maybe/not': () => false,
		'/maybe/throws': () => { throw new Error('bypass broke'); },
		'/maybe/rejects': async () => { throw new Error('bypass broke'); },
		'/maybe/null': () => null
	};
	const proxy = {
		'/api': { target: http, ws: true, rewrite: (path) => path.replace('/api', '/v1') },
		'/direct': { target: 'ws://127.0.0.1:${port}' },
		'^/rooms/\\\\d+$': { target: http, ws: true },
		'/plain': http,
		'/away': { target: 'http://127.0.0.1:1', ws: true },
		'/maybe': { target: http, ws: true, bypass: (req) => decisions[req.url]?.(req) }
	};
	const kit = sveltekit({ adapter: adapterWs() });
	export default defineConfig({ plugins: [kit], server: { proxy }, preview: { proxy } });`;

/** Somebody else's server: says what it was asked for, and echoes. */
let target: WebSocketServer;
let app: EditableApp;

beforeAll(async () => {
	target = new WebSocketServer({ port: 0, host: '127.0.0.1' });
	await once(target, 'listening');
	target.on('connection', (ws, { url, headers }) => {
		const { cookie, 'sec-websocket-protocol': protocol } = headers;
		ws.send(JSON.stringify({ url, cookie, protocol }));
		ws.on('message', (data, isBinary) => ws.send(data, { binary: isBinary }));
	});
	app = await editableApp({
		'vite.config.ts': config((target.address() as AddressInfo).port),
		'src/websocket.ts': hookFile,
		'src/routes/page/+page.svelte': '<h1>prerendered</h1>',
		'src/routes/page/+page.ts': 'export const prerender = true;'
	});
	expect(await app.build()).toContain('done');
});

afterAll(async () => {
	await app[Symbol.asyncDispose]();
	for (const client of target.clients) client.terminate();
	target.close();
});

describe.each(['dev', 'preview'])('vite %s', (command) => {
	let server: RunningApp;

	beforeAll(async () => {
		server = await app.vite(command);
	});

	afterAll(() => server[Symbol.asyncDispose]());

	test.each([
		['/api/chat?room=1', '/v1/chat?room=1'],
		// a proxy comes before a socket of the app, as it comes before a page
		['/api/taken', '/v1/taken'],
		['/direct/chat', '/direct/chat'],
		['/rooms/12', '/rooms/12']
	])('a socket to %s reaches the target of the proxy as %s', async (path, url) => {
		await using client = await connectClient(server.url + path, {
			protocols: ['chat', 'v2'],
			headers: { cookie: 'a=b' }
		});
		expect(await client.json()).toEqual({ url, cookie: 'a=b', protocol: 'chat,v2' });
		expect(client.ws.protocol).toBe('chat');
		client.send('text');
		expect(await client.message()).toBe('text');
		client.send(Buffer.from([1, 2, 3]));
		expect(await client.message()).toEqual(Buffer.from([1, 2, 3]));
	});

	test('so does a request that asks how an upgrade would be answered', async () => {
		const headers = { 'x-websocket-probe': '1' };
		expect((await fetch(`${server.url}/rooms/12`, { headers })).status).toBe(426);
		expect((await fetch(`${server.url}/echo`, { headers })).status).toBe(204);
	});

	test('a socket of the app works beside those', async () => {
		await using proxied = await connectClient(`${server.url}/rooms/12`);
		await using client = await connectClient(`${server.url}/echo`);
		client.send('app');
		expect(await client.message()).toBe('app');
		await proxied.message();
		proxied.send('target');
		expect(await proxied.message()).toBe('target');
	});

	test('a socket of the app may share its path with a prerendered page', async () => {
		await using client = await connectClient(`${server.url}/page`);
		client.send('app');
		expect(await client.message()).toBe('app');
		expect(await (await fetch(`${server.url}/page`)).text()).toContain('prerendered');
	});

	test('what no proxy forwards is answered 404 at once', async () => {
		for (const path of ['/rooms/x', '/plain', '/nothing'])
			expect((await refusal(server.url + path)).status).toBe(404);
	});

	test('a host that is not allowed gets no socket', async () => {
		for (const path of ['/echo', '/page', '/nothing']) {
			const answer = await refusal(server.url + path, {
				host: 'evil.example',
				origin: 'http://evil.example'
			});
			expect([path, answer.status]).toEqual([path, 403]);
			expect(answer.body).toContain('This host ("evil.example") is not allowed');
		}
	});

	test.each(['/maybe/own', '/maybe/elsewhere', '/maybe/later'])(
		'a socket that bypass hands back is the app\u2019s: %s',
		async (path) => {
			await using client = await connectClient(server.url + path);
			client.send('app');
			expect(await client.message()).toBe('app');
			const headers = { 'x-websocket-probe': '1' };
			expect((await fetch(server.url + path, { headers })).status).toBe(204);
		}
	);

	test('a socket that bypass leaves to the proxy reaches its target', async () => {
		for (const path of ['/maybe/null', '/maybe/other']) {
			await using client = await connectClient(server.url + path);
			expect(await client.json()).toMatchObject({ url: path });
			client.send('target');
			expect(await client.message()).toBe('target');
		}
	});

	test('what nobody has after bypass is answered too', async () => {
		const answers = {
			'/maybe/a/page': 404,
			'/maybe/not': 404,
			'/maybe/throws': 500,
			'/maybe/rejects': 500
		};
		for (const [path, status] of Object.entries(answers)) {
			expect([path, (await refusal(server.url + path)).status]).toEqual([path, status]);
		}
		const headers = { 'x-websocket-probe': '1' };
		expect((await fetch(`${server.url}/maybe/a/page`, { headers })).status).toBe(404);
	});

	test('a target that is away ends the connection, and nothing else', async () => {
		await expect(connectClient(`${server.url}/away`)).rejects.toThrow('socket hang up');
		await using client = await connectClient(`${server.url}/echo`);
		client.send('app');
		expect(await client.message()).toBe('app');
	});
});
