import type { Browser } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { isFrame } from '../../src/shared/protocol.ts';
import type { RunningApp } from '../support/server.ts';
import { runBesideBrowser } from './browser.ts';
import { soon } from './chat.ts';
import { cutPeers, runClientApp, Tab } from './client.ts';

/** A browser in which the client is one that knows of no frames, as it was before. */
const withoutFrames = `globalThis.WebSocket = class extends WebSocket {
	constructor(url, ...rest) {
		super(String(url).replace(/&x-websocket-protocol=[^&]*/, ''), ...rest);
	}
};`;

describe('a page with topics', () => {
	let app: RunningApp;
	let browser: Browser;

	runBesideBrowser(
		() => runClientApp({}),
		(...running) => ([app, browser] = running)
	);

	async function open(path: string): Promise<Tab> {
		const tab = await Tab.open(browser, app.url, path);
		await tab.shows('status', 'open');
		return tab;
	}

	async function publish(topic: string, values: unknown[], isCut = false): Promise<void> {
		const body = JSON.stringify({ topic, values, isCut });
		const headers = { 'content-type': 'application/json' };
		const { status } = await fetch(`${app.url}/topics/publish`, { method: 'POST', headers, body });
		expect(status).toBe(200);
	}

	/** What comes of a request that the page makes. */
	const ask = (tab: Tab, order: object, options = {}) =>
		tab.page.evaluate(
			`socket.request(${JSON.stringify(order)}, ${JSON.stringify(options)}).catch(
				({ code, status, body }) => ({ code, status, body })
			)`
		);

	test('is answered what the hook returns, what it throws, and in any order', async () => {
		await using tab = await open('/topics/asked');
		const slow = ask(tab, { do: 'wait', milliseconds: 300 });
		expect(await ask(tab, { do: 'echo' })).toEqual({ do: 'echo' });
		expect(await slow).toEqual({ do: 'wait', milliseconds: 300 });
		expect(await ask(tab, { do: 'fail' })).toEqual({
			code: 'failed',
			status: 404,
			body: { message: 'No such room' }
		});
		expect(await ask(tab, { do: 'never' }, { timeout: 100 })).toMatchObject({ code: 'timeout' });
		expect(await ask(tab, { do: 'ask' })).toEqual({ answers: { from: 'server' } });
		const never = ask(tab, { do: 'never' });
		await ask(tab, { do: 'echo' });
		await cutPeers(app);
		expect(await never).toMatchObject({ code: 'closed' });
		// one that has not left waits for the next connection
		expect(await ask(tab, { do: 'echo' })).toEqual({ do: 'echo' });
		expect(await tab.readJson('messages')).toEqual([]);
		expect(tab.problems).toEqual([]);
	});

	test('gets what was published while it was away, in order and once', async () => {
		await using tab = await open('/topics/resumed');
		await publish('room:resumed', [1]);
		await tab.shows('messages', '[1]');
		await tab.shows('continuity', 'recovered', 'topics');
		await publish('room:resumed', [2, 3, 4], true);
		await tab.shows('messages', '[1,2,3,4]');
		await tab.shows('continuity', 'recovered', 'topics');
		await publish('room:resumed', [5]);
		await tab.shows('messages', '[1,2,3,4,5]');
		expect(await tab.readJson('gaps', 'topics')).toEqual([]);
	});

	test('is told what cannot be had any more, and reloads its data', async () => {
		await using tab = await open('/topics/lost');
		const loads = Number(await tab.read('loads', 'topics'));
		await publish('room:lost', [1, 2, 3, 4, 5], true);
		await tab.shows('messages', '[3,4,5]');
		await tab.shows('continuity', 'lost', 'topics');
		await tab.shows('gaps', '[{"missed":2}]', 'topics');
		await tab.shows('loads', String(loads + 1), 'topics');
	});

	test('loses nothing between its rendering and its socket', async () => {
		await using tab = await open('/topics/rendered?between');
		await tab.shows('messages', '["between"]');
		await tab.shows('continuity', 'recovered', 'topics');
	});

	test('shows who is there, each once, also through a reconnect', async () => {
		await using ann = await open('/topics/met?name=ann');
		const people = (...names: string[]) =>
			JSON.stringify(names.map((name) => ({ id: name, info: { name } })));
		await ann.shows('presence', people('ann'), 'topics');
		{
			await using bob = await open('/topics/met?name=bob');
			await using again = await open('/topics/met?name=ann&store');
			for (const tab of [ann, bob, again]) {
				await tab.shows('presence', people('ann', 'bob'), 'topics');
			}
			await again.shows('store', `${people('ann', 'bob')} live`, 'topics');
			await cutPeers(app);
			await ann.shows('status', 'open');
			await bob.shows('status', 'open');
			await ann.shows('presence', people('ann', 'bob'), 'topics');
		}
		await ann.shows('presence', people('ann'), 'topics');
	});

	test('sends and gets texts that begin with U+0016 as they are', async () => {
		await using tab = await open('/echo');
		const texts = ['\u0016', '\u001630000', '\u0016\u0016v1,5', '\u0016m1,2,three'];
		for (const text of texts) {
			expect(isFrame(text)).toBe(true);
			await tab.page.evaluate(`socket.send(${JSON.stringify(text)})`);
		}
		await tab.shows('messages', JSON.stringify(texts));
	});

	test('is one of plain messages to a server that knows of no frames', async () => {
		await using tab = await Tab.open(browser, app.url, 'about:blank');
		await tab.page.addInitScript(withoutFrames);
		await tab.page.goto('/topics/plain?name=ann');
		await tab.shows('status', 'open');
		await publish('room:plain', [1]);
		await tab.shows('messages', '[1]');
		expect(await ask(tab, { do: 'echo' })).toMatchObject({ code: 'failed' });
		await publish('room:plain', [2], true);
		// What is published before it is there again is lost: that it is, nothing tells of.
		await soon(async () => {
			await publish('room:plain', [3]);
			return tab.readJson('last');
		}).toBe(3);
		expect(await tab.readJson('presence', 'topics')).toEqual([]);
		expect(tab.problems).toEqual([]);
	});
});
