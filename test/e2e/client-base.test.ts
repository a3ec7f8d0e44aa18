import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { editableApp, type Files } from '../support/dev-app.ts';
import { kit2Folder } from '../support/kit2.ts';
import { runApp, type RunningApp } from '../support/server.ts';
import { openBrowser } from './browser.ts';
import { plainHttp, soon } from './chat.ts';
import { peersOf, Tab } from './client.ts';

const base = '/base/deep';

const files: Files = {
	// where it stands Vite learns that it has components
	'package.json': `{
		"name": "base-app", "private": true, "type": "module",
		"devDependencies": { "svelte-adapter-ws": "*" }
	}`,
	'src/websocket.ts': `
		import { defineWebSocket } from 'svelte-adapter-ws/server';
		export const websocket = defineWebSocket({ '/echo/[name]': {} });`,
	'src/routes/peers/+server.ts': `
		import { websockets } from 'svelte-adapter-ws/server';
		export const GET = () => Response.json([...websockets.peers].map(({ url }) => decodeURI(url.pathname)));`,
	'src/routes/room/+page.server.js': `
		import { websockets } from 'svelte-adapter-ws/server';
		export const actions = {
			join: (event) => ({ url: websockets.use(event, (peer) => void peer.send('by action')) })
		};`,
	'src/lib/Inside.svelte': `
		<script>
			import { getWebSocket } from 'svelte-adapter-ws/client';
			const socket = getWebSocket();
		</script>
		<p class="socket">{socket.status}</p>`,
	'src/lib/module.svelte.js': `
		import { createWebSocket } from 'svelte-adapter-ws/client';
		export const shared = createWebSocket('/echo/module');`,
	'src/routes/room/+page.svelte': `
		<script>
			import { createWebSocket, webSocketStore, WebSocket, WebSocketProvider } from 'svelte-adapter-ws/client';
			import { resolve } from '$app/paths';
			import Inside from '../../lib/Inside.svelte';
			import { shared } from '../../lib/module.svelte.js';

			const sockets = [
				createWebSocket('/echo/path'),
				createWebSocket(() => '/echo/function'),
				createWebSocket(async () => '/echo/promise'),
				createWebSocket(() => new URL(${JSON.stringify(base)} + '/echo/url', location.href)),
				createWebSocket('echo/relative'),
				shared
			];
			const resolved = createWebSocket(resolve('/echo/[name]', { name: 'resolved' }));
			const { connected } = webSocketStore('/echo/store');
			let name = $state('left');
			const moving = createWebSocket('/echo/[name]', { params: () => ({ name }) });
			const stored = webSocketStore('/echo/[name]', { get params() { return { name: 'a ' + name + '/100%' }; } }).connected;
		</script>
		<p class="socket">{moving.status}</p>
		<p class="socket">{$stored ? 'open' : 'connecting'}</p>
		<button onclick={() => (name = 'moved')}>Move</button>
		{#each [...sockets, resolved] as { status, error }}<p class="socket">{status} {error?.message}</p>{/each}
		<p class="socket">{$connected ? 'open' : 'connecting'}</p>
		<WebSocketProvider url="/echo/provided"><Inside /></WebSocketProvider>
		<WebSocket url="/echo/component">
			{#snippet children({ status })}<p class="socket">{status}</p>{/snippet}
		</WebSocket>
		<WebSocketProvider url="/echo/[name]" params={{ name: name + ' above' }}><Inside /></WebSocketProvider>
		<WebSocket url="/echo/[name]" params={() => ({ name: name + ' below' })}>
			{#snippet children({ status })}<p class="socket">{status}</p>{/snippet}
		</WebSocket>
		<WebSocket action="?/join">
			{#snippet children({ status, last })}<p class="action">{status} {last}</p>{/snippet}
		</WebSocket>`
};

const names = ['component', 'function', 'module', 'path', 'promise', 'provided', 'relative'];
const expected = [...names, 'resolved', 'store', 'url'].map((name) => `${base}/echo/${name}`);

/** Those whose path has a param that changes. */
const filled = (name: string) =>
	['', ' above', ' below']
		.map((end) => `${base}/echo/${name}${end}`)
		.concat(`${base}/echo/a ${name}%2F100%`);

/** A way to configure the app. */
interface Setup {
	kit: number;
	/** Where its packages are installed. */
	home: string | undefined;
	config: Files;
}

const kits: Setup[] = [
	{
		kit: 3,
		home: undefined,
		config: {
			'vite.config.ts': `
				import { sveltekit } from '@sveltejs/kit/vite';
				import adapterWs from 'svelte-adapter-ws';
				export default { plugins: [sveltekit({ adapter: adapterWs(), paths: { base: '${base}' } })] };`
		}
	},
	{
		kit: 2,
		home: kit2Folder,
		config: {
			'svelte.config.js': `
				import adapterWs from 'svelte-adapter-ws';
				export default { kit: { adapter: adapterWs(), paths: { base: '${base}' } } };`,
			'vite.config.ts': `
				import { sveltekit } from '@sveltejs/kit/vite';
				import { websockets } from 'svelte-adapter-ws/vite';
				export default { plugins: [sveltekit(), websockets()] };`
		}
	}
];

describe.each(kits)('below a base, with SvelteKit $kit', ({ home, config }) => {
	let app: Awaited<ReturnType<typeof editableApp>>;
	let browser: Browser;

	beforeAll(async () => {
		app = await editableApp({ ...files, ...config }, home);
		browser = await openBrowser();
	});

	afterAll(async () => {
		await browser?.close();
		await app?.[Symbol.asyncDispose]();
	});

	const build = async (): Promise<RunningApp> => {
		expect(await app.build()).toContain('built in');
		const env = { PROTOCOL_HEADER: 'x-forwarded-proto' };
		return runApp({ args: [join(app.folder, 'build')], env });
	};

	test.for([
		['a build', build],
		['dev', () => app.vite('dev')]
	] as const)('paths are below it, whatever takes them: %s', async ([, run]) => {
		await using server = await run();
		const url = server.url + encodeURI(base);
		await using tab = await Tab.open(browser, url, `${encodeURI(base)}/room`, plainHttp);
		await soon(() => peersOf({ url })).toEqual(
			expect.arrayContaining([...expected, ...filled('left')])
		);
		const states = await tab.page.locator('.socket').allInnerTexts();
		expect(states.map((each) => each.trim())).toEqual(states.map(() => 'open'));
		await soon(() => tab.page.locator('.action').innerText()).toBe('open by action');
		expect(await peersOf({ url })).toHaveLength(expected.length + 4 + 1);
		await tab.page.click('button');
		await soon(async () =>
			(await peersOf({ url })).filter((path) => /left|moved/.test(path)).toSorted()
		).toEqual(filled('moved').toSorted());
		expect(tab.problems).toEqual([]);
	});
});
