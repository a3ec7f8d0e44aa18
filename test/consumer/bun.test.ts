import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { openBrowser } from '../e2e/browser.ts';
import { runApp } from '../support/server.ts';
import { createApp, toKit3 } from '../support/sv.ts';
import { tempFolder } from '../unit/support/folder.ts';
import { installPackage } from './packed.ts';
import { readmeSteps } from './readme.ts';

test('a fresh app that has bun besides, and no uWebSockets.js, chats in a browser after vite build, with bun ./build', async () => {
	using folder = tempFolder();
	const app = folder.path;
	const files = { ...toKit3(await createApp()), ...(await readmeSteps())[0] };
	for (const [name, content] of Object.entries(files)) {
		mkdirSync(dirname(join(app, name)), { recursive: true });
		writeFileSync(join(app, name), content);
	}
	await installPackage(app, ['bun']);
	const env = { ...process.env, NODE_ENV: 'production' };
	await promisify(execFile)(process.execPath, [resolve('node_modules/vite/bin/vite.js'), 'build'], {
		cwd: app,
		env
	});
	await using server = await runApp({
		// what npx finds
		runtime: join(app, 'node_modules/bun/bin/bun.exe'),
		args: ['./build'],
		cwd: app,
		env: { PROTOCOL_HEADER: 'x-forwarded-proto' }
	});
	expect(server.output()).toMatch(/^Listening on \S+ with Bun \d+\.\d+\.\d+$/m);
	await using browser = await openBrowser();
	const open = async () => {
		const page = await browser.newPage({ extraHTTPHeaders: { 'x-forwarded-proto': 'http' } });
		await page.goto(server.url);
		await page.getByText('open', { exact: true }).waitFor();
		return page;
	};
	const [speaker, listener] = [await open(), await open()];
	await speaker.getByPlaceholder('Message').fill('hello');
	await speaker.getByRole('button', { name: 'Send' }).click();
	for (const page of [speaker, listener]) await page.getByText('somebody: hello').waitFor();
});
