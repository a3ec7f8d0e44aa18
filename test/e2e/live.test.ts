import type { Browser } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { RunningApp } from '../support/server.ts';
import { runBesideBrowser } from './browser.ts';
import { LiveTab, runLiveApp, type Way } from './live.ts';

/** The live queries of the app that run, as the server sees them. */
async function runningAt(app: RunningApp): Promise<string[]> {
	const response = await fetch(`${app.url}/echo`);
	return ((await response.json()) as { running: string[] }).running.toSorted();
}

describe.each(['uws', 'node', 'bun'])('forty live queries over HTTP/1.1 on %s', (engine) => {
	let app: RunningApp;
	let browser: Browser;
	runBesideBrowser(
		() => runLiveApp({ ENGINE: engine }),
		(...running) => ([app, browser] = running)
	);

	test('all live over one socket, and a form, a request and another page are answered', async () => {
		await using tab = await LiveTab.open(browser, app.url, '/many', 'socket');
		await tab.shows('alive', '40');
		await tab.press('send');
		await tab.shows('form', 'answered');
		await tab.shows('alive', '40');
		expect(await tab.page.evaluate(`fetch('/echo').then(({ status }) => status)`)).toBe(200);
		await tab.page.getByRole('link', { name: 'ends' }).click();
		await tab.page.waitForURL('**/ends');
		await tab.shows('finite', /"done":true/);
		await tab.page.close();
		await expect.poll(() => runningAt(app)).toEqual([]);
		expect([tab.sockets <= 3, tab.fetched, tab.problems]).toEqual([true, 0, []]);
	});

	test('make a page hang without it: six of them come, and nothing else', async () => {
		await using tab = await LiveTab.open(browser, app.url, '/many', 'fetch');
		await tab.shows('alive', '6');
		const answered = tab.page
			.evaluate(
				`fetch('/echo', { signal: AbortSignal.timeout(1500) }).then(({ status }) => status)`
			)
			.catch(String);
		expect(String(await answered)).toMatch(/TimeoutError/);
		expect(await tab.read('alive')).toBe('6');
		expect(await runningAt(app)).toHaveLength(6);
	});
});

describe.each<Way>(['socket', 'fetch'])('live queries by %s', (way) => {
	let app: RunningApp;
	let browser: Browser;
	runBesideBrowser(
		() => runLiveApp(),
		(...running) => ([app, browser] = running)
	);

	const open = (path: string) => LiveTab.open(browser, app.url, path, way);

	/** What a query of the page `ends` says. */
	const state = async (tab: LiveTab, name: string): Promise<unknown> =>
		JSON.parse(await tab.read(name));

	const soon = (tab: LiveTab, name: string) => expect.poll(() => state(tab, name));

	test('end, fail and go on as they say', async () => {
		await using tab = await open('/ends');
		await soon(tab, 'finite').toEqual({ current: 3, connected: false, done: true, ready: true });
		await soon(tab, 'early').toMatchObject({ done: true, ready: false, error: 'I am a teapot' });
		await soon(tab, 'late').toMatchObject({ current: 1, done: true, error: 'I am a teapot' });
		await soon(tab, 'crashing').toMatchObject({ current: 'first', error: 'Internal Error' });
		await soon(tab, 'version').toMatchObject({ connected: true, done: false, ready: true });
		expect(tab.fetched > 0).toBe(way === 'fetch');
	});

	test('begin anew when they are asked to, and when a command has it so', async () => {
		await using tab = await open('/ends');
		await soon(tab, 'version').toMatchObject({ connected: true });
		const { current } = (await state(tab, 'version')) as { current: number };
		await tab.press('raise');
		await soon(tab, 'version').toMatchObject({ current: current + 1, connected: true });
		await tab.press('again');
		await soon(tab, 'finite').toMatchObject({ current: 3, done: true });
		await tab.press('iterate');
		await tab.shows('iterated', /"done"\]$/);
	});

	test('end at the server when nobody shows them any more', async () => {
		await using tab = await open('/many?size=3');
		await expect.poll(() => runningAt(app)).toEqual(['query0', 'query1', 'query2']);
		// Another page of the app ends them when Kit's cache lets go of them, which is the garbage collector's to say.
		await tab.page.goto('/session');
		await expect.poll(() => runningAt(app)).toEqual([]);
		await tab.page.goBack();
		await tab.shows('alive', '3');
		await tab.page.close();
		await expect.poll(() => runningAt(app)).toEqual([]);
	});

	test('are interrupted while there is no network, and go on after it', async () => {
		await using tab = await open('/many?size=2');
		await tab.shows('alive', '2');
		await tab.page.context().setOffline(true);
		await tab.shows('connected', '0');
		await tab.page.context().setOffline(false);
		await tab.shows('connected', '2');
		const before = await tab.read('last');
		await expect.poll(() => tab.read('last')).not.toBe(before);
		expect(tab.problems).toEqual([]);
	});

	test('are answered as whoever asks: before and after somebody logs in, and somebody else, and out', async () => {
		await using tab = await open('/session');
		await tab.press('show');
		await tab.shows('user', 'nobody');
		for (const user of ['ann', 'bob', 'ann']) {
			await tab.press(user);
			await tab.shows('user', user);
		}
		const left = tab.page.waitForResponse((response) => response.request().method() === 'POST');
		await tab.press('logout');
		await left;
		await tab.press('again');
		await tab.shows('user', 'nobody');
		expect(tab.problems).toEqual([]);
	});

	test('bring the cookies that an answer sets', async () => {
		await using tab = await open('/session');
		const context = tab.page.context();
		await context.addCookies([{ name: 'renewed', value: '1', url: app.url }]);
		await tab.press('show');
		await tab.shows('user', 'nobody');
		const renewed = async () => {
			const all = await context.cookies();
			return all.find(({ name }) => name === 'renewed');
		};
		expect(await renewed()).toMatchObject({ value: '2', httpOnly: true });
		await tab.press('again');
		await expect.poll(renewed).toMatchObject({ value: '3' });
	});

	test('follow redirects of the app', async () => {
		await using tab = await open('/session');
		await tab.page.context().addCookies([{ name: 'moves', value: '1', url: app.url }]);
		await tab.press('show');
		await tab.page.waitForURL('**/ends');
		expect(tab.problems).toEqual([]);
	});

	test('come back when their server does', async () => {
		await using first = await runLiveApp({ ENGINE: 'node' });
		await using tab = await LiveTab.open(browser, first.url, '/many?size=3', way);
		await tab.shows('alive', '3');
		first.signal('SIGKILL');
		await first.exited;
		await using again = await runLiveApp({ ENGINE: 'node', PORT: String(first.port) });
		const before = await tab.read('last');
		await expect.poll(() => tab.read('last')).not.toBe(before);
		expect([again.isRunning, tab.problems]).toEqual([true, []]);
	});
});
