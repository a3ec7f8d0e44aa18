import { once } from 'node:events';
import { connect, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import { request, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCertificate, type Certificate } from '../support/certificate.ts';
import { connectClient } from '../support/client.ts';
import { runApp, type RunningApp } from '../support/server.ts';

const script = fileURLToPath(new URL('./servers/http2.js', import.meta.url));

let certificate: Certificate;
let app: RunningApp;

beforeAll(async () => {
	certificate = createCertificate();
	const { certPath, keyPath } = certificate;
	app = await runApp({ args: [script], env: { CERT: certPath, KEY: keyPath } });
});

afterAll(async () => {
	await app[Symbol.asyncDispose]();
	certificate[Symbol.dispose]();
});

function urlOf(kind: string): string {
	const [, port] = new RegExp(`^${kind} listens on (\\d+)`, 'm').exec(app.output()) ?? [];
	return `${kind === 'secure' ? 'https' : 'http'}://127.0.0.1:${port}`;
}

describe.each(['plain', 'secure'])('an app on node:http2, %s', (kind) => {
	let session: ClientHttp2Session;

	beforeAll(() => {
		session = connect(urlOf(kind), { ca: certificate.cert });
	});

	afterAll(() => {
		session.destroy();
		expect(app.output()).not.toMatch(/warning|ERR_HTTP2/i);
	});

	async function ask(path: string, headers: Record<string, string> = {}, body?: string) {
		const method = body === undefined ? 'GET' : 'POST';
		const stream = session.request(
			{ ':path': path, ':method': method, ...headers },
			{ endStream: body === undefined }
		);
		if (body !== undefined) stream.end(body);
		const [received] = (await once(stream, 'response')) as [IncomingHttpHeaders];
		return { status: received[':status'], headers: received, body: await text(stream) };
	}

	test('serves pages, files and what is not there', async () => {
		const page = await ask('/');
		expect(page).toMatchObject({ status: 200, body: expect.stringContaining('<h1>Custom</h1>') });
		const file = await ask('/numbers.txt');
		expect([file.status, file.body.length]).toEqual([200, Number(file.headers['content-length'])]);
		const { etag = '' } = file.headers;
		expect(await ask('/numbers.txt', { 'if-none-match': etag })).toMatchObject({ status: 304 });
		expect((await ask('/nowhere')).status).toBe(404);
		expect((await ask('/fail')).status).toBe(500);
		expect(await ask('/none')).toMatchObject({ status: 204, body: '' });
		const head = await ask('/numbers.txt', { ':method': 'HEAD' });
		expect(head).toMatchObject({ status: 200, body: '', headers: { etag } });
	});

	test('serves who names the host as the authority and as a header, if it is one host', async () => {
		const authority = new URL(urlOf(kind)).host;
		expect((await ask('/', { ':authority': authority, host: authority })).status).toBe(200);
		expect((await ask('/', { ':authority': authority, host: 'other.example' })).status).toBe(400);
	});

	test('sets cookies, and takes forms and other bodies', async () => {
		const { headers } = await ask('/cookies');
		expect(headers['set-cookie']).toEqual([
			expect.stringMatching(/^first=1;/),
			expect.stringMatching(/^second=2;/)
		]);
		expect((await ask('/echo', { 'content-type': 'text/plain' }, 'said')).body).toBe('said');
		const form = {
			'content-type': 'application/x-www-form-urlencoded',
			accept: 'application/json'
		};
		expect((await ask('/form', form, 'a=1')).body).toContain('success');
	});

	test('hears of a client that leaves a stream', async () => {
		const stream = session.request({ ':path': `/events?left-${kind}` });
		stream.on('error', () => {});
		const [first] = (await once(stream, 'data')) as [Buffer];
		expect(first.toString()).toBe('data: first\n\n');
		stream.close(8);
		await app.printed(new RegExp(`cancelled: \\?left-${kind}`));
	});

	test('has no sockets over HTTP/2, and says so', async () => {
		expect(await ask('/slow/a')).toMatchObject({ status: 426, body: 'Here is a WebSocket' });
		const probe = await ask('/echo', { 'x-websocket-probe': '1' });
		expect(probe.status).toBe(204);
		// RFC 8441
		const extended = session.request({
			':method': 'CONNECT',
			':protocol': 'websocket',
			':path': '/echo'
		});
		const [headers] = (await once(extended, 'response')) as [IncomingHttpHeaders];
		expect(headers[':status']).toBe(405);
		expect((await ask('/')).status).toBe(200);
	});
});

test('the secure one has pages and sockets for those who speak HTTP/1.1', async () => {
	const url = urlOf('secure');
	const ca = certificate.cert;
	const options: RequestOptions = { ca, agent: false };
	const [response] = (await once(request(url, options).end(), 'response')) as [IncomingMessage];
	expect([response.httpVersion, response.statusCode]).toEqual(['1.1', 200]);
	expect(await text(response)).toContain('<h1>Custom</h1>');
	await using client = await connectClient(`${url}/echo`, { ca, headers: { origin: url } });
	client.send('hi');
	expect(await client.message()).toBe('/echo hi');
});
