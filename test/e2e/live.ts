import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { livePath } from '../../src/shared/live.ts';
import { runApp, type RunningApp } from '../support/server.ts';
import { plainHttp } from './chat.ts';

/** The app of the tests of live queries as `test/support/setup.ts` built it. */
const liveBuild = fileURLToPath(new URL('./fixtures/live/build', import.meta.url));

export function runLiveApp(env: Record<string, string> = {}): Promise<RunningApp> {
	return runApp({ args: [liveBuild], env: { PROTOCOL_HEADER: 'x-forwarded-proto', ...env } });
}

/** How live queries of a page come. */
export type Way = 'socket' | 'fetch';

/** A page with live queries. */
export class LiveTab implements AsyncDisposable {
	readonly page: Page;
	/** Errors that nothing caught. */
	readonly problems: string[] = [];
	/** Sockets that it has opened for live queries. */
	sockets = 0;
	/** Requests for live queries that it has made without a socket. */
	fetched = 0;

	private constructor(page: Page) {
		this.page = page;
		page.on('pageerror', (error) => this.problems.push(error.message));
		page.on('websocket', (socket) => {
			if (socket.url().includes(livePath)) this.sockets += 1;
		});
		page.on('request', (request) => {
			if (request.headers()['accept'] === 'text/event-stream') this.fetched += 1;
		});
	}

	static async open(browser: Browser, url: string, path: string, way: Way): Promise<LiveTab> {
		const context = await browser.newContext({ baseURL: url, extraHTTPHeaders: plainHttp });
		await context.addInitScript(`sessionStorage.setItem('live', '${way}')`);
		const tab = new LiveTab(await context.newPage());
		await tab.page.goto(path);
		await tab.page.waitForSelector('[data-started]');
		return tab;
	}

	async read(id: string): Promise<string> {
		return (await this.page.locator(`#${id}`).textContent())?.trim() ?? '';
	}

	async shows(id: string, text: string | RegExp): Promise<void> {
		const shown = expect.poll(() => this.read(id));
		await (typeof text === 'string' ? shown.toBe(text) : shown.toMatch(text));
	}

	async press(name: string): Promise<void> {
		await this.page.getByRole('button', { name, exact: true }).click();
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.page.context().close();
	}
}
