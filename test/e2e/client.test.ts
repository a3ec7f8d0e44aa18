import type { Browser } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { RunningApp } from '../support/server.ts';
import { openBrowser, runBesideBrowser } from './browser.ts';
import { nodeEngines, freePort, soon } from './chat.ts';
import { cutPeers, peersOf, runClientApp, StallingProxy, Tab } from './client.ts';

describe.each(nodeEngines)('the client, with a server on %s', (engine) => {
	let app: RunningApp;
	let browser: Browser;

	runBesideBrowser(
		() => runClientApp({ ENGINE: engine }),
		(...running) => ([app, browser] = running)
	);

	const open = (path: string, at = app) => Tab.open(browser, at.url, path);

	async function noPeers(): Promise<void> {
		await soon(() => peersOf(app)).toEqual([]);
	}

	describe('createWebSocket', () => {
		test('is rendered on the server, where nothing is opened', async () => {
			for (const path of ['/echo', '/ten', '/module', '/store', '/rooms/a', '/async']) {
				const html = await (await fetch(app.url + path)).text();
				expect(html).toMatch(/<p class="status"[^>]*>(connecting|disconnected)<\/p>/);
			}
			expect(await peersOf(app)).toEqual([]);
		});

		test('may be opened and sent to while its component is made, on the server without effect', async () => {
			const html = await (await fetch(`${app.url}/eager`)).text();
			expect(html).toMatch(/<p class="status"[^>]*>closed<\/p>/);
			expect(html).toMatch(/<p class="taken"[^>]*>false<\/p>/);
			expect(await peersOf(app)).toEqual([]);
			await using tab = await open('/eager');
			await tab.shows('messages', '["early"]');
			await soon(() => peersOf(app)).toEqual(['/echo']);
			expect(tab.problems).toEqual([]);
		});

		test('opens on mount, sends and receives, and closes with its component', async () => {
			await using tab = await open('/');
			await tab.follow('echo');
			await tab.shows('status', 'open');
			expect(await peersOf(app)).toEqual(['/echo']);
			await tab.press('send');
			await tab.shows('messages', '["hello"]');
			await tab.shows('last', '"hello"');
			await tab.follow('home');
			await noPeers();
			expect(tab.problems).toEqual([]);
		});

		test('leaves no socket behind, however often a page is entered and left', async () => {
			await using tab = await open('/');
			for (let count = 0; count < 10; count += 1) {
				await tab.follow('echo');
				if (count % 2 === 0) await tab.shows('status', 'open');
				await tab.follow('home');
			}
			await noPeers();
			await tab.follow('echo');
			await tab.shows('status', 'open');
			expect(await peersOf(app)).toEqual(['/echo']);
		});

		test('can be had ten times on one page', async () => {
			await using tab = await open('/ten');
			for (let number = 0; number < 10; number += 1) {
				await tab.shows('messages', `[{"room":"${number}","query":""}]`, `socket-${number}`);
			}
			expect(await peersOf(app)).toHaveLength(10);
			await tab.follow('home');
			await noPeers();
		});

		test('can be closed, opened and made anew by hand', async () => {
			await using tab = await open('/echo');
			await tab.shows('status', 'open');
			await tab.press('close');
			await tab.shows('status', 'closed');
			await noPeers();
			await tab.press('open');
			await tab.shows('status', 'open');
			await tab.press('reconnect');
			await tab.shows('status', 'open');
			await soon(() => peersOf(app)).toEqual(['/echo']);
		});

		test('moves when its URL changes, and not when only what it is made of does', async () => {
			await using tab = await open('/rooms/a');
			await tab.shows('messages', '[{"room":"a","query":"?at=1"}]');
			const loads = await tab.page.locator('.loads').innerText();
			await tab.page.getByRole('button', { name: 'invalidate' }).click();
			await soon(() => tab.page.locator('.loads').innerText()).not.toBe(loads);
			expect(await tab.page.locator('.closed').innerText()).toBe('0');
			await tab.follow('rooms/b');
			await tab.shows('messages', '[{"room":"b","query":"?at=1"}]');
			expect(await tab.page.locator('.closed').innerText()).toBe('1');
			await soon(() => peersOf(app)).toEqual(['/rooms/b?at=1']);
		});

		test('may have to wait for its URL, asks once per attempt, and rests where there is none', async () => {
			await using tab = await open('/async');
			const asked = () => tab.page.locator('.asked').innerText();
			await tab.shows('status', 'closed');
			await tab.page.getByRole('button', { name: 'first' }).click();
			await tab.shows('last', '{"room":"first","query":"?token=200"}');
			await tab.page.getByRole('button', { name: 'second' }).click();
			await tab.shows('last', '{"room":"second","query":"?token=200"}');
			expect(await asked()).toBe('2');
			await cutPeers(app);
			await soon(asked).toBe('3');
			await tab.shows('status', 'open');
			await tab.page.getByRole('button', { name: 'nowhere' }).click();
			await tab.shows('status', 'closed');
			await noPeers();
			expect(await asked()).toBe('3');
		});

		test('may have to wait for a URL that turns out to be the same: then it stays', async () => {
			await using tab = await open('/slow/a');
			await tab.shows('last', '{"room":"a","query":""}');
			for (let count = 1; count < 3; count += 1) {
				const asked = await tab.page.locator('.asked').innerText();
				await tab.page.getByRole('button', { name: 'invalidate' }).click();
				await soon(() => tab.page.locator('.asked').innerText()).not.toBe(asked);
			}
			expect(await tab.page.locator('.closed').innerText()).toBe('0');
			await tab.page.getByRole('link', { name: 'other' }).click();
			await tab.shows('messages', '[{"room":"b","query":""}]');
			expect(await tab.page.locator('.closed').innerText()).toBe('1');
			await soon(() => peersOf(app)).toEqual(['/rooms/b']);
		});

		test('in a module that a navigation brings along stays open on arrival', async () => {
			await using tab = await open('/');
			await tab.follow('module');
			await tab.shows('status', 'open', 'leaving');
			await tab.follow('home');
			await soon(() => peersOf(app)).toEqual(['/echo?shared']);
		});

		test('in a module lives as long as the page, or until somebody navigates', async () => {
			await using tab = await open('/module');
			await tab.shows('status', 'open', 'shared');
			await tab.shows('status', 'open', 'leaving');
			await tab.press('send', 'shared');
			await tab.shows('messages', '["hello"]', 'shared');
			await tab.follow('home');
			await soon(() => peersOf(app)).toEqual(['/echo?shared']);
			await tab.follow('module');
			await tab.shows('messages', '["hello"]', 'shared');
			await tab.shows('status', 'closed', 'leaving');
			await tab.press('open', 'leaving');
			await tab.shows('status', 'open', 'leaving');
			expect(tab.problems).toEqual([]);
		});
	});

	test('what a listener sends when it opens goes before what has waited, each time', async () => {
		await using tab = await open('/greeted');
		await tab.shows('messages', '["auth","room","before"]');
		await tab.context.setOffline(true);
		await cutPeers(app);
		await tab.shows('status', 'reconnecting');
		await tab.press('send');
		await tab.context.setOffline(false);
		await tab.shows('messages', '["auth","room","before","auth","room","hello"]');
	});

	test('a question that hangs is asked again when the network comes back', async () => {
		await using tab = await open('/hanging');
		// What the server has rendered says so as well, before anybody has asked.
		await tab.page.waitForFunction("'socket' in window");
		await tab.shows('status', 'connecting');
		await tab.context.setOffline(true);
		await tab.context.setOffline(false);
		await tab.shows('status', 'open');
		expect(await tab.read('attempts')).toBe('0');
		expect(tab.problems).toEqual([]);
	});

	describe('what is refused', () => {
		test.for([
			['/refuse/401', 401],
			['/refuse/403', 403],
			['/prerendered', 418],
			['/nowhere', 404]
		] as const)('%s ends with the status %d in error', async ([path, status]) => {
			await using tab = await open(`/target?to=${path}`);
			await tab.shows('error', `refused ${status}`);
			await tab.shows('status', 'closed');
			expect(await tab.read('attempts')).toBe('1');
		});

		test('a page of a foreign origin ends with 403', async () => {
			await using other = await runClientApp({ ENGINE: engine });
			const path = `/target?to=${other.url.replace('http', 'ws')}/echo`;
			await using tab = await Tab.open(browser, app.url, path, {});
			await tab.shows('error', 'refused 403');
			await tab.shows('status', 'closed');
		});

		test('a server that fails is asked again', async () => {
			await using tab = await open('/target?to=/refuse/503');
			await soon(async () => Number(await tab.read('attempts'))).toBeGreaterThan(1);
			expect(await tab.read('status')).toBe('reconnecting');
			expect(await tab.read('error')).toBe('unreachable');
		});

		test('close codes say whether it is for good', async () => {
			await using tab = await open('/rooms/a');
			await tab.shows('status', 'open');
			for (const [code, after] of [
				[4000, 'open'],
				[1008, 'closed']
			] as const) {
				await tab.shows('status', 'open');
				const messages = await tab.read('messages');
				await tab.page.evaluate(`socket.send(${code})`);
				if (after === 'open') await soon(() => tab.read('messages')).not.toBe(messages);
				await tab.shows('status', after);
			}
			expect(await tab.read('error')).toBe('closed');
		});
	});

	describe('a page that keeps typing', () => {
		test('while the server is stopped, and killed, loses nothing without a sign, and keeps the order', async () => {
			const PORT = await freePort();
			const env = { ENGINE: engine, PORT, SHUTDOWN_TIMEOUT: '1' };
			let server = await runClientApp(env);
			const outputs: string[] = [];
			try {
				await using tab = await open('/typing', server);
				const numbers = async (field: string) =>
					JSON.parse(await tab.page.locator(`.${field}`).innerText()) as number[];
				await tab.shows('status', 'open');
				await tab.page.getByRole('button', { name: 'type' }).click();
				for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
					await server.printed(/received \d+\n(.*\n)*received \d+\n/);
					server.signal(signal);
					await server.exited;
					outputs.push(server.output());
					await tab.shows('status', 'reconnecting');
					server = await runClientApp(env);
					await tab.shows('status', 'open');
				}
				await server.printed(/received \d+\n(.*\n)*received \d+\n/);
				await tab.page.getByRole('button', { name: 'stop' }).click();
				const accepted = await numbers('accepted');
				const last = accepted.at(-1) ?? 0;
				await server.printed(new RegExp(`received ${last}\\n`));
				outputs.push(server.output());

				const received = outputs.flatMap((output) =>
					[...output.matchAll(/received (\d+)/g)].map(([, number]) => Number(number))
				);
				const doubtful = await numbers('doubtful');
				expect(received).toEqual(received.toSorted((a, b) => a - b));
				expect(new Set(received).size).toBe(received.length);
				const missing = accepted.filter((number) => !received.includes(number));
				expect(missing.filter((number) => !doubtful.includes(number))).toEqual([]);
				expect(accepted.length).toBe(last);
				expect(tab.problems).toEqual([]);
			} finally {
				await server[Symbol.asyncDispose]();
			}
		});
	});

	describe('the network', () => {
		test('that goes and comes back is noticed at once', async () => {
			await using tab = await open('/echo');
			await tab.shows('status', 'open');
			await tab.context.setOffline(true);
			await cutPeers(app);
			await tab.shows('status', 'reconnecting');
			// by now the delay is several times what is waited for below
			await soon(async () => Number(await tab.read('attempts'))).toBeGreaterThan(4);
			await tab.press('send');
			await tab.context.setOffline(false);
			await tab.shows('status', 'open');
			await tab.shows('messages', '["hello"]');
		});

		test(
			'that swallows everything without a word is noticed too',
			{ timeout: 40_000 },
			async () => {
				await using proxy = await StallingProxy.to(app.port);
				await using tab = await Tab.open(browser, proxy.url, '/echo');
				await tab.shows('status', 'open');
				proxy.stall();
				await tab.press('send');
				await tab.page.evaluate("dispatchEvent(new Event('offline'))");
				await expect.poll(() => peersOf(app), { timeout: 20_000 }).toEqual(['/echo', '/echo']);
				await tab.shows('status', 'open');
				await tab.press('send');
				await tab.shows('messages', '["hello"]');
				expect(tab.problems).toEqual([]);
			}
		);
	});

	test('a page in the back/forward cache has no socket, and has one again when it is back', async () => {
		await using cached = await openBrowser({ backForwardCache: true });
		const tab = await Tab.open(cached, app.url, '/echo');
		await tab.shows('status', 'open');
		await tab.press('send');
		await tab.shows('messages', '["hello"]');
		await tab.page.evaluate(`addEventListener('pageshow', ({ persisted }) => {
			document.title = persisted ? 'from the cache' : 'anew';
		})`);
		await tab.page.goto('/');
		await noPeers();
		// Playwright would wait for a load, and nothing is loaded.
		await tab.page.evaluate('history.back()');
		await soon(() => tab.page.title()).toBe('from the cache');
		await tab.shows('status', 'open');
		expect(await tab.read('messages')).toBe('["hello"]');
		await soon(() => peersOf(app)).toEqual(['/echo']);
	});

	test('webSocketStore has the same socket as stores', async () => {
		await using tab = await open('/store');
		const shows = (field: string, value: string) => tab.shows(field, value, 'store');
		await shows('status', 'connected');
		await shows('connected', 'true');
		await shows('error', 'none');
		expect(await tab.read('socket', 'store')).toContain('/echo');
		await tab.press('send', 'store');
		await shows('messages', '["hello"]');
		await tab.press('close', 'store');
		await shows('status', 'disconnected');
		await shows('socket', 'none');
		await tab.press('open', 'store');
		await shows('connected', 'true');
		await tab.follow('home');
		await noPeers();
		expect(tab.problems).toEqual([]);
	});

	describe('the components', () => {
		test('are rendered on the server', async () => {
			const html = await (await fetch(`${app.url}/components`)).text();
			expect(html).toContain('is connecting');
			expect(html).toContain('0: from before');
		});

		test('a provider has one socket for those inside', async () => {
			await using tab = await open('/components');
			await tab.shows('messages', '[{"room":"provided","query":""}]', 'inside');
		});

		test('getWebSocket without a provider says what is missing', async () => {
			const response = await fetch(`${app.url}/orphan`);
			expect(response.status).toBe(500);
			await app.printed(
				/\[svelte-adapter-ws\] getWebSocket finds no socket \(there is no <WebSocketProvider> above/
			);
		});

		test('a WebSocket shows its messages and its state, and can be reached', async () => {
			await using tab = await open('/components');
			const lines = () => tab.page.locator('[data-name=component] .message').allInnerTexts();
			await tab.shows('status', 'is open', 'component');
			expect(await lines()).toEqual(['0: from before']);
			for (let count = 1; count < 4; count += 1) await tab.press('send', 'component');
			await soon(lines).toEqual(['0: hello', '1: hello', '2: hello']);
			await tab.shows('data', '["hello","hello","hello"]', 'component');
			await tab.shows('children', '3', 'component');
			await tab.press('close', 'component');
			await tab.shows('status', 'is closed', 'component');
			expect(tab.problems).toEqual([]);
		});

		test('a WebSocket that is not to open by itself asks for nothing before it is told to', async () => {
			await using tab = await open('/components');
			await tab.shows('status', 'is open', 'component');
			expect(await tab.read('status', 'idle')).toBe('closed');
			for (const count of ['1', '2']) {
				await tab.press('open', 'idle');
				await tab.shows('last', count, 'idle');
				await tab.press('close', 'idle');
				await tab.shows('status', 'closed', 'idle');
			}
		});

		test('a WebSocket asks its form action before every attempt', async () => {
			await using tab = await open('/components');
			const count = async () => {
				const lines = await tab.page.locator('[data-name=action] .message').allInnerTexts();
				return lines.map((line) => (JSON.parse(line) as { count: number }).count);
			};
			await soon(async () => (await count()).length).toBe(1);
			const [first = 0] = await count();
			await cutPeers(app);
			await soon(count).toEqual([first, first + 1]);
			await tab.shows('status', 'open', 'action');
		});

		test.for([
			['failing', 'refused 422'],
			['broken', 'refused 403'],
			['empty', 'bad_url'],
			['expired', 'refused 404']
		] as const)('a form action that is %s ends it: %s', async ([action, error]) => {
			await using tab = await open('/components');
			await tab.shows('error', error, action);
		});

		test('a form action is asked once for as long as it is the same, and its messages with it', async () => {
			await using tab = await open('/again?action=connect');
			const lines = () => tab.page.locator('.message').allInnerTexts();
			await soon(async () => (await lines()).length).toBe(1);
			const before = await lines();
			const loads = await tab.page.locator('.loads').innerText();
			await tab.page.getByRole('button', { name: 'invalidate' }).click();
			await soon(() => tab.page.locator('.loads').innerText()).not.toBe(loads);
			await tab.page.getByRole('button', { name: 'echo' }).click();
			await soon(lines).toEqual([...before, 'again']);
		});

		test('the messages of a URL go with it', async () => {
			await using tab = await open('/again?room=a');
			const lines = () => tab.page.locator('.message').allInnerTexts();
			await soon(lines).toEqual(['{"room":"a","query":""}']);
			await tab.page.getByRole('link', { name: 'room b' }).click();
			await soon(lines).toEqual(['{"room":"b","query":""}']);
		});

		test('a form action that redirects has nothing to say once its page was left', async () => {
			await using tab = await open('/redirected?slowly');
			const gate = `${app.url}/redirected/release`;
			await soon(async () => (await fetch(gate)).json()).toBe(true);
			await tab.follow('echo');
			await tab.shows('status', 'open');
			const headers = { 'content-type': 'application/json' };
			expect(await (await fetch(gate, { method: 'DELETE', headers })).json()).toBe(true);
			await tab.press('send');
			await tab.shows('messages', '["hello"]');
			expect(new URL(tab.page.url()).pathname).toBe('/echo');
		});

		test('a URL of a form action that has expired is followed by another', async () => {
			await using tab = await open('/components');
			await tab.shows('status', 'open here', 'stale');
		});

		test('a form action to which handle answers with a redirect leads there, too', async () => {
			await using tab = await open('/led');
			await soon(() => tab.page.url()).toBe(`${app.url}/?led=here`);
			await tab.page.getByRole('heading', { name: 'Home' }).waitFor();
			expect(tab.problems).toEqual([]);
		});

		test('a form action that redirects leads there', async () => {
			await using tab = await open('/redirected');
			await soon(() => tab.page.url()).toBe(`${app.url}/?signed=out`);
			await tab.page.getByRole('heading', { name: 'Home' }).waitFor();
			expect(tab.problems).toEqual([]);
		});
	});
});
