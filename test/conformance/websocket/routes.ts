import { describe, expect, test } from 'vitest';
import { App } from './app.ts';
import type { Subject } from './subject.ts';

interface Introduction {
	path: string;
	params: Record<string, unknown>;
}

/** Which handler a path leads to. */
export function routesSuite(subject: Subject): void {
	async function introduced(app: App, path: string): Promise<Introduction> {
		await using client = await app.open(path);
		const { path: seen, params } = (await client.json()) as Introduction;
		return { path: seen, params };
	}

	describe(`${subject.name}: the paths of sockets`, () => {
		const app = new App(subject);

		test.for([
			['a param', '/routes/Ada', { name: 'Ada' }],
			['the more specific of two', '/routes/fixed', {}],
			['a param with more behind it', '/routes/Ada/deep', { name: 'Ada' }],
			['a decoded param', '/routes/gr%C3%BC%C3%9Fe%20%2F', { name: 'gr\u00fc\u00dfe /' }],
			['a param with a matcher', '/numbers/7', { id: subject.kit === 3 ? 7 : '7' }],
			['rest params', '/files/a/b/c.txt', { path: 'a/b/c.txt' }],
			['rest params of nothing', '/files', { path: '' }],
			['an optional param', '/de-CH/optional', { lang: 'de-CH' }],
			['an optional param that is left out', '/optional', {}],
			['a name with a space and an umlaut', '/spaced%20out/gr%C3%BC%C3%9Fe', {}]
		] as const)('may have %s', async ([, path, params]) => {
			expect(await introduced(app, path)).toEqual({ path, params });
		});

		test.for([
			'/numbers/seven',
			'/routes',
			'/routes/Ada/deeper',
			'/ROUTES/Ada',
			'/echo/more',
			'/',
			'/%',
			'/echo%00'
		])('do not include %s', async (path) => {
			expect((await app.upgrade(path)).status).toBe(404);
		});

		test.for([
			['a page that wants a slash', '/slash/always'],
			['a page that wants a slash, with one', '/slash/always/'],
			['a page that wants none', '/slash/never'],
			['a page that wants none, with one', '/slash/never/'],
			['no page, with a slash', '/who/'],
			['a page', '/page']
		])(
			'are found where there is %s, and handle sees the path as it was asked for',
			async ([, path]) => {
				const tag = app.tag();
				await using client = await app.open(`${path}?tag=${tag}`);
				expect(await client.json()).toMatchObject({ path, params: {} });
				expect(await app.journal(tag)).toEqual([`handle ${path}`]);
			}
		);

		test('are what reroute makes of them', async () => {
			expect(await introduced(app, '/de/routes/Ada')).toEqual({
				path: '/de/routes/Ada',
				params: { name: 'Ada' }
			});
			expect(await introduced(app, '/de/slash/always')).toMatchObject({ path: '/de/slash/always' });
			expect((await app.upgrade('/de/nowhere')).status).toBe(404);
			expect((await app.upgrade('/moved/away')).status).toBe(404);
		});

		test('lead to a page or an endpoint that shares them when they are only asked for', async () => {
			expect(await app.text('/page')).toContain('A page on a socket path');
		});

		test.for(['/echo', '/routes/Ada', '/who/'])('answer 426 to a plain GET of %s', async (path) => {
			const response = await fetch(app.running.url + path);
			expect(response.status).toBe(426);
			expect(response.headers.get('upgrade')).toBe('websocket');
			expect(await response.text()).toBe('Here is a WebSocket');
		});

		test('do not change what a plain request to another path is answered', async () => {
			expect((await fetch(`${app.running.url}/nowhere`)).status).toBe(404);
		});
	});

	describe(`${subject.name}: a param matcher that fails`, () => {
		const app = new App(subject);
		const failed = expect.stringMatching(/^handleError .*BigInt$/) as string;

		/** Status and body of a plain request, of a probe and of a handshake. */
		async function ask(path: string): Promise<{ plain: number; probe: number; handshake: number }> {
			const plain = await fetch(app.running.url + path);
			const probe = await fetch(app.running.url + path, {
				headers: { 'x-websocket-probe': '1', 'x-forwarded-proto': 'http' }
			});
			const handshake = await app.upgrade(path);
			return { plain: plain.status, probe: probe.status, handshake: handshake.status };
		}

		test('makes a 500 of which handleError hears, and ends nothing', async () => {
			await using bystander = await app.open('/echo');
			expect(await ask('/matched/throws/abc')).toEqual({ plain: 500, probe: 500, handshake: 500 });
			const tag = app.tag();
			await fetch(`${app.running.url}/matched/throws/abc?tag=${tag}`);
			expect(await app.journal(tag)).toEqual([`handle /matched/throws/abc`, failed]);
			const second = app.tag();
			await app.upgrade(`/matched/throws/abc?tag=${second}`);
			expect(await app.journal(second)).toEqual([failed]);
			bystander.send('still here');
			expect(await bystander.message()).toBe('still here');
		});

		test('ends nothing where it rejects, though Kit takes no matcher that is async', async () => {
			await using bystander = await app.open('/echo');
			const refused = { plain: 500, probe: 500, handshake: 500 };
			const taken = { plain: 426, probe: 204, handshake: 101 };
			expect(await ask('/matched/rejects/abc')).toEqual(subject.kit === 3 ? refused : taken);
			bystander.send('still here');
			expect(await bystander.message()).toBe('still here');
		});

		test('leaves the page alone that has the path, too', async () => {
			expect(await ask('/matched/both/abc')).toMatchObject({ plain: 200, handshake: 500 });
			expect(await app.text('/matched/both/abc')).toBe('page abc');
		});

		test('does its work where it does not fail', async () => {
			expect(await ask('/matched/throws/7')).toEqual({ plain: 426, probe: 204, handshake: 101 });
		});
	});

	describe(`${subject.name}: a probe`, () => {
		const app = new App(subject);
		const probe = async (path: string) => {
			const response = await fetch(app.running.url + path, {
				headers: { 'x-websocket-probe': '1', 'x-forwarded-proto': 'http' },
				redirect: 'manual'
			});
			return { status: response.status, body: await response.text() };
		};

		test('is answered 204 where a socket would open, and none opens', async () => {
			const tag = app.tag();
			expect(await probe(`/wait?tag=${tag}`)).toEqual({ status: 204, body: '' });
			expect(await app.journal(tag)).toEqual(['handle /wait', 'waiting']);
			expect((await app.registry()).size).toBe(0);
		});

		test.for([
			['/refuse/error', 403],
			['/refuse/later', 401],
			['/refuse/throw', 500],
			['/refuse/response', 418],
			['/handle/answers', 402],
			['/guarded/cookie', 401],
			['/nowhere', 404]
		] as const)('of %s is answered as the handshake: %i', async ([path, status]) => {
			const { status: probed, body } = await probe(path);
			const handshake = await app.upgrade(path);
			expect([probed, handshake.status]).toEqual([status, status]);
			expect(body).toBe(handshake.body.toString());
		});
	});

	describe(`${subject.name}: an app with a base path and without hooks.server`, () => {
		const app = new App(subject, 'base');

		test('has its sockets below the base', async () => {
			expect(await introduced(app, '/base/routes/Ada')).toEqual({
				path: '/base/routes/Ada',
				params: { name: 'Ada' }
			});
			expect(await introduced(app, '/base/slash/always')).toMatchObject({ params: {} });
			expect((await app.upgrade('/routes/Ada')).status).toBe(404);
			expect((await app.upgrade('/basement/routes/Ada')).status).toBe(404);
		});

		test('answers 426 there to a plain GET', async () => {
			expect((await fetch(`${app.running.url}/base/echo`)).status).toBe(426);
		});
	});

	describe(`${subject.name}: an app that routes by the hash of the URL`, () => {
		const app = new App(subject, 'hash');

		test('has its sockets at their paths', async () => {
			expect(await introduced(app, '/routes/Ada?x=1')).toEqual({
				path: '/routes/Ada',
				params: { name: 'Ada' }
			});
			expect((await app.upgrade('/nowhere')).status).toBe(404);
			expect((await app.upgrade('/refuse/error')).status).toBe(403);
		});

		test('serves its page as before', async () => {
			const response = await fetch(app.running.url);
			expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html']);
		});
	});

	describe(`${subject.name}: an app with one handler`, () => {
		const app = new App(subject, 'single');

		test.for(['/', '/anything', '/anything/at%20all/'])('takes it for %s', async (path) => {
			expect(await introduced(app, path)).toEqual({ path, params: {} });
		});

		test('serves pages as before', async () => {
			expect((await fetch(`${app.running.url}/page`)).status).toBe(200);
			expect((await fetch(`${app.running.url}/nowhere`)).status).toBe(404);
		});
	});
}
