import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openClient, refusal } from '../support/client.ts';
import { runApp } from '../support/server.ts';
import { openBrowser } from './browser.ts';
import { plainHttp } from './chat.ts';

const build = fileURLToPath(new URL('../../examples/editor/build', import.meta.url));

const run = (env: Record<string, string> = {}) =>
	runApp({ args: [build], env: { PROTOCOL_HEADER: 'x-forwarded-proto', ...env } });

/** Somebody who writes. */
async function write(browser: Browser, url: string, name: string): Promise<Page> {
	const context = await browser.newContext({ baseURL: url, extraHTTPHeaders: plainHttp });
	const page = await context.newPage();
	// What is typed before the page lives is gone when it does.
	await page.goto('/', { waitUntil: 'networkidle' });
	await page.getByLabel('Your name').fill(name);
	await page.getByLabel('Document').fill('plan');
	await page.getByRole('button', { name: 'Open' }).click();
	await page.locator('[data-status="connected"]').waitFor();
	return page;
}

const editor = (page: Page) => page.locator('.cm-content');

async function type(page: Page, key: 'Home' | 'End', text: string): Promise<void> {
	await editor(page).click();
	await page.keyboard.press(`Control+${key}`);
	await page.keyboard.type(text);
}

/** The lines, without the cursors of others that are in them. */
const readText = `[...document.querySelectorAll('.cm-line')].map((line) => {
	const copy = line.cloneNode(true);
	for (const cursor of copy.querySelectorAll('.cm-ySelectionCaret')) cursor.remove();
	return copy.textContent;
}).join(' / ')`;

const textOf = (page: Page) => (): Promise<unknown> => page.evaluate(readText);

test('two people write one text, also while there is no server', async () => {
	await using browser = await openBrowser();
	await using app = await run({ ENGINE: 'node' });
	const ann = await write(browser, app.url, 'Ann');
	const bob = await write(browser, app.url, 'Bob');
	await type(ann, 'End', 'world');
	await expect.poll(textOf(bob)).toBe('world');
	for (const page of [ann, bob]) {
		await expect
			.poll(() => page.getByLabel('Who is here').getByRole('listitem').allTextContents())
			.toEqual(expect.arrayContaining(['Ann', 'Bob']));
	}
	app.signal('SIGKILL');
	await app.exited;
	// It says so only once, and tries again soon.
	const offline = '[data-status]:not([data-status="connected"])';
	for (const page of [ann, bob]) await page.locator(offline).waitFor();
	await type(ann, 'Home', 'hello ');
	await type(bob, 'End', '!');
	expect([await textOf(ann)(), await textOf(bob)()]).toEqual(['hello world', 'world!']);
	await using again = await run({ ENGINE: 'node', PORT: String(app.port) });
	expect(again.port).toBe(app.port);
	for (const page of [ann, bob]) await expect.poll(textOf(page)).toBe('hello world!');
});

test('a document is for those who have told their name', async () => {
	await using app = await run();
	expect(await refusal(`${app.url}/documents/plan`)).toMatchObject({ status: 401 });
	await using client = await openClient(app.port, {
		path: '/documents/plan',
		headers: { cookie: 'name=Ann' }
	});
	expect((await client.message()).length).toBeGreaterThan(0);
});
