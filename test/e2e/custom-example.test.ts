import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openClient } from '../support/client.ts';
import { tempFolder } from '../unit/support/folder.ts';
import { runApp } from '../support/server.ts';
import { openBrowser } from './browser.ts';
import { plainHttp } from './chat.ts';

const folder = fileURLToPath(new URL('../../examples/custom-server', import.meta.url));

/** The smallest picture there is. */
const pixel = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
	'base64'
);

/** @param cwd where its uploads are */
const run = (cwd: string) =>
	runApp({
		args: [join(folder, 'server.js')],
		cwd,
		env: { PROTOCOL_HEADER: 'x-forwarded-proto' }
	});

async function upload(url: string, file: File): Promise<unknown> {
	const body = new FormData();
	body.set('picture', file);
	const headers = { ...plainHttp, origin: url, accept: 'application/json' };
	const response = await fetch(url, { method: 'POST', headers, body });
	return response.json();
}

test('a picture that somebody uploads is shown to everybody, and is there after a restart', async () => {
	using home = tempFolder({ 'pixel.png': pixel });
	const cwd = home.path;
	await using browser = await openBrowser();
	let path = '';
	{
		await using app = await run(cwd);
		expect(await (await fetch(`${app.url}/health`)).text()).toBe('ok');
		await using plain = await openClient(app.port, { path: '/news' });
		const page = await browser.newPage({ baseURL: app.url, extraHTTPHeaders: plainHttp });
		await page.goto('/');
		await page.getByText('New pictures appear').waitFor();
		await page.getByLabel('Picture').setInputFiles(join(cwd, 'pixel.png'));
		await page.getByRole('button', { name: 'Show everybody' }).click();
		path = String(await plain.message());
		expect(path).toMatch(/^\/uploads\/\d+-[\w-]+\.png$/);
		await expect.poll(() => page.locator('img').getAttribute('src')).toBe(path);
		await expect.poll(() => page.evaluate(`document.images[0].naturalWidth`)).toBe(1);
		app.signal('SIGINT');
		expect(await app.exited).toBe(0);
	}
	await using again = await run(cwd);
	const response = await fetch(again.url + path);
	expect(Buffer.from(await response.arrayBuffer())).toEqual(pixel);
	expect(response.headers.get('content-security-policy')).toContain('sandbox');
});

test('what is no picture is not kept, whatever its name says', async () => {
	using home = tempFolder();
	await using app = await run(home.path);
	const script = new File(['<script>alert(1)</script>'], '../../evil.png', { type: 'image/png' });
	expect(await upload(app.url, script)).toMatchObject({ type: 'failure', status: 415 });
	expect(await upload(app.url, new File([], 'empty.png'))).toMatchObject({ status: 400 });
	const named = new File([pixel], '../../../server.js', { type: 'text/html' });
	expect(await upload(app.url, named)).toMatchObject({ type: 'success' });
	for (const path of ['/uploads/../server.js', '/uploads/%2e%2e/server.js', '/uploads/.env']) {
		expect((await fetch(app.url + path)).status).toBe(404);
	}
});
