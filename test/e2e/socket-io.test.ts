import { expect, test } from 'vitest';
import { libraries } from '../conformance/websocket/subjects.ts';
import { openBrowser } from './browser.ts';
import { plainHttp } from './chat.ts';

const { uws, node, dev } = libraries;

test.each([uws, node, dev])(
	'a page in Chromium has socket.io and a socket of ours, on $name',
	async (subject) => {
		await using app = await subject.run('default');
		await using browser = await openBrowser();
		const page = await browser.newPage({ baseURL: app.url, extraHTTPHeaders: plainHttp });
		await page.goto('/socket-io');
		const read = (id: string) => page.locator(`#${id}`).textContent();
		await expect.poll(() => read('own')).toBe('nobody: hello');
		await expect.poll(() => read('transport')).toBe('websocket');
		await expect.poll(() => read('said')).toBe('hello');
	}
);
