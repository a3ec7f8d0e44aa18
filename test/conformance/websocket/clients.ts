import { describe, expect, test } from 'vitest';
import { App } from './app.ts';
import type { Subject } from './subject.ts';

const beat = '\u0016';

/** What a server does for a client that knows it: our own does. */
export function clientsSuite(subject: Subject): void {
	describe(`${subject.name}: a heartbeat`, () => {
		const app = new App(subject);

		test('is the first message for a client that asks for it, and what it sends is sent back', async () => {
			await using client = await app.open('/slash/always?a=1&x-websocket-heartbeat=1');
			expect(await client.message()).toBe(`${beat}30000`);
			expect(await client.json()).toMatchObject({ path: '/slash/always' });
			client.send(`${beat}0`);
			client.send(`${beat}123456789012345`);
			expect(await client.message()).toBe(`${beat}0`);
			expect(await client.message()).toBe(`${beat}123456789012345`);
		});

		test('is sent back once the messages before it were handed to the app', async () => {
			await using client = await app.open('/echo?x-websocket-heartbeat=1');
			await client.message();
			for (const message of ['a', `${beat}1`, 'b', `${beat}2`]) client.send(message);
			const received = [];
			for (let count = 0; count < 4; count += 1) received.push(await client.message());
			expect(received).toEqual(['a', `${beat}1`, 'b', `${beat}2`]);
		});

		test('is nothing that a hook sees', async () => {
			await using client = await app.open('/commands?x-websocket-heartbeat=1');
			await client.message();
			client.send(`${beat}1`);
			client.send('["echo","here"]');
			expect(await client.message()).toBe(`${beat}1`);
			expect(await client.message()).toBe('here');
		});

		test.for([
			'',
			'?x-websocket-heartbeat=10',
			'?ax-websocket-heartbeat=1',
			'?X-WebSocket-Heartbeat=1'
		])('is nothing to a client that does not ask for it: "%s"', async (query) => {
			await using client = await app.open(`/echo${query}`);
			client.send(`${beat}1`);
			expect(await client.message()).toBe(`${beat}1`);
			client.send('a');
			expect(await client.message()).toBe('a');
		});
	});

	describe(`${subject.name}: a probe`, () => {
		const app = new App(subject);

		test.for([
			['1', 401],
			['1,', 401],
			['1,chat', 401],
			['1,chat,token', 204],
			['1,chat, token', 204]
		] as const)('offers what follows its own value: %s', async ([value, status]) => {
			const response = await fetch(`${app.running.url}/token`, {
				headers: { 'x-websocket-probe': value }
			});
			expect(response.status).toBe(status);
		});

		test('is answered with its own header, whatever the answer is', async () => {
			for (const path of ['/echo', '/token', '/refuse/redirect', '/refuse/throw', '/nowhere']) {
				const response = await fetch(app.running.url + path, {
					headers: { 'x-websocket-probe': '1' },
					redirect: 'manual'
				});
				expect(response.headers.get('x-websocket-probe'), path).toBe('1');
			}
		});

		test.for([
			['/refuse/redirect', 303, '/login?from=socket'],
			['/handle/redirect', 302, '/login'],
			['/refuse/moved', 308, 'https://b.example/c']
		] as const)('of %s, which redirects, is answered so that a page can read it', async (each) => {
			const [path, status, location] = each;
			const handshake = await app.upgrade(path);
			expect(handshake.status).toBe(status);
			expect(handshake.headers).toContainEqual(['location', location]);
			const { status: probed, headers } = await fetch(app.running.url + path, {
				headers: { 'x-websocket-probe': '1', origin: 'https://trusted.example' },
				redirect: 'manual'
			});
			expect(probed).toBe(403);
			expect(headers.get('x-websocket-redirect')).toBe(String(status));
			expect(headers.get('location')).toBe(location);
			expect(headers.get('access-control-expose-headers')).toBe(
				'x-websocket-probe, x-websocket-redirect, location, retry-after'
			);
		});

		test.for([
			['1', '1'],
			['1,chat.v1', '1,chat.v1'],
			['1,chat.v1,chat.v2', '1,chat.v2'],
			['1,chat.v3', '1']
		] as const)('says which subprotocol would be spoken: %s', async ([value, spoken]) => {
			const { status, headers } = await fetch(`${app.running.url}/subprotocols`, {
				headers: { 'x-websocket-probe': value }
			});
			expect([status, headers.get('x-websocket-probe')]).toEqual([204, spoken]);
		});

		test.for([
			['https://evil.example', {}, 403],
			['https://trusted.example', {}, 204],
			['https://trusted.example', { origin: 'https://evil.example' }, 403],
			['https://evil.example', { origin: 'https://trusted.example' }, 204]
		] as const)(
			'is judged by the origin that it names, %s, unless the browser names one: %j',
			async ([named, headers, status]) => {
				const response = await fetch(`${app.running.url}/echo`, {
					headers: { 'x-websocket-probe': '1', 'x-websocket-origin': named, ...headers }
				});
				expect(response.status).toBe(status);
			}
		);
	});

	describe(`${subject.name}: a probe from a page of another origin`, () => {
		const app = new App(subject);
		const ask = (method: string, headers: Record<string, string>, path = '/echo') =>
			fetch(`${app.running.url}${path}`, { method, headers });
		const probe = (origin: string, path?: string) =>
			ask('GET', { origin, 'x-websocket-probe': '1' }, path);
		const sharing = (response: Response) => ({
			status: response.status,
			origin: response.headers.get('access-control-allow-origin'),
			credentials: response.headers.get('access-control-allow-credentials')
		});

		test('is told that it is foreign, and that alone', async () => {
			const tag = app.tag();
			const origin = 'https://evil.example';
			for (const path of [`/echo?tag=${tag}`, `/nowhere?tag=${tag}`]) {
				const response = await probe(origin, path);
				expect(sharing(response)).toEqual({ status: 403, origin, credentials: 'true' });
				expect(await response.text()).toBe('This origin may not open a socket here');
				expect(response.headers.get('vary')).toContain('origin');
			}
			expect(await app.journal(tag)).toEqual([]);
		});

		test('that is trusted is told how the handshake would be answered', async () => {
			const origin = 'https://trusted.example';
			for (const [path, status] of [
				['/echo', 204],
				['/refuse/error', 403],
				['/nowhere', 404]
			] as const) {
				const response = await probe(origin, path);
				expect(sharing(response)).toEqual({ status, origin, credentials: 'true' });
			}
		});

		test('is preceded by a question of the browser, which is answered', async () => {
			const origin = 'https://evil.example';
			const response = await ask('OPTIONS', {
				origin,
				'access-control-request-method': 'GET',
				'access-control-request-headers': 'x-websocket-probe'
			});
			expect(sharing(response)).toEqual({ status: 204, origin, credentials: 'true' });
			expect(response.headers.get('access-control-allow-headers')).toBe(
				'x-websocket-probe, x-websocket-origin'
			);
		});

		// Vite shares more than that, and differently from version to version.
		test.runIf(subject.isProduction)('is the only thing of which that is true', async () => {
			const origin = 'https://evil.example';
			const responses = [
				await ask('GET', { origin }, '/registry'),
				await ask('OPTIONS', {
					origin,
					'access-control-request-method': 'GET',
					'access-control-request-headers': 'x-other'
				})
			];
			for (const response of responses) expect(sharing(response).origin).toBeNull();
		});
	});
}
