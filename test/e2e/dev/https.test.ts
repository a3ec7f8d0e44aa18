import { once } from 'node:events';
import { connect } from 'node:http2';
import { request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCertificate, type Certificate } from '../../support/certificate.ts';
import { connectClient, refusal } from '../../support/client.ts';
import { editableApp, type EditableApp } from '../../support/dev-app.ts';
import { runApp, type RunningApp } from '../../support/server.ts';

const vite = fileURLToPath(new URL('../../../node_modules/vite/bin/vite.js', import.meta.url));

const hookFile = `
	import { defineWebSocket } from 'svelte-adapter-ws/server';
	export const websocket = defineWebSocket({
		'/echo': {
			upgrade: ({ cookies, url }) => {
				cookies.set('seen', 'yes', { path: '/' });
				return { before: cookies.get('before'), url: url.href };
			},
			open: (peer) => void peer.send({ ...peer.data, peer: peer.url.href }),
			message: (peer, message) => void peer.send(message.text())
		},
		'/closed': { upgrade: () => new Response('not today', { status: 418 }) }
	});`;

/** Answers with a URL that opens one socket. */
const endpoint = `
	import { websockets } from 'svelte-adapter-ws/server';
	export const GET = (event) =>
		new Response(websockets.use(event, (peer) => void peer.send('one ' + peer.url.protocol)));`;

const config = (server: object, kit = '') => `
	import { sveltekit } from '@sveltejs/kit/vite';
	import adapterWs from 'svelte-adapter-ws';
	import { defineConfig } from 'vite';
	export default defineConfig({
		server: ${JSON.stringify(server)},
		plugins: [sveltekit({ adapter: adapterWs(), ${kit} })]
	});`;

describe('over https', () => {
	let certificate: Certificate;
	let app: EditableApp;
	let server: RunningApp;
	let url: string;
	let ca: string;

	beforeAll(async () => {
		certificate = createCertificate();
		const { certPath, keyPath } = certificate;
		ca = certificate.cert;
		app = await editableApp({
			'vite.config.ts': config({ https: { cert: certPath, key: keyPath } }),
			'src/websocket.ts': hookFile,
			'src/routes/one/+server.ts': endpoint
		});
		server = await app.vite('dev');
		url = `https://127.0.0.1:${server.port}`;
	});

	afterAll(async () => {
		await server[Symbol.asyncDispose]();
		await app[Symbol.asyncDispose]();
		certificate[Symbol.dispose]();
	});

	/** Over HTTP/1.1. */
	async function get(path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
		const asked = request(url + path, { ca, headers, agent: false }).end();
		const [response] = (await once(asked, 'response')) as [IncomingMessage];
		return response;
	}

	/** Over HTTP/2. */
	async function get2(path: string, headers: Record<string, string> = {}) {
		const session = connect(url, { ca });
		try {
			const stream = session.request({ ':path': path, ...headers }).setEncoding('utf8');
			const [response] = (await once(stream, 'response')) as [Record<string, string | number>];
			return { status: response[':status'], headers: response, body: await text(stream) };
		} finally {
			session.close();
		}
	}

	test('a socket is at wss, with its cookies', async () => {
		await using client = await connectClient(`${url}/echo?a=b`, {
			ca,
			headers: { cookie: 'before=1', origin: url }
		});
		const href = `${url}/echo?a=b`;
		expect(await client.json()).toEqual({ before: '1', url: href, peer: href });
		client.send('hi');
		expect(await client.message()).toBe('hi');
	});

	test('the answer to the upgrade has the cookies that were set', async () => {
		const asked = request(`${url}/echo`, {
			ca,
			agent: false,
			headers: {
				connection: 'Upgrade',
				upgrade: 'websocket',
				'sec-websocket-version': '13',
				'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ=='
			}
		}).end();
		const [response, socket] = (await once(asked, 'upgrade')) as [
			IncomingMessage,
			IncomingMessage['socket']
		];
		socket.destroy();
		expect(response.headers['set-cookie']?.[0]).toMatch(/^seen=yes; Path=\//);
	});

	test('a page of another origin gets no socket', async () => {
		await expect(
			connectClient(`${url}/echo`, { ca, headers: { origin: 'https://evil.example' } })
		).rejects.toThrow('403');
	});

	test('an upgrade that nobody claims is answered 404', async () => {
		await expect(connectClient(`${url}/nothing`, { ca })).rejects.toThrow('404');
	});

	test('a URL for one socket is wss, whatever version of HTTP asked for it', async () => {
		for (const one of [await text(await get('/one')), (await get2('/one')).body]) {
			expect(one).toMatch(`wss://127.0.0.1:${server.port}/_/connect/`);
			await using client = await connectClient(one, { ca });
			expect(await client.message()).toBe('one https:');
		}
	});

	test('a plain request for the path of a socket is answered 426', async () => {
		const response = await get('/echo');
		expect([response.statusCode, response.headers.upgrade]).toEqual([426, 'websocket']);
		expect(await get2('/echo')).toMatchObject({ status: 426, body: 'Here is a WebSocket' });
	});

	test('a probe is answered as an upgrade would be', async () => {
		const probe = { 'x-websocket-probe': '1' };
		expect((await get('/echo', probe)).statusCode).toBe(204);
		expect((await get('/closed', probe)).statusCode).toBe(418);
		expect((await get('/nothing', probe)).statusCode).toBe(404);
		const probed = await get2('/echo', probe);
		expect([probed.status, probed.body]).toEqual([204, '']);
		expect(String(probed.headers['set-cookie'])).toContain('seen=yes');
		expect(await get2('/closed', probe)).toMatchObject({ status: 418, body: 'not today' });
		expect(await get2('/nothing', probe)).toMatchObject({ status: 404 });
		const foreign = { ...probe, origin: 'https://evil.example' };
		expect(await get2('/echo', foreign)).toMatchObject({ status: 403 });
	});

	test('pages come over both', async () => {
		expect(await text(await get('/'))).toContain('<h1>hello</h1>');
		expect((await get2('/')).body).toContain('<h1>hello</h1>');
		expect(server.output()).not.toMatch(/warning|error/i);
	});
});

test.concurrent('with --host a socket is where the client has reached the server', async () => {
	await using app = await editableApp({ 'src/websocket.ts': hookFile });
	await using server = await runApp({
		args: [vite, 'dev', '--port', '0', '--host', '0.0.0.0'],
		cwd: app.folder,
		env: { NO_COLOR: '1' }
	});
	await using client = await connectClient(`${server.url}/echo`, {
		headers: { origin: server.url }
	});
	expect(await client.json()).toMatchObject({ peer: `${server.url}/echo` });
	expect((await refusal(`${server.url}/nothing`)).status).toBe(404);
});

test.concurrent('sockets are below the base path, beside the socket of Vite', async () => {
	await using app = await editableApp({
		'vite.config.ts': config({}, `paths: { base: '/base' }`),
		'src/websocket.ts': hookFile,
		'src/routes/one/+server.ts': endpoint
	});
	await using server = await app.vite('dev');
	await using client = await connectClient(`${server.url}/base/echo`);
	expect(await client.json()).toMatchObject({ peer: `${server.url}/base/echo` });
	for (const path of ['/echo', '/base', '/base/nothing'])
		expect([path, (await refusal(server.url + path)).status]).toEqual([path, 404]);
	expect((await fetch(`${server.url}/base/echo`)).status).toBe(426);
	const one = await (await fetch(`${server.url}/base/one`)).text();
	expect(one).toMatch(`ws://127.0.0.1:${server.port}/base/_/connect/`);
	await using single = await connectClient(one);
	expect(await single.message()).toBe('one http:');
	await using updates = await connectClient(`${server.url}/base/`, { protocols: ['vite-hmr'] });
	expect(await updates.json()).toEqual({ type: 'connected' });
});
