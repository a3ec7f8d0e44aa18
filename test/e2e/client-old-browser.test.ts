import type { Browser } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { removal } from '../support/old-browser.ts';
import type { RunningApp } from '../support/server.ts';
import { runBesideBrowser } from './browser.ts';
import { soon } from './chat.ts';
import { cutPeers, runClientApp, Tab } from './client.ts';

describe('in the oldest browsers that apps are built for', () => {
	let app: RunningApp;
	let browser: Browser;

	runBesideBrowser(
		() => runClientApp({}),
		(...running) => ([app, browser] = running)
	);

	const open = async (path: string) => {
		const tab = await Tab.open(browser, app.url, 'about:blank');
		await tab.page.addInitScript(removal);
		await tab.page.goto(path);
		expect(await tab.page.evaluate('"canParse" in URL || "any" in AbortSignal')).toBe(false);
		return tab;
	};

	test('a socket opens, sends, and comes back', async () => {
		await using tab = await open('/echo');
		await tab.shows('status', 'open');
		await tab.press('send');
		await tab.shows('messages', '["hello"]');
		await cutPeers(app);
		await tab.press('send');
		await tab.shows('messages', '["hello","hello"]');
		expect(tab.problems).toEqual([]);
	});

	test('stores, modules and components do so too', async () => {
		await using tab = await open('/store');
		await tab.shows('status', 'connected', 'store');
		await tab.follow('module');
		await tab.shows('status', 'open', 'shared');
		await tab.follow('rooms/a');
		await tab.shows('messages', '[{"room":"a","query":"?at=1"}]');
		await tab.follow('components');
		await tab.shows('status', 'is open', 'component');
		await tab.shows('status', 'open', 'action');
		await tab.shows('error', 'refused 422', 'failing');
		expect(tab.problems).toEqual([]);
	});

	test.for([
		['/refuse/403', 'refused 403'],
		['/guarded/thrown', 'redirected 303'],
		['ftp://elsewhere.example', 'bad_url']
	] as const)('%s ends it, with the reason', async ([to, error]) => {
		await using tab = await open(`/target?to=${to}`);
		await tab.shows('error', error);
		await tab.shows('status', 'closed');
	});

	test('a server that is away is waited for', async () => {
		await using tab = await open('/target?to=/refuse/503');
		await soon(async () => Number(await tab.read('attempts'))).toBeGreaterThan(1);
		expect(await tab.read('error')).toBe('unreachable');
	});
});
