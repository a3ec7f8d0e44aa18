import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildAll } from '../../comparison/build.ts';
import { kit3, type Major } from '../../comparison/majors.ts';
import { Server } from '../../comparison/servers.ts';
import { subjects } from '../../comparison/subjects.ts';

const folder = fileURLToPath(new URL('./fixtures/libraries', import.meta.url));
const major: Major = { ...kit3, home: { folder, vite: kit3.home.vite } };

/** adapter-node itself shows that it is the library that these tests are right about. */
const oracle = { name: 'adapter-node', adapter: 'node' as const, env: {} };
const all = [oracle, ...subjects.map((subject) => ({ ...subject, adapter: 'ws' as const }))];

beforeAll(() => buildAll(major.home, ['node', 'ws'], ['default']), 300_000);

/** Libraries that are given the request of an event and give its response. */
describe.for(all)('with $name', ({ adapter, ...subject }) => {
	let server: Server;
	beforeAll(async () => {
		server = await Server.start(major, adapter, 'default', subject);
	});
	afterAll(() => server[Symbol.asyncDispose]());

	const agent = { 'user-agent': 'tests' };
	const json = { 'content-type': 'application/json', origin: 'https://app.example', ...agent };

	/** As over TLS behind a proxy, which is what the app takes for its origin. */
	const ask = (path: string, init: RequestInit = {}) =>
		fetch(`http://127.0.0.1:${server.port}${path}`, {
			...init,
			headers: { ...agent, ...(init.headers as Record<string, string>) }
		});
	const post = (path: string, body: unknown, headers = {}) =>
		ask(path, { method: 'POST', body: JSON.stringify(body), headers: { ...json, ...headers } });

	test('better-auth signs a user up, in, and out again', async () => {
		const user = { email: 'ada@example.com', password: 'a long password' };
		const up = await post('/api/auth/sign-up/email', { ...user, name: 'Ada' });
		expect(up.status).toBe(200);
		expect(await up.json()).toMatchObject({ user: { email: user.email, name: 'Ada' } });

		const wrong = await post('/api/auth/sign-in/email', { ...user, password: 'another one' });
		expect(wrong.status).toBe(401);

		const signedIn = await post('/api/auth/sign-in/email', user);
		expect(signedIn.status).toBe(200);
		const cookie = signedIn.headers
			.getSetCookie()
			.map((each) => each.split(';')[0])
			.join('; ');
		expect(cookie).toContain('session_token=');

		expect(await (await ask('/session')).json()).toBeNull();
		expect(await (await ask('/session', { headers: { cookie } })).json()).toBe(user.email);
		const session = await ask('/api/auth/get-session', { headers: { cookie } });
		expect(await session.json()).toMatchObject({
			user: { email: user.email },
			session: { userAgent: 'tests' }
		});

		const out = await post('/api/auth/sign-out', {}, { cookie });
		expect(await out.json()).toEqual({ success: true });
		expect(await (await ask('/session', { headers: { cookie } })).json()).toBeNull();
	});

	test('better-auth refuses a foreign origin', async () => {
		const headers = { origin: 'https://evil.example', cookie: 'a=1' };
		const answer = await post(
			'/api/auth/sign-in/email',
			{ email: 'a@b.c', password: 'x' },
			headers
		);
		expect(answer.status).toBe(403);
	});

	test('hono reads paths, queries, cookies and bodies', async () => {
		const hello = await ask('/hono/hello/Ada?q=1', { headers: { cookie: 'a=b' } });
		expect(await hello.json()).toEqual({ name: 'Ada', query: '1', cookie: 'b', agent: 'tests' });
		expect(hello.headers.getSetCookie()).toEqual(['seen=1; Path=/']);
		expect(hello.headers.get('access-control-allow-origin')).toBe('*');
		expect(await (await post('/hono/json', { a: 'grüße' })).json()).toEqual({
			got: { a: 'grüße' }
		});
		expect(await (await post('/hono/raw', 'grüße')).text()).toBe('"grüße"');
		expect((await post('/hono/limited', 'too much')).status).toBe(413);
		expect((await post('/hono/limited', 1)).status).toBe(200);
		expect((await ask('/hono/nothing')).status).toBe(404);
	});

	test.for(['hono', 'h3'])('%s reads a form', async (library) => {
		const form = new FormData();
		form.set('a', 'grüße');
		const answer = await ask(`/${library}/form`, {
			method: 'POST',
			body: form,
			headers: { origin: `https://127.0.0.1:${server.port}` }
		});
		expect(await answer.json()).toEqual({ a: 'grüße' });
	});

	test('h3 reads paths, queries, cookies and bodies', async () => {
		const hello = await ask('/h3/hello/Ada?q=1', { headers: { cookie: 'a=b' } });
		expect(await hello.json()).toEqual({
			name: 'Ada',
			query: { q: '1' },
			cookies: { a: 'b' },
			url: `https://127.0.0.1:${server.port}/h3/hello/Ada?q=1`
		});
		expect(hello.headers.getSetCookie()).toEqual(['seen=1; Path=/']);
		expect(await (await post('/h3/json', [1, 'ü'])).json()).toEqual({ got: [1, 'ü'] });
		expect((await ask('/h3/nothing')).status).toBe(404);
	});

	test('itty-router gives a request more properties', async () => {
		const hello = await ask('/itty/hello/Ada?q=1', { headers: { cookie: 'a=b' } });
		expect(await hello.json()).toEqual({
			params: { name: 'Ada' },
			query: { q: '1' },
			cookies: { a: 'b' },
			url: `https://127.0.0.1:${server.port}/itty/hello/Ada?q=1`
		});
		expect(await (await post('/itty/json', { a: 1 })).json()).toEqual({ got: { a: 1 } });
	});

	test('tRPC answers queries, mutations, batches and subscriptions', async () => {
		const query = await ask(`/trpc/hello?input=${encodeURIComponent('"Ada"')}`);
		expect(await query.json()).toEqual({ result: { data: { text: 'Hello Ada', agent: 'tests' } } });
		const saved = await post('/trpc/save', 'it');
		expect(await saved.json()).toEqual({ result: { data: { saved: 'it' } } });
		const batch = await post('/trpc/save,save?batch=1', { 0: 'a', 1: 'b' });
		expect(await batch.json()).toEqual(
			['a', 'b'].map((value) => ({ result: { data: { saved: value } } }))
		);
		const counted = await ask('/trpc/count', { headers: { accept: 'text/event-stream' } });
		expect(counted.headers.get('content-type')).toBe('text/event-stream');
		expect(await counted.text()).toContain('data: 2');
		expect((await ask('/trpc/absent')).status).toBe(404);
	});
});
