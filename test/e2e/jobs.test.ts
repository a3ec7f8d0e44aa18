import type { Browser } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { refusal } from '../support/client.ts';
import type { RunningApp } from '../support/server.ts';
import { runBesideBrowser } from './browser.ts';
import { nodeEngines, freePort, plainHttp, runChat, soon } from './chat.ts';
import { jobsBuild, linesOf, Visitor } from './jobs.ts';

describe.each(nodeEngines)('the jobs on %s', (engine) => {
	let app: RunningApp;
	let browser: Browser;
	let tabs: Visitor[] = [];

	runBesideBrowser(
		() => runChat({ ENGINE: engine }, jobsBuild),
		(...running) => ([app, browser] = running)
	);

	afterEach(async () => {
		const open = tabs;
		tabs = [];
		try {
			expect(open.flatMap((tab) => tab.problems())).toEqual([]);
		} finally {
			await Promise.all(open.map((tab) => tab.leave()));
		}
	});

	test('a job that somebody starts shows, with its progress, to somebody who has the list open', async () => {
		const [ada, grace] = [await arrive(), await arrive()];
		await grace.visitList();
		const requests: string[] = [];
		grace.page.on('request', (request) => requests.push(request.url()));

		await ada.visitList();
		const path = await ada.start({ name: 'Website', steps: 60, pace: 'steady' });
		for (const visitor of [ada, grace]) {
			await soon(() => visitor.listed('Website')).toMatchObject({ state: 'Running' });
			await soon(async () => (await visitor.listed('Website'))?.done).toBeGreaterThan(2);
		}

		await ada.watch(path);
		await ada.cancel();
		await soon(() => grace.listed('Website')).toMatchObject({ state: 'Cancelled' });
		expect(requests).toEqual([]);
	});

	test('a log has every line in its order, those from before and those that come', async () => {
		const ada = await arrive();
		const job = { name: 'Export', steps: 12, pace: 'steady' } as const;
		await ada.visitList();
		await ada.page.goto(await ada.start(job));
		await expect.poll(() => ada.lines()).toEqual(linesOf(job));
		await soon(() => ada.status()).toBe('The log is complete.');
		expect(await ada.job()).toEqual({ done: 12, state: 'Done' });
	}, 40_000);

	test('the log of a job that is done is there at once, without a socket', async () => {
		const ada = await arrive();
		const job = { name: 'Quick one', steps: 3, pace: 'quick' } as const;
		await ada.visitList();
		const path = await ada.start(job);
		await soon(() => ada.listed(job.name)).toEqual({ done: 3, state: 'Done' });
		await ada.page.goto(path);
		await soon(() => ada.status()).toBe('The log is complete.');
		expect(await ada.lines()).toEqual(linesOf(job));
		expect(ada.sockets).toEqual([]);
	});

	test('to cancel a job ends it for everybody who watches it', async () => {
		const [ada, grace] = [await arrive(), await arrive()];
		const path = await startSlow(ada, 'Nightly');
		await Promise.all([ada.watch(path), grace.watch(path)]);
		await grace.cancel();
		for (const visitor of [ada, grace]) {
			await soon(() => visitor.status()).toBe('The log is complete.');
			expect((await visitor.lines()).at(-1)).toBe('Cancelled');
			expect(await visitor.job()).toMatchObject({ state: 'Cancelled' });
			expect(await visitor.page.getByRole('button', { name: 'Cancel' }).count()).toBe(0);
		}
	});

	test('the URL of a socket opens no second one', async () => {
		const ada = await arrive();
		await ada.watch(await startSlow(ada, 'Once'));
		const [url = ''] = ada.sockets;
		expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/_\/connect\/[\w-]{55}\?/);
		expect(await refusal(url)).toMatchObject({ status: 404 });
		expect(await ada.status()).toBe('Live');
		await ada.cancel();
	});

	test('a page whose connection breaks asks for another URL, and has every line once', async () => {
		const ada = await arrive();
		let breakOff: () => Promise<void> = () => Promise.reject(new Error('No socket was opened'));
		await ada.page.routeWebSocket(/\/_\/connect\//, (socket) => {
			socket.connectToServer();
			breakOff = () => socket.close({ code: 1011 });
		});
		const path = await startSlow(ada, 'Broken');
		await ada.watch(path);
		await breakOff();
		await soon(() => ada.asked).toBe(2);
		await soon(() => ada.status()).toBe('Live');
		await ada.cancel();
		await soon(() => ada.status()).toBe('The log is complete.');
		const lines = await ada.lines();
		const steps = lines.length - 2;
		expect(lines).toEqual([
			...linesOf({ name: 'Broken', steps: 60 }).slice(0, steps + 1),
			'Cancelled'
		]);
		expect(await ada.job()).toEqual({ done: steps, state: 'Cancelled' });
	});

	test.for(['SIGKILL', 'SIGTERM'] as const)(
		'after %s and a start a page asks again, and says that its job is gone',
		async (signal) => {
			const PORT = await freePort();
			await using first = await runChat({ PORT, ENGINE: engine }, jobsBuild);
			const [ada, grace] = [await arrive(first), await arrive(first)];
			ada.expects(/Failed to load resource: (net::|.* 404)/);
			grace.expects(/Failed to load resource: net::/);
			await grace.visitList();
			await ada.watch(await startSlow(ada, 'Phoenix'));
			await soon(() => grace.listed('Phoenix')).toMatchObject({ state: 'Running' });
			const before = await ada.lines();

			first.signal(signal);
			await first.exited;
			await soon(() => ada.status()).toBe('The connection is lost. Trying again …');
			const { asked } = ada;
			await using second = await runChat({ PORT, ENGINE: engine }, jobsBuild);
			expect(second.url).toBe(first.url);

			await soon(() => ada.status()).toContain('This job is gone (404).');
			expect(ada.asked).toBeGreaterThan(asked);
			expect(await ada.job()).toMatchObject({ state: 'Gone' });
			expect((await ada.lines()).slice(0, before.length)).toEqual(before);
			expect(ada.sockets).toHaveLength(1);
			await expect
				.poll(() => grace.page.getByRole('list', { name: 'Jobs' }).innerText())
				.toBe('No jobs yet.');
			// the list is live again
			const other = await arrive(second);
			other.expects(/Failed to load resource: net::/);
			await startSlow(other, 'Ashes');
			await soon(() => grace.listed('Ashes')).toMatchObject({ state: 'Running' });
		}
	);

	test('a name of spaces is refused with a message, and what was chosen stays', async () => {
		const ada = await arrive();
		ada.expects(/status of 400/);
		await ada.visitList();
		await ada.page.getByLabel('Name', { exact: true }).fill('   ');
		await ada.page.getByLabel('Pace').selectOption('slow');
		await ada.page.getByRole('button', { name: 'Start' }).click();
		await soon(() => ada.page.getByRole('alert').innerText()).toBe('Please give the job a name.');
		expect(await ada.page.getByLabel('Pace').inputValue()).toBe('slow');
	});

	test('without JavaScript a job starts, is listed, and has a log', async () => {
		await using context = await browser.newContext({
			baseURL: app.url,
			extraHTTPHeaders: plainHttp,
			javaScriptEnabled: false
		});
		const page = await context.newPage();
		await page.goto('/');
		await page.getByLabel('Name', { exact: true }).fill('Plain');
		await page.getByLabel('Pace').selectOption('quick');
		await page.getByRole('button', { name: 'Start' }).click();
		await page.getByRole('list', { name: 'Jobs' }).getByText('Plain').click();
		await page.getByRole('log').getByText('Start Plain').waitFor();
	});

	async function arrive(at: RunningApp = app): Promise<Visitor> {
		const visitor = await Visitor.arrive(browser, at.url);
		tabs.push(visitor);
		return visitor;
	}

	/**
	 * A job that goes on for longer than any test.
	 * @returns the path of its log
	 */
	async function startSlow(visitor: Visitor, name: string): Promise<string> {
		await visitor.visitList();
		return visitor.start({ name, steps: 60, pace: 'slow' });
	}
});
