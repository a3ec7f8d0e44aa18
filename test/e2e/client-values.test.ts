import type { Browser } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { RunningApp } from '../support/server.ts';
import { runBesideBrowser } from './browser.ts';
import { soon } from './chat.ts';
import { cutPeers, peersOf, runClientApp, Tab } from './client.ts';

describe('the values of a socket', () => {
	let app: RunningApp;
	let browser: Browser;

	runBesideBrowser(
		() => runClientApp({}),
		(...running) => ([app, browser] = running)
	);

	const open = (path: string) => Tab.open(browser, app.url, path);
	const woken = (tab: Tab) =>
		tab.page.evaluate('JSON.parse(JSON.stringify(woken))') as Promise<Record<string, unknown[]>>;

	test('wake those who read them, each when it has changed', async () => {
		await using tab = await open('/values');
		await tab.shows('status', 'open');
		await soon(async () => (await woken(tab))['store.status']?.at(-1)).toBe('connected');
		for (const messages of ['["hello"]', '["hello","hello"]']) {
			await tab.press('send');
			await tab.shows('messages', messages);
		}
		for (const last of [['hello'], ['hello', 'hello']]) {
			await tab.page.evaluate("brief.send('hello')");
			await soon(async () => (await woken(tab))['brief.last']).toEqual(last);
		}
		await tab.page.evaluate("store.send('hello')");
		await soon(async () => (await woken(tab))['store.messages']).toEqual([0, 1]);
		await cutPeers(app);
		const values = ['connecting', 'open', 'reconnecting', 'open'];
		await soon(async () => (await woken(tab))['status']).toEqual(values);
		await soon(async () => (await woken(tab))['store.status']).toEqual([
			'disconnected',
			'connected',
			'error',
			'connected'
		]);
		expect(await woken(tab)).toEqual({
			status: values,
			error: [null, 'closed', null],
			attempts: [0],
			messages: [0, 1, 2],
			last: ['hello', 'hello'],
			'brief.last': ['hello', 'hello'],
			socket: [null, true, null, true],
			both: ['connecting 0', 'open 0', 'open 1', 'open 2', 'reconnecting 2', 'open 2'],
			'store.status': ['disconnected', 'connected', 'error', 'connected'],
			'store.connected': [false, true, false, true],
			'store.messages': [0, 1],
			'store.error': [null, 'closed', null],
			'store.socket': [null, true, null, true]
		});
	});

	test('are left alone by attempts that fail, but for their number and why', async () => {
		await using tab = await open('/values?to=/refuse/503');
		await soon(async () => Number(await tab.read('attempts'))).toBeGreaterThan(3);
		const {
			status,
			attempts = [],
			error = [],
			messages,
			last,
			socket,
			...stores
		} = await woken(tab);
		expect({ status, messages, last, socket }).toEqual({
			status: ['connecting', 'reconnecting'],
			messages: [0],
			last: undefined,
			socket: [null]
		});
		expect(attempts).toEqual(attempts.map((_, index) => index));
		expect(error.length).toBe(attempts.length);
		expect(stores['store.status']).toEqual(['disconnected', 'error']);
		expect(stores['store.connected']).toEqual([false]);
		expect(stores['store.messages']).toEqual([0]);
	});

	test('may be read by whoever hears of them, and options may be state: the socket stays', async () => {
		await using tab = await open('/untracked');
		const read = (field: string) => tab.page.locator(`.${field}`).innerText();
		const all = ['/echo?effect', '/echo?made', '/echo?runes', '/echo?stores'];
		await soon(() => peersOf(app)).toEqual(all);
		await tab.press('send');
		await tab.shows('messages', '["hello"]');
		await tab.page.getByRole('button', { name: 'again' }).click();
		await soon(() => tab.page.evaluate('runs')).toBe(2);
		for (const count of ['1', '2', '3']) {
			await tab.page.getByRole('button', { name: 'change' }).click();
			await soon(() => read('count')).toBe(count);
		}
		await tab.press('send');
		await tab.shows('messages', '["hello","hello"]');
		await soon(() => peersOf(app)).toEqual(all);
		expect([await read('closed'), await read('store')]).toEqual(['0', 'connected']);
		expect(await tab.page.evaluate('[runs, made]')).toEqual([2, 1]);
		expect(tab.problems).toEqual([]);
	});
});
