import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openClient } from '../support/client.ts';
import { editableApp, type EditableApp, type Files } from '../support/dev-app.ts';
import type { RunningApp } from '../support/server.ts';
import { openBrowser } from './browser.ts';
import { soon } from './chat.ts';

interface Pattern {
	title: string;
	/** Of its page. */
	slug: string;
	server: string;
	page: string;
	config: string;
}

const document = readFileSync(
	fileURLToPath(new URL('../../docs/patterns.md', import.meta.url)),
	'utf8'
);

const run = promisify(execFile);

const svelteCheck = fileURLToPath(
	new URL('../../node_modules/svelte-check/bin/svelte-check', import.meta.url)
);

/** The code of a block, without the line that names its file. */
const block = (text: string, start: string) =>
	text.split(`\`\`\`${start}\n`)[1]?.split('```')[0] ?? '';

const [intro = '', ...sections] = document.split('\n## ');

const patterns = sections.map((section): Pattern => {
	const [title = ''] = section.split('\n');
	return {
		title,
		slug: title.toLowerCase().replaceAll(/[^a-z]+/g, '-'),
		server: block(section, 'ts\n// src/websocket.ts'),
		page: block(section, 'svelte'),
		config: block(section, 'ts\n// vite.config.ts')
	};
});

const serverImports = block(intro, 'ts');
const pageImports = block(intro.slice(intro.indexOf(serverImports)), 'ts');

/** An app in which every pattern has a page and a part of `src/websocket.ts`. */
function appOf(all: Pattern[]): Files {
	const served = all.filter(({ server }) => server !== '');
	const names = served.map((_, index) => `part${index}`);
	const config = all.map((pattern) => pattern.config).find((each) => each !== '') ?? '';
	const files: Files = {
		'vite.config.ts': `
			import { sveltekit } from '@sveltejs/kit/vite';
			import adapterWs from 'svelte-adapter-ws';
			import { defineConfig } from 'vite';
			const adapter = ${config.trim()}
			export default defineConfig({ plugins: [sveltekit({ adapter })] });`,
		'src/hooks.server.ts': `
			import type { Handle } from '@sveltejs/kit/hooks';
			export const handle: Handle = ({ event, resolve }) => {
				event.locals.user = { name: event.cookies.get('name') ?? '' };
				return resolve(event);
			};`,
		'src/app.d.ts': `
			declare global { namespace App { interface Locals { user: { name: string } } } }
			declare module 'svelte-adapter-ws/client' {
				interface Register { websocket: typeof import('./websocket.ts').websocket }
			}
			export {};`,
		'tsconfig.json':
			'{ "extends": "$app/tsconfig", "compilerOptions": { "strict": true }, "include": ["src"] }',
		'src/routes/cut/+server.ts': `
			import { websockets } from 'svelte-adapter-ws/server';
			export const POST = async ({ request }: { request: Request }) => {
				websockets.close(1012, 'Come back', { topic: 'news' });
				for (const line of await request.json()) websockets.publish('news', line);
				return new Response();
			};`,
		'src/websocket.ts': [
			...names.map((name) => `import * as ${name} from './lib/${name}.ts';`),
			`export const topics = { ${names.map((name) => `...${name}.topics`).join()} };`,
			`export const websocket = { ${names.map((name) => `...${name}.websocket`).join()} };`
		].join('\n')
	};
	for (const [index, { server }] of served.entries()) {
		const topics = server.includes('const topics') ? '' : 'export const topics = {};\n';
		files[`src/lib/${names[index]}.ts`] = serverImports + topics + server;
	}
	for (const { slug, page } of all) {
		const withImports = page.replace('<script lang="ts">', `<script lang="ts">${pageImports}`);
		if (page !== '') files[`src/routes/${slug}/+page.svelte`] = withImports;
	}
	return files;
}

test.each(patterns)('$title is ten lines or fewer', ({ server, page, config }) => {
	const lines = [...server.split('\n'), ...page.split('\n'), ...config.split('\n')]
		.map((line) => line.trim())
		.filter((line) => line !== '' && !/^<\/?script/.test(line));
	expect(lines.length).toBeGreaterThan(0);
	expect(lines.length).toBeLessThanOrEqual(10);
});

describe('in an app', () => {
	let app: EditableApp;
	let server: RunningApp;
	let browser: Browser;

	beforeAll(async () => {
		app = await editableApp(appOf(patterns));
		[server, browser] = await Promise.all([app.vite('dev'), openBrowser()]);
	});

	afterAll(async () => {
		await browser?.close();
		await server?.[Symbol.asyncDispose]();
		await app?.[Symbol.asyncDispose]();
	});

	/** Somebody at the page of a pattern. */
	async function enter(title: string, name: string): Promise<Page> {
		const context = await browser.newContext({ baseURL: server.url });
		await context.addCookies([{ name: 'name', value: name, url: server.url }]);
		const page = await context.newPage();
		const { slug = '' } = patterns.find((pattern) => pattern.title === title) ?? {};
		await page.goto(`/${slug}`);
		// Vite may load it again when it has found something to optimise
		await page.waitForLoadState('networkidle');
		return page;
	}

	const lines = (page: Page) => page.locator('p').allInnerTexts();

	test('the types are right', async () => {
		const { stdout } = await run(process.execPath, [svelteCheck, '--output', 'human'], {
			cwd: app.folder
		}).catch((error: { stdout: string }) => error);
		expect(stdout).toContain('found 0 errors');
	});

	test('everybody who is here is seen, once', async () => {
		const ada = await enter('Who is here', 'Ada');
		const grace = await enter('Who is here', 'Grace');
		const again = await enter('Who is here', 'Grace');
		for (const page of [ada, grace, again]) {
			await soon(async () => (await lines(page)).toSorted()).toEqual(['Ada', 'Grace']);
		}
	});

	test('who types is seen, until the field is empty', async () => {
		const ada = await enter('Who types', 'Ada');
		const grace = await enter('Who types', 'Grace');
		await ada.getByLabel('Note').fill('hel');
		await soon(() => lines(grace)).toEqual(['Ada types']);
		await ada.getByLabel('Note').fill('');
		await soon(() => lines(grace)).toEqual([]);
	});

	test('a request is answered', async () => {
		const page = await enter('Was it heard?', 'Ada');
		await page.getByRole('button').click();
		await soon(() => lines(page)).toEqual(['Order number 1']);
		await page.getByRole('button').click();
		await soon(() => lines(page)).toEqual(['Order number 2']);
	});

	test('nothing is missed, and a plain client sees what was published and no more', async () => {
		const page = await enter('Miss nothing', 'Ada');
		await using plain = await openClient(server.port, { path: '/news' });
		const publish = (...texts: string[]) =>
			fetch(`${server.url}/cut`, { method: 'POST', body: JSON.stringify(texts) });
		await publish('one', 'two');
		await soon(() => lines(page)).toEqual(['one', 'two']);
		await publish('three');
		await publish('four');
		await soon(() => lines(page)).toEqual(['one', 'two', 'three', 'four']);
		expect((await plain.closed).code).toBe(1012);
		await using late = await openClient(server.port, { path: '/news' });
		await soon(() => late.received).toEqual(['one', 'two', 'three', 'four']);
		expect(
			[...plain.received, ...late.received].filter((text) => text.startsWith('\u0016'))
		).toEqual([]);
	});

	test('a message that is typed travels, and one that is not what it should be does not', async () => {
		const page = await enter('Typed on both ends', 'Ada');
		await page.getByRole('button').click();
		await soon(() => lines(page)).toEqual(['blue: 3']);
		await using plain = await openClient(server.port, { path: '/board/red' });
		plain.send('{ "x": 1, "y": "2" }');
		plain.send('{ "x": 1, "y": 2 }');
		expect(await plain.json()).toEqual({ board: 'red', sum: 3 });
	});

	test('a pointer is seen by the others', async () => {
		await using ada = await openClient(server.port, { path: '/canvas' });
		await using grace = await openClient(server.port, { path: '/canvas' });
		ada.send('{"x":1}');
		expect(await grace.message()).toBe('{"x":1}');
	});

	test('who sends too much is closed with 1008', async () => {
		await using client = await openClient(server.port, { path: '/canvas' });
		for (let count = 0; count < 60; count += 1) client.send('{"x":1}');
		expect((await client.closed).code).toBe(1008);
	});
});
