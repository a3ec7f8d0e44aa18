import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { editableApp, type EditableApp, type Files } from '../support/dev-app.ts';
import type { RunningApp } from '../support/server.ts';
import { openBrowser } from './browser.ts';
import { soon } from './chat.ts';
import { peersOf, Tab } from './client.ts';

const files: Files = {
	'src/websocket.ts': `
		import { defineWebSocket } from 'svelte-adapter-ws/server';
		export const websocket = defineWebSocket({
			'/echo/[name]': { message: (peer, message) => void peer.send(message.data) }
		});`,
	'src/routes/peers/+server.ts': `
		import { websockets } from 'svelte-adapter-ws/server';
		export const GET = () => Response.json([...websockets.peers].map(({ url }) => url.pathname));`,
	'src/routes/+layout.svelte': `
		<script>
			let { children } = $props();
			$effect(() => {
				document.body.dataset['started'] = 'yes';
			});
		</script>
		<nav>
			<a href="/">home</a>
			{#each ['module', 'store', 'click', 'later', 'owned'] as name (name)}<a href="/{name}">{name}</a>
			{/each}
		</nav>
		{@render children()}`
};

/** A module with a socket, as it is after so many edits. */
const module = (edits: number, make = `createWebSocket('/echo/module')`) => `
	import { createWebSocket, webSocketStore } from 'svelte-adapter-ws/client';
	export const edits = ${edits};
	export const chat = ${make};`;

const modulePage = (path: string) => `
	<script>
		import { chat, edits } from '${path}';
	</script>
	<p class="edits">{edits}</p>
	<p class="status">{chat.status}</p>`;

/** A page whose button makes a socket. */
const clickPage = (name: string, make: string, options = '') => `
	<script>
		import { onDestroy, onMount, tick } from 'svelte';
		import { createWebSocket } from 'svelte-adapter-ws/client';
		import { brief } from '../../lib/brief.ts';
		let socket = $state.raw();
		const controller = new AbortController();
		onDestroy(() => controller.abort());
		const make = () => createWebSocket('/echo/${name}'${options});
		${make}
	</script>
	<p class="status">{socket?.status}</p>
	<button onclick={click}>click</button>`;

describe('in development', () => {
	let app: EditableApp;
	let server: RunningApp;
	let browser: Browser;

	beforeAll(async () => {
		app = await editableApp({
			...files,
			'src/lib/module.svelte.ts': module(0),
			'src/lib/wrapped.ts': `
				import { createWebSocket } from 'svelte-adapter-ws/client';
				export const wrapped = (name: string) => createWebSocket('/echo/' + name);`,
			'src/lib/brief.ts': `
				import { createWebSocket } from 'svelte-adapter-ws/client';
				export function brief() {
					// as using does it, which Node 22 cannot read
					const socket = createWebSocket('/echo/brief');
					socket[Symbol.dispose]();
				}`,
			'src/routes/module/+page.svelte': modulePage('../../lib/module.svelte.ts'),
			'src/routes/click/+page.svelte': clickPage('click', 'function click() { socket = make(); }'),
			'src/routes/later/+page.svelte': clickPage(
				'later',
				`const click = async () => { await tick(); socket = make(); };`
			),
			'src/routes/owned/+page.svelte': clickPage(
				'owned',
				`
				const here = make();
				onMount(() => { make(); });
				$effect(() => { make(); });
				const click = () => {
					socket = make();
					brief();
				};`,
				', { signal: controller.signal }'
			).replace('const here = make()', "const here = createWebSocket('/echo/here')")
		});
		[server, browser] = await Promise.all([app.vite('dev'), openBrowser()]);
		// Vite finds what the pages need, and loads them again, before any of them is looked at.
		await using tab = await open('/');
		for (const name of ['module', 'click', 'later', 'owned']) {
			await tab.follow(name);
			await tab.page.locator('.status').waitFor({ state: 'attached' });
		}
	});

	afterAll(async () => {
		await browser?.close();
		await server?.[Symbol.asyncDispose]();
		await app?.[Symbol.asyncDispose]();
	});

	const open = async (path: string) => {
		const tab = await Tab.open(browser, server.url, path);
		// until Kit has started, a link loads a page
		await tab.page.waitForFunction('document.body.dataset.started');
		return tab;
	};
	const peers = () => peersOf(server);
	const edits = (tab: Tab) => tab.page.locator('.edits').innerText();
	const status = (tab: Tab) => tab.page.locator('.status').innerText();

	test('a module has one socket, however often it is edited', async () => {
		await using tab = await open('/module');
		for (let count = 1; count < 5; count += 1) {
			await soon(() => status(tab)).toBe('open');
			await soon(peers).toEqual(['/echo/module']);
			await app.write('src/lib/module.svelte.ts', module(count));
			await soon(() => edits(tab)).toBe(String(count));
		}
		await soon(peers).toEqual(['/echo/module']);
		expect(await tab.page.evaluate('performance.getEntriesByType("navigation").length')).toBe(1);
		expect(tab.lines).toEqual([]);
	});

	test('a module that makes its socket in other ways, or makes two, has one of each', async () => {
		await using tab = await open('/module');
		const ways = [
			`await Promise.resolve().then(() => webSocketStore('/echo/store')).then((store) => ({ ...store, status: 'open' }))`,
			`wrapped('wrapped'); export const other = webSocketStore('/echo/store');`,
			`['map'].map(wrapped)[0];`
		];
		const expected = [['/echo/store'], ['/echo/store', '/echo/wrapped'], ['/echo/map']];
		for (const [index, way] of [...ways, ...ways].entries()) {
			const source = `import { wrapped } from './wrapped.ts'; ${module(100 + index, way)}`;
			await app.write('src/lib/module.svelte.ts', source);
			await soon(() => edits(tab)).toBe(String(100 + index));
			await soon(peers).toEqual(expected[index % ways.length]);
		}
		expect(tab.lines).toEqual([]);
	});

	test.for(['click', 'later'])(
		'a socket that is made on %s is nobodys, and the console says where',
		async (name) => {
			await using tab = await open(`/${name}`);
			expect(tab.lines).toEqual([]);
			await tab.page.getByRole('button').click();
			await soon(() => status(tab)).toBe('open');
			await soon(() => tab.lines.length).toBe(1);
			expect(tab.lines[0]).toMatch(
				new RegExp(
					`A socket was made where no component .*/src/routes/${name}/\\+page\\.svelte:\\d+:\\d+`
				)
			);
			await tab.follow('home');
			expect(await peers()).toEqual([`/echo/${name}`]);
		}
	);

	test('nothing is said of a socket that has an end, and it ends', async () => {
		await using tab = await open('/owned');
		await soon(peers).toEqual(['/echo/here', '/echo/owned', '/echo/owned']);
		await tab.page.getByRole('button').click();
		await soon(() => status(tab)).toBe('open');
		await soon(peers).toEqual(['/echo/here', '/echo/owned', '/echo/owned', '/echo/owned']);
		await tab.follow('home');
		await soon(peers).toEqual([]);
		expect([tab.lines, tab.problems]).toEqual([[], []]);
	});
});
