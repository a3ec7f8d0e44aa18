import type { Browser } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { RunningApp } from '../support/server.ts';
import { runBesideBrowser } from './browser.ts';
import { soon } from './chat.ts';
import { peersOf, PlainProxy, runClientApp, Tab } from './client.ts';

describe('what a page is told of a handshake that fails', () => {
	let app: RunningApp;
	let browser: Browser;

	runBesideBrowser(
		() => runClientApp({}),
		(...running) => ([app, browser] = running)
	);

	const query = (to: string, ...protocols: string[]) =>
		new URLSearchParams([
			['to', to],
			...protocols.map((each): [string, string] => ['protocol', each])
		]).toString();
	const open = (to: string, ...protocols: string[]) =>
		Tab.open(browser, app.url, `/constructed?${query(to, ...protocols)}`);
	const text = (tab: Tab, field: string) => tab.page.locator(`.${field}`).last().innerText();

	describe('a redirect is final, and says where it leads:', () => {
		test.for([
			['/guarded/thrown', 303, '/login?from=socket'],
			['/guarded/upgraded', 307, '/guarded/login'],
			...[301, 302, 303, 307, 308].map(
				(status) => [`/guarded/returned?status=${status}`, status, '/login'] as const
			),
			['/guarded/returned?status=303&location=../a%3Fb', 303, '/a?b'],
			[
				'/guarded/returned?status=308&location=https://sso.example/login',
				308,
				'https://sso.example/login'
			],
			['/guarded/returned?status=302&location=javascript:alert(1)', 302, '']
		] as const)('%s, with %i to %s', async ([to, status, location]) => {
			await using tab = await open(to);
			await tab.shows('error', `redirected ${status}`);
			await tab.shows('status', 'closed');
			expect(await tab.read('attempts')).toBe('1');
			expect(await text(tab, 'location')).toBe(location && new URL(location, app.url).href);
			expect(tab.problems).toEqual([]);
		});

		test('unless the page is foreign, which learns nothing else', async () => {
			await using other = await runClientApp({});
			const to = `${app.url.replace('http', 'ws')}/guarded/thrown`;
			await using tab = await Tab.open(browser, other.url, `/constructed?${query(to)}`, {});
			await tab.shows('error', 'refused 403');
			await using own = await Tab.open(browser, app.url, `/constructed?${query(to)}`);
			await own.shows('error', 'redirected 303');
		});
	});

	test('a proxy that lets no handshake through is named, once on the console, and tried again', async () => {
		await using proxy = await PlainProxy.to(app.port);
		await using tab = await Tab.open(browser, proxy.url, `/target?to=/echo`);
		await tab.shows('error', 'blocked');
		await soon(async () => Number(await tab.read('attempts'))).toBeGreaterThan(3);
		expect(await tab.read('error')).toBe('blocked');
		expect(await tab.read('status')).toBe('reconnecting');
		expect(tab.lines).toHaveLength(1);
		expect(tab.lines[0]).toContain('Upgrade');
		expect(await peersOf(app)).toEqual([]);
	});

	test('a page that is foreign to the handshake alone is not told of a proxy', async () => {
		// As behind a proxy that hides the host: a plain request of the same origin names no origin.
		await using hidden = await runClientApp({ HOST_HEADER: 'x-host' });
		const headers = { 'x-forwarded-proto': 'http', 'x-host': 'internal.example' };
		await using tab = await Tab.open(browser, hidden.url, '/target?to=/echo', headers);
		await tab.shows('error', 'refused 403');
		await tab.shows('status', 'closed');
		expect(tab.lines).toEqual([]);
	});

	describe('subprotocols:', () => {
		test('one that is spoken is', async () => {
			await using tab = await open('/spoken', 'chat.v1', 'token.abc');
			await tab.shows('last', '"chat.v1"');
		});

		test('where none is spoken that is why, for good', async () => {
			for (const to of ['/spoken', '/echo']) {
				await using tab = await open(to, 'chat.v3', 'token.abc');
				await tab.shows('error', 'bad_protocol');
				await tab.shows('status', 'closed');
				expect(await tab.read('attempts')).toBe('1');
				expect(tab.lines).toEqual([]);
			}
		});

		test.for([[['a b']], [['a', 'a']], [['']]] as const)(
			'what the browser takes for none is final, and the cause is its own: %j',
			async ([protocols]) => {
				await using tab = await open('/echo', ...protocols);
				await tab.shows('error', 'bad_protocol');
				await tab.shows('status', 'closed');
				expect(await text(tab, 'cause')).toBe('SyntaxError');
			}
		);
	});

	test('a socket that a page over https may not have is final, and the cause is that of the browser', async () => {
		const origin = 'https://app.example';
		const context = await browser.newContext();
		await context.route(`${origin}/**`, async (route) => {
			const { pathname, search } = new URL(route.request().url());
			const response = await fetch(app.url + pathname + search);
			await route.fulfill({
				status: response.status,
				headers: Object.fromEntries(response.headers),
				body: Buffer.from(await response.arrayBuffer())
			});
		});
		const page = await context.newPage();
		await page.goto(`${origin}/constructed?${query('ws://elsewhere.example/chat')}`);
		await soon(() => page.locator('.error').innerText()).toBe('bad_url');
		expect(await page.locator('.status').first().innerText()).toBe('closed');
		expect(await page.locator('.cause').innerText()).toBe('SecurityError');
		await context.close();
	});

	test('"not now" with a time is followed by nothing before that time', async () => {
		await using tab = await open('/later/2');
		await tab.shows('error', 'unreachable');
		await tab.shows('status', 'open');
		// the handshake, the probe, and the handshake that was in time
		await tab.shows('last', '"3"');
	});

	test('text may stay as it is', async () => {
		await using tab = await Tab.open(browser, app.url, '/constructed?store');
		await tab.shows('status', 'open');
		await tab.page.getByRole('button', { name: 'runes' }).click();
		await tab.shows('messages', '["1.10"]');
		await tab.page.getByRole('button', { name: 'store' }).click();
		await soon(() => text(tab, 'decoded')).toBe('[["1.10"]]');
	});
});
