import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bunBinary } from '../support/bun.ts';
import { connectClient } from '../support/client.ts';
import { editableApp, type EditableApp, type Files } from '../support/dev-app.ts';
import { kit2Folder } from '../support/kit2.ts';
import { runApp, spawnApp } from '../support/server.ts';

/** Says that the process runs on a Node of long ago. */
const oldNode = (version: string) =>
	`--import=data:text/javascript,${encodeURIComponent(
		`Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`
	)}`;

const aboutOldNode = (version: string) =>
	`[svelte-adapter-ws] This Node is older than what is supported (${version}). ` +
	'Build the app and run it with Node 22.17 or newer.';

/** It keeps what was loaded in which order, and may fail at its start. */
const app: Files = {
	'src/instrumentation.server.ts': "globalThis.order = ['instrumentation'];",
	'src/hooks.server.ts': `
		import type { ServerInit } from '@sveltejs/kit';
		interface Reason { text: string }
		const reason: Reason = { text: 'the database is not there' };
		globalThis.order?.push('hooks');
		export const init: ServerInit = () => {
			if (process.env.BREAKS) throw new Error(reason.text);
		};`,
	'src/routes/order/+server.ts': `
		export const GET = () => new Response(String(globalThis.order));`,
	'src/websocket.ts': `
		import { defineWebSocket } from 'svelte-adapter-ws/server';
		export const websocket = defineWebSocket({
			'/hello': { open: (peer) => void peer.send('hello') }
		});`,
	// As apps have it that were made for adapter-node 5.
	'custom.js': `
		import './build/shims.js';
		import { createServer } from 'node:http';
		import { attach, handler } from './build/handler.js';
		import { env } from './build/env.js';
		const server = createServer(handler);
		attach(server);
		server.listen(env('PORT'), env('HOST', '0.0.0.0'), () =>
			console.log('Listening on http://x:' + server.address().port));`,
	'script.js': `
		try {
			await import('./build/index.js');
		} catch (error) {
			console.log('caught', error.code, error.message);
		}`
};

const kit2: Files = {
	...app,
	'svelte.config.js': `
		import adapterWs from 'svelte-adapter-ws';
		export default {
			kit: { adapter: adapterWs(), experimental: { instrumentation: { server: true } } }
		};`,
	'vite.config.ts': `
		import { sveltekit } from '@sveltejs/kit/vite';
		import { websockets } from 'svelte-adapter-ws/vite';
		import { defineConfig } from 'vite';
		export default defineConfig({ plugins: [sveltekit(), websockets()] });`
};

describe.each([
	{ kit: 3, files: app, home: undefined },
	{ kit: 2, files: kit2, home: kit2Folder }
])('SvelteKit $kit', ({ files, home }) => {
	let built: EditableApp;
	let output: string;

	beforeAll(async () => {
		built = await editableApp(files, home);
		output = await built.build({ NODE_OPTIONS: oldNode('22.16.0') });
	});

	afterAll(() => built?.[Symbol.asyncDispose]());

	const order = async (url: string) => (await fetch(`${url}/order`)).text();

	test('a build on an old Node says once which one is needed', () => {
		expect(output).toContain('done');
		expect(output.split(aboutOldNode('22.16.0'))).toHaveLength(2);
	});

	test('a start on an old Node says once which one is needed, before anything else', async () => {
		await using server = await runApp({
			args: [oldNode('18.20.8'), 'build'],
			cwd: built.folder
		});
		const lines = server.output().split('\n');
		expect(lines[0]).toBe(aboutOldNode('18.20.8'));
		expect(server.output().split('older than what is supported')).toHaveLength(2);
	});

	test('instrumentation comes before the app, in the server', async () => {
		await using server = await runApp({ args: ['build'], cwd: built.folder });
		expect(await order(server.url)).toBe('instrumentation,hooks');
		expect(server.output()).not.toContain('older');
	});

	test('instrumentation comes before the app in a server of one’s own, which reads its variables as with adapter-node 5', async () => {
		await using server = await runApp({ args: ['custom.js'], cwd: built.folder });
		expect(await order(server.url)).toBe('instrumentation,hooks');
		await using client = await connectClient(`${server.url}/hello`);
		expect(await client.message()).toBe('hello');
	});

	test.each(['./build', './custom.js'])(
		'where Bun stands in for Node there are sockets, and a text is one: %s',
		async (script) => {
			await using server = await runApp({
				args: [script],
				cwd: built.folder,
				runtime: bunBinary,
				env: { ENGINE: 'node' }
			});
			const { headers } = await fetch(`${server.url}/order`);
			expect(headers.get('content-type')).toBe('text/plain;charset=UTF-8');
			await using client = await connectClient(`${server.url}/hello`);
			expect(await client.message()).toBe('hello');
		}
	);

	test.each(['build', 'custom.js'])(
		'an app that fails at its start keeps its stack, with places in its sources: %s',
		async (script) => {
			await using starting = spawnApp({
				args: [script],
				cwd: built.folder,
				env: { PORT: '0', BREAKS: 'yes' }
			});
			expect(await starting.exited).toBe(1);
			expect(starting.output()).toContain('Error: the database is not there\n    at ');
			expect(starting.output()).toContain('(src/hooks.server.ts:7:');
		}
	);

	test('a start that fails says so in one sentence, whatever the build is called', async () => {
		const link = join(built.folder, 'current');
		symlinkSync(join(built.folder, 'build'), link, 'dir');
		for (const script of ['build', 'build/index.js', './build/index', 'current', link]) {
			await using starting = spawnApp({
				args: [script],
				cwd: built.folder,
				env: { PORT: 'abc' }
			});
			expect(await starting.exited).toBe(1);
			expect(starting.output()).toBe(
				'[svelte-adapter-ws] The environment variable PORT has a value that cannot be used ' +
					'("abc"). Set it to a whole number from 0 to 65535.\n'
			);
		}
	});

	test('a script that imports the server is given the error', async () => {
		await using starting = spawnApp({
			args: ['script.js'],
			cwd: built.folder,
			env: { PORT: 'abc' }
		});
		expect(await starting.exited).toBe(0);
		expect(starting.output()).toMatch(/^caught bad_env \[svelte-adapter-ws\] The environment/);
	});
});
