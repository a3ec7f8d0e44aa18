import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { RawConnection, values, type RawResponse } from '../../support/raw.ts';
import { App } from './app.ts';
import type { Subject } from './subject.ts';

/** From the request to the 101, or to the HTTP answer that says why not. */
export function handshakeSuite(subject: Subject): void {
	/** What is set; Kit leaves `Secure` away in dev. */
	const cookies = (response: RawResponse) =>
		values(response, 'set-cookie').map((cookie) => cookie.replace('; Secure', ''));

	describe(`${subject.name}: a handshake that is refused`, () => {
		const app = new App(subject);

		test.for([
			['that does not ask to upgrade the connection', { connection: 'keep-alive' }, 426],
			['without a key', { 'sec-websocket-key': '' }, 400],
			['with a key that is too short', { 'sec-websocket-key': 'c2hvcnQ=' }, 400],
			['with a key that is no base64', { 'sec-websocket-key': '!'.repeat(22) + '==' }, 400],
			['of another version', { 'sec-websocket-version': '8' }, 426],
			['without a version', { 'sec-websocket-version': '' }, 426],
			['that offers a subprotocol twice', { 'sec-websocket-protocol': 'a, b, a' }, 400],
			['that offers what is no name', { 'sec-websocket-protocol': 'a, b c' }, 400],
			['that offers nothing between commas', { 'sec-websocket-protocol': 'a,,b' }, 400]
		] as const)('%s', async ([, headers, status]) => {
			const response = await app.upgrade('/echo', headers);
			expect(response.status).toBe(status);
			expect(response.body.length).toBeGreaterThan(0);
			expect(response.body.length).toBeLessThan(200);
			if ('sec-websocket-version' in headers) {
				expect(values(response, 'sec-websocket-version')).toEqual(['13']);
			}
		});

		test('because no socket is there: 404, and handle is not asked', async () => {
			const tag = app.tag();
			const response = await app.upgrade(`/nowhere?tag=${tag}`);
			expect(response.status).toBe(404);
			expect(response.body.toString()).toBe('No socket here');
			expect(await app.journal(tag)).toEqual([]);
		});

		test.for([
			['by error()', '/refuse/error', 403, '"message":"Not you"}'],
			['by a Response', '/refuse/response', 418, 'I am a teapot'],
			['by a Response of status 200', '/refuse/fine', 200, 'Fine, but no socket'],
			['by false', '/refuse/false', 401, 'Unauthorized'],
			['by a promise of false', '/refuse/later', 401, 'Unauthorized']
		] as const)('by upgrade, %s', async ([, path, status, body]) => {
			const response = await app.upgrade(path);
			expect(response.status).toBe(status);
			expect(response.body.toString()).toContain(body);
			expect(cookies(response)).toEqual(['refused=yes; Path=/; HttpOnly; SameSite=Lax']);
			expect(values(response, 'x-handle')).toEqual(['decorate, identify']);
		});

		test('with the headers of the Response', async () => {
			const response = await app.upgrade('/refuse/response');
			expect(values(response, 'x-teapot')).toEqual(['yes']);
		});

		test('by redirect()', async () => {
			const response = await app.upgrade('/refuse/redirect');
			expect(response.status).toBe(303);
			expect(values(response, 'location')).toEqual(['/login?from=socket']);
			expect(values(response, 'set-cookie')).toHaveLength(1);
		});

		test('by an accident in upgrade: 500 that tells nothing, and handleError sees it', async () => {
			const tag = app.tag();
			const response = await app.upgrade(`/refuse/throw?tag=${tag}`);
			expect(response.status).toBe(500);
			expect(JSON.parse(response.body.toString())).toMatchObject({ message: 'Something broke' });
			expect(values(response, 'x-handle')).toEqual(['decorate, identify']);
			expect(await app.journal(tag)).toEqual([
				'handle /refuse/throw',
				'handleError upgrade broke, secretly'
			]);
		});

		test.for([
			['a Response', '/handle/answers', 402, 'Pay first'],
			['error()', '/handle/error', 409, '"message":"Handle said no"}'],
			['redirect()', '/handle/redirect', 302, '']
		] as const)('by handle, with %s: upgrade does not run', async ([, path, status, body]) => {
			const tag = app.tag();
			const response = await app.upgrade(`${path}?tag=${tag}`);
			expect(response.status).toBe(status);
			expect(response.body.toString()).toContain(body);
			expect((await app.journal(tag)).filter((line) => line.startsWith('open'))).toEqual([]);
		});

		test('by an accident in handle: 500 that tells nothing, and handleError sees it', async () => {
			const tag = app.tag();
			const response = await app.upgrade(`/handle/throws?tag=${tag}`);
			expect(response.status).toBe(500);
			expect(response.body.toString()).not.toContain('secretly');
			expect(await app.journal(tag)).toContain('handleError handle broke, secretly');
		});

		test('leaves nothing behind', async () => {
			for (const how of ['error', 'redirect', 'throw', 'response', 'fine']) {
				await app.upgrade(`/refuse/${how}`);
			}
			expect((await app.registry()).size).toBe(0);
		});
	});

	describe(`${subject.name}: a handshake that is accepted`, () => {
		const app = new App(subject);

		test('has run through every handle of the sequence, with locals and cookies', async () => {
			await using client = await app.open('/who', { cookie: 'user=Ada' });
			expect(await client.json()).toEqual({
				data: { trail: ['identify', 'guard', 'decorate'], cookie: 'Ada', client: '127.0.0.1' },
				user: 'Ada',
				params: {},
				path: '/who',
				address: '127.0.0.1',
				protocol: '',
				readyState: 1
			});
		});

		test('carries the cookies and headers of handle and of upgrade on the 101', async () => {
			const response = await app.upgrade('/cookies');
			expect(response.status).toBe(101);
			expect(values(response, 'sec-websocket-accept')).toEqual(['s3pPLMBiTxaQ9kYGzzhZRbK+xOo=']);
			expect(cookies(response).toSorted()).toEqual([
				'session=from%20upgrade; Max-Age=60; Path=/; HttpOnly; SameSite=Lax',
				'visit=from%20handle; Path=/; HttpOnly; SameSite=Lax'
			]);
			expect(values(response, 'x-set')).toEqual(['by handle']);
			expect(values(response, 'x-upgrade')).toEqual(['by upgrade']);
			expect(values(response, 'server-timing')).toEqual(['handle;dur=1, upgrade;dur=2']);
			expect(values(response, 'x-handle')).toEqual(['decorate, identify']);
			for (const name of ['content-length', 'transfer-encoding', 'content-type']) {
				expect(values(response, name)).toEqual([]);
			}
		});

		test('may await a timer and a request to the app itself', async () => {
			await using client = await app.open('/wait', { cookie: 'user=Grace' });
			expect(await client.json()).toEqual({ user: 'Grace', fetched: 'from another route' });
		});

		test('of a hundred at once: none gets what is another one\u2019s', async () => {
			const names = Array.from({ length: 100 }, (_, index) => `user${index}`);
			const ask = async (name: string, ms: number, mayBeCut: boolean): Promise<unknown> => {
				await using client = await app.open(`/wait?ms=${ms}`, { cookie: `user=${name}` });
				return await client.json().catch((error: unknown) => {
					if (!mayBeCut || !String(error).includes('"code":1006')) throw error;
					return ask(name, ms, false);
				});
			};
			// An old build of uWS may cut a socket amid its upgrade, see `UwsExchange.accept`: one of many hundreds.
			const mayBeCut = subject.name.startsWith('uws');
			const answers = await Promise.all(
				names.map((name, index) => ask(name, 1 + ((index * 37) % 50), mayBeCut))
			);
			expect(answers).toEqual(names.map((user) => ({ user, fetched: 'from another route' })));
			await expect.poll(async () => (await app.registry()).size).toBe(0);
		});

		test('keeps what the client sends at once', async () => {
			await using client = await app.open('/echo');
			client.send('first');
			client.send(Uint8Array.of(2));
			expect(await client.message()).toBe('first');
			expect(await client.message()).toEqual(Buffer.of(2));
		});
	});

	describe(`${subject.name}: a client that leaves during upgrade`, () => {
		const app = new App(subject);

		test('leaves nothing behind, and aborts the signal of the request', async () => {
			const tag = app.tag();
			const connection = await RawConnection.open(app.port);
			connection.write(app.handshake(`/wait?ms=200&tag=${tag}`));
			await app.noted(tag, ['handle /wait', 'waiting']);
			connection.socket.destroy();
			await once(connection.socket, 'close');
			await app.noted(tag, ['handle /wait', 'waiting', 'aborted']);
			await app.running.printed(/A client left during the handshake/);
			expect(await app.journal(tag)).not.toContain('open');
			expect((await app.registry()).size).toBe(0);
		});

		test.for([
			['a handshake', {}],
			['a probe', { connection: '', upgrade: '', 'x-websocket-probe': '1' }]
		] as const)('ends %s at once, whatever upgrade still waits for', async ([, headers]) => {
			const lines = () => app.running.output().match(/A client left during the handshake/g) ?? [];
			const before = lines().length;
			const tag = app.tag();
			const connection = await RawConnection.open(app.port);
			connection.write(app.handshake(`/wait?ms=3600000&tag=${tag}`, headers));
			await app.noted(tag, ['handle /wait', 'waiting']);
			connection.socket.destroy();
			await expect.poll(() => lines().length).toBe(before + 1);
			await app.noted(tag, ['handle /wait', 'waiting', 'aborted']);
		});
	});

	describe(`${subject.name}: an event that is kept`, () => {
		const app = new App(subject);
		const recalled = (tag: string) => app.json(`/kept?of=${tag}`);
		// Dev has no `platform.req`.
		const address = subject.isProduction
			? { client: '127.0.0.1', remote: '127.0.0.1' }
			: { client: '127.0.0.1' };

		test('knows the address of its client in the hooks of the socket, and when that has closed', async () => {
			const tag = app.tag();
			await using client = await app.open(`/kept?tag=${tag}`);
			client.send('recall');
			expect(await client.json()).toMatchObject(address);
			await client.close();
			expect(await recalled(tag)).toMatchObject(address);
		});

		test('knows it though the handshake was refused, or was a probe', async () => {
			const [first, second] = [app.tag(), app.tag()];
			expect((await app.upgrade(`/kept?refuse&tag=${first}`)).status).toBe(403);
			const headers = { 'x-websocket-probe': '1' };
			await fetch(`${app.running.url}/kept?tag=${second}`, { headers });
			expect([await recalled(first), await recalled(second)]).toMatchObject([address, address]);
		});

		test('knows it when the client has left in the middle', async () => {
			const tag = app.tag();
			const connection = await RawConnection.open(app.port);
			connection.write(app.handshake(`/kept?wait&tag=${tag}`));
			await app.noted(tag, ['handle /kept', 'kept']);
			connection.socket.destroy();
			await app.noted(tag, ['handle /kept', 'kept', 'aborted']);
			expect(await recalled(tag)).toMatchObject(address);
		});

		// In dev and preview it is SvelteKit that answers a plain request.
		test.runIf(subject.isProduction)('knows it when a request is over, or aborted', async () => {
			for (const query of ['', '&wait']) {
				const tag = app.tag();
				const connection = await RawConnection.open(app.port);
				connection.write(
					`GET /kept?tag=${tag}${query} HTTP/1.1\r\nhost: 127.0.0.1:${app.port}\r\nx-forwarded-proto: http\r\n\r\n`
				);
				await expect.poll(() => app.journal(tag)).toContain('kept');
				if (query === '') await connection.response();
				connection.socket.destroy();
				if (query !== '') await expect.poll(() => app.journal(tag)).toContain('aborted');
				expect(await recalled(tag)).toMatchObject(address);
			}
		});
	});

	describe.runIf(subject.isProduction)(
		`${subject.name}: an event that is kept, behind a proxy`,
		() => {
			const app = new App(subject, 'default', {
				ADDRESS_HEADER: 'x-forwarded-for',
				XFF_DEPTH: '2'
			});
			const proxied = { 'x-forwarded-for': '203.0.113.7, 10.0.0.1' };

			test('knows the address that the proxy has given', async () => {
				const tag = app.tag();
				await using client = await app.open(`/kept?tag=${tag}`, proxied);
				await client.close();
				expect(await app.json(`/kept?of=${tag}`)).toEqual({
					client: '203.0.113.7',
					remote: '127.0.0.1'
				});
			});
		}
	);

	describe(`${subject.name}: the limits of handshakes`, () => {
		const app = new App(subject, 'base');

		test('one that takes too long is answered 504, and its signal aborts', async () => {
			const tag = app.tag();
			const response = await app.upgrade(`/base/wait?ms=600&tag=${tag}`);
			expect(response.status).toBe(504);
			expect(response.body.toString()).toBe('The upgrade took too long');
			expect(await app.journal(tag, '/base')).toEqual(['waiting', 'aborted']);
			// the hook goes on, and opens nothing
			await using quick = await app.open(`/base/wait?ms=1`);
			await quick.json();
			await expect
				.poll(async () => (await app.json<{ size: number }>('/base/registry')).size)
				.toBe(1);
			expect(await app.journal(tag, '/base')).not.toContain('open');
		});

		test('more connections than allowed are answered 503, those under way included', async () => {
			await using first = await app.open('/base/echo');
			await using second = await app.open('/base/echo');
			const slow = app.open('/base/wait?ms=150');
			const tag = app.tag();
			await expect.poll(async () => (await app.upgrade(`/base/echo?tag=${tag}`)).status).toBe(503);
			await using third = await slow;
			const refused = await app.upgrade('/base/echo');
			expect([refused.status, refused.body.toString()]).toEqual([503, 'Too many connections']);
			first.send('still');
			second.send('here');
			expect([await first.message(), await second.message()]).toEqual(['still', 'here']);
			await third.close();
			await expect.poll(async () => (await app.upgrade('/base/echo')).status).toBe(101);
		});
	});
}
