import { describe, expect, test } from 'vitest';
import { rawRequest } from '../../support/raw.ts';
import { App } from './app.ts';
import type { Subject } from './subject.ts';

/** Which pages may open a socket. */
export function originsSuite(subject: Subject): void {
	async function status(
		app: App,
		headers: Record<string, string>,
		path = '/echo'
	): Promise<number> {
		return (await app.upgrade(path, headers)).status;
	}

	describe(`${subject.name}: the origin of a handshake, same-origin`, () => {
		const app = new App(subject);
		const own = (origin: (host: string) => string) => ({ origin: origin(`127.0.0.1:${app.port}`) });

		test('may be the app\u2019s own, whatever the scheme, which a proxy may have changed', async () => {
			expect(
				await status(
					app,
					own((host) => `http://${host}`)
				)
			).toBe(101);
			expect(
				await status(
					app,
					own((host) => `https://${host}`)
				)
			).toBe(101);
		});

		test('may be absent: that is no browser', async () => {
			expect(await status(app, {})).toBe(101);
		});

		test('may be one that csrf.trustedOrigins lists', async () => {
			expect(await status(app, { origin: 'https://trusted.example' })).toBe(101);
			expect(await status(app, { origin: 'http://trusted.example' })).toBe(403);
		});

		test.for([
			'null',
			'',
			'https://evil.example',
			'http://127.0.0.1',
			'http://127.0.0.1:1',
			'http://localhost',
			'file://',
			'capacitor://localhost',
			'not an origin'
		])('may not be %j', async (origin) => {
			const response = await app.upgrade('/echo', { origin: origin || ' ' });
			expect(response.status).toBe(403);
			expect(response.body.toString()).toBe('This origin may not open a socket here');
		});

		test('may not begin like the app\u2019s own', async () => {
			expect(
				await status(
					app,
					own((host) => `http://${host}.evil.example`)
				)
			).toBe(403);
			expect(
				await status(
					app,
					own((host) => `http://${host}@evil.example`)
				)
			).toBe(403);
		});

		test('may not be the same host with the scheme of something else than a page', async () => {
			for (const scheme of ['foo', 'capacitor', 'ws', 'wss', 'file']) {
				const headers = own((host) => `${scheme}://${host}`);
				expect([scheme, await status(app, headers)]).toEqual([scheme, 403]);
			}
		});

		test('may not be written in another form than that of browsers', async () => {
			const forms = [
				own((host) => `http://${host}/`),
				own((host) => `HTTP://${host}`),
				own((host) => `http://user@${host}`),
				own((host) => `http:${host}`)
			];
			for (const headers of forms)
				expect([headers, await status(app, headers)]).toEqual([headers, 403]);
		});

		test('may not be said twice', async () => {
			const { origin } = own((host) => `http://${host}`);
			for (const second of [origin, 'https://evil.example']) {
				const twice = app
					.handshake('/echo', { origin })
					.replace('\r\n\r\n', `\r\norigin: ${second}\r\n\r\n`);
				expect((await rawRequest(app.port, twice)).status).toBe(403);
			}
		});

		test('that is foreign is told to whoever runs the server, once for handshakes and probes', async () => {
			const lines = (origin: string) => {
				const all = app.running.output().split('\n');
				return all.filter((line) =>
					line.includes(`(origin ${origin}, host 127.0.0.1:${app.port})`)
				);
			};
			const origin = 'https://told.example';
			for (let count = 0; count < 2; count += 1) {
				const tag = app.tag();
				expect(await status(app, { origin }, `/echo?tag=${tag}`)).toBe(403);
				const headers = { origin, 'x-websocket-probe': '1' };
				expect((await fetch(`${app.running.url}/who`, { headers })).status).toBe(403);
			}
			await status(app, { origin: 'https://told.example.too' });
			await expect.poll(() => lines('https://told.example.too')).toHaveLength(1);
			expect(lines(origin)).toEqual([
				expect.stringMatching(
					/\[svelte-adapter-ws\] A handshake was refused.*websocket\.allowedOrigins/
				)
			]);
		});

		// Dev and preview read no variables; there the page can be listed.
		test('that is hidden by a proxy is told with what would have shown it', async () => {
			const proxied = { 'x-forwarded-host': 'hidden.example', origin: 'https://hidden.example' };
			expect(await status(app, proxied)).toBe(403);
			await app.running.printed(
				subject.isProduction
					? /origin https:\/\/hidden\.example,.* set HOST_HEADER=x-forwarded-host/
					: /origin https:\/\/hidden\.example,.* allowedOrigins: \['https:\/\/hidden\.example'\]/
			);
		});

		test('that is foreign ends it before handle', async () => {
			const tag = app.tag();
			expect(await status(app, { origin: 'https://evil.example' }, `/echo?tag=${tag}`)).toBe(403);
			expect(await app.journal(tag)).toEqual([]);
		});
	});

	describe(`${subject.name}: the origin of a handshake, with paths.origin and a list`, () => {
		const app = new App(subject, 'single');

		test.for([
			['the pinned one with another scheme', 'http://app.example', 403],
			['the pinned one with another port', 'https://app.example:8443', 403],
			['one of the list', 'https://friend.example', 101],
			['one of the list with another scheme', 'http://friend.example', 403],
			['one that csrf.trustedOrigins lists', 'https://trusted.example', 101],
			['an app in the list', 'capacitor://localhost', 101],
			['an extension in the list', 'chrome-extension://abc', 101],
			['another extension', 'chrome-extension://abcd', 403],
			['the pinned host with another scheme than http(s)', 'capacitor://app.example', 403],
			['a subdomain', 'https://sub.app.example', 403],
			['null', 'null', 403]
		] as const)('%s', async ([, origin, expected]) => {
			expect(await status(app, { origin }, '/any')).toBe(expected);
		});

		// SvelteKit 2 learns of it by a variable of the production server.
		test.runIf(subject.kit === 3 || subject.isProduction)('the pinned one', async () => {
			expect(await status(app, { origin: 'https://app.example' }, '/any')).toBe(101);
		});

		// Dev and preview have an origin of their own, from which their pages come.
		test.runIf(subject.isProduction)(
			'the host that was asked for, which is not the pinned one',
			async () => {
				const origin = `http://127.0.0.1:${app.port}`;
				expect(await status(app, { origin }, '/any')).toBe(403);
			}
		);
	});

	describe(`${subject.name}: the origin of a handshake, where a list names null`, () => {
		const app = new App(subject, 'base');

		test.for([
			['null', 'null', 101],
			['another without a host', 'file://', 403],
			['another page', 'https://evil.example', 403]
		] as const)('%s', async ([, origin, expected]) => {
			expect(await status(app, { origin }, '/base/echo')).toBe(expected);
		});
	});

	describe.runIf(subject.isProduction)(`${subject.name}: the origin behind a proxy`, () => {
		const app = new App(subject, 'default', {
			PROTOCOL_HEADER: 'x-forwarded-proto',
			HOST_HEADER: 'x-forwarded-host'
		});
		const proxied = { 'x-forwarded-host': 'chat.example', 'x-forwarded-proto': 'https' };

		test('is compared with the host that the proxy names', async () => {
			expect(await status(app, { ...proxied, origin: 'https://chat.example' })).toBe(101);
			const inner = { ...proxied, origin: `http://127.0.0.1:${app.port}` };
			expect(await status(app, inner)).toBe(403);
		});

		test('is what one-time URLs lead to', async () => {
			const form = new URLSearchParams({ name: 'Ada' });
			const response = await fetch(`${app.running.url}/one-time`, {
				method: 'POST',
				body: form,
				headers: { ...proxied, origin: 'https://chat.example', accept: 'application/json' }
			});
			expect(await response.text()).toContain('wss://chat.example/_/connect/');
		});

		test('of a request whose host makes no URL is answered 400', async () => {
			expect(await status(app, { ...proxied, 'x-forwarded-host': 'a b' })).toBe(400);
		});
	});
}
