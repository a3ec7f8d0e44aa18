import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openClient, refusal } from '../support/client.ts';
import { editableApp, type Files } from '../support/dev-app.ts';
import { kit2Folder } from '../support/kit2.ts';
import { runApp } from '../support/server.ts';

const config = (plugins: string): Files => ({
	'svelte.config.js': `
		import adapterWs from 'svelte-adapter-ws';
		export default {
			kit: { adapter: adapterWs(), experimental: { instrumentation: { server: true } } }
		};`,
	'src/instrumentation.server.ts': `
		import { counter } from '$lib/counter';
		globalThis.instrumented = counter.count;`,
	'src/lib/note.txt': 'a note that the server reads',
	'src/routes/note/+server.ts': `
		import { read } from '$app/server';
		import note from '$lib/note.txt?url&no-inline';
		export const GET = async () => new Response((await read(note).text()) + globalThis.instrumented);`,
	'vite.config.ts': `
		import { sveltekit } from '@sveltejs/kit/vite';
		import { websockets } from 'svelte-adapter-ws/vite';
		import { defineConfig } from 'vite';
		export default defineConfig({ plugins: [${plugins}] });`,
	'src/routes/+page.server.ts': `
		import { PUBLIC_NAME } from '$env/static/public';
		import { counter } from '$lib/counter';
		export const load = ({ url }) => ({ origin: url.origin, name: PUBLIC_NAME, count: counter.count });`,
	'src/routes/+page.svelte': `
		<script>let { data } = $props();</script>
		<p>{data.origin} {data.name} {data.count}</p>`,
	'src/lib/counter.ts': 'export const counter = { count: 0 };',
	'.env': 'PUBLIC_NAME=public\nSECRET=private',
	'src/websocket.ts': `
		import { env } from '$env/dynamic/private';
		import { PUBLIC_NAME } from '$env/static/public';
		import { getRequestEvent } from '$app/server';
		import { counter } from '$lib/counter';
		import { defineWebSocket } from 'svelte-adapter-ws/server';
		export const websocket = defineWebSocket({
			'/hello': {
				upgrade: () => ({ path: getRequestEvent().url.href }),
				open(peer) {
					counter.count += 1;
					peer.send([PUBLIC_NAME, env.SECRET, peer.data.path].join(' '));
				}
			}
		});`
});

/** An endpoint whose body fails at its first byte. */
const broken = `interface Failure { message: string }
const failure: Failure = { message: 'broken' };
export function GET() {
	const pull = () => { throw new Error(failure.message); };
	return new Response(new ReadableStream({ pull }));
}`;

/** Sockets without a hook file. */
const action = `
	import { websockets } from 'svelte-adapter-ws/server';
	export const actions = { open: (event) => ({ url: websockets.use(event, (peer) => peer.send('hello')) }) };`;

test.each([
	['a hook file', {}],
	[
		'sockets that its actions make',
		{ 'src/websocket.ts': undefined, 'src/routes/+page.server.ts': action }
	]
])(
	'the build of an app with %s, and without the plugin, stops with the line that is missing',
	async (_, changes) => {
		const files = Object.entries({ ...config('sveltekit()'), ...changes });
		const given = files.filter((file): file is [string, string] => file[1] !== undefined);
		await using app = await editableApp(Object.fromEntries(given), kit2Folder);
		const output = await app.build();
		expect(output).toContain('SvelteKit 2 lets no adapter bring plugins');
		expect(output).toContain('plugins: [sveltekit(), websockets()]');
	}
);

test('an app without sockets needs no plugin', async () => {
	const { 'src/websocket.ts': _, ...files } = config('sveltekit()');
	const vite =
		files['vite.config.ts']?.replace('plugins', 'build: { sourcemap: true }, plugins') ?? '';
	await using app = await editableApp(
		{ ...files, 'vite.config.ts': vite, 'src/routes/broken/+server.ts': broken },
		kit2Folder
	);
	expect(await app.build()).toContain('done');
	const env = { ORIGIN: 'https://chat.example' };
	await using server = await runApp({ args: ['build'], cwd: app.folder, env });
	const page = await fetch(server.url);
	expect([page.status, await page.text()]).toEqual([
		200,
		expect.stringContaining('https://chat.example public 0')
	]);
	expect(await (await fetch(`${server.url}/note`)).text()).toBe('a note that the server reads0');
	expect((await fetch(`${server.url}/nowhere`)).status).toBe(404);
	expect(await refusal(`${server.url}/hello`)).toMatchObject({ status: 404 });
	await fetch(`${server.url}/broken`);
	expect(await server.printed(/GET \/broken failed/)).toContain('src/routes/broken/+server.ts:4:');
});

test('an app runs under ORIGIN, and its hook has $lib, $env and $app/server, and shares modules with pages; browsers get no source maps', async () => {
	await using app = await editableApp(config('sveltekit(), websockets()'), kit2Folder);
	expect(await app.build()).toContain('done');
	const built = await readdir(join(app.folder, 'build'), { recursive: true });
	const maps = built.filter((file) => file.endsWith('.map'));
	expect(maps.length).toBeGreaterThan(0);
	expect(maps.filter((file) => file.startsWith('client'))).toEqual([]);
	const env = { ORIGIN: 'https://chat.example', SECRET: 'at run time' };
	await using server = await runApp({ args: ['build'], cwd: app.folder, env });
	await using client = await openClient(server.port, { path: '/hello' });
	expect(await client.message()).toBe('public at run time https://chat.example/hello');
	const page = await (await fetch(server.url)).text();
	expect(page).toContain('https://chat.example public 1');
	const note = await (await fetch(`${server.url}/note`)).text();
	expect(note).toBe('a note that the server reads0');
});

test('an app keeps the options of SvelteKit in vite.config, and websockets() may stand before sveltekit()', async () => {
	const { 'svelte.config.js': _, ...files } = config('websockets(), [sveltekit(options)]');
	const vite = `
		import adapterWs from 'svelte-adapter-ws';
		const options = {
			adapter: adapterWs(),
			paths: { base: '/base' },
			csrf: { checkOrigin: false },
			experimental: { instrumentation: { server: true } }
		};
		${files['vite.config.ts']}`;
	await using app = await editableApp({ ...files, 'vite.config.ts': vite }, kit2Folder);
	expect(await app.build()).toContain('done');
	await using server = await runApp({ args: ['build'], cwd: app.folder });
	await using client = await openClient(server.port, { path: '/base/hello' });
	expect(await client.message()).toContain(`/base/hello`);
	// Kit says of this that it is the same as to trust everybody
	const headers = { origin: 'https://anywhere.example' };
	await using foreign = await openClient(server.port, { path: '/base/hello', headers });
	expect(await foreign.message()).toContain(`/base/hello`);
});

test('a bad ORIGIN stops the start', async () => {
	await using app = await editableApp(config('sveltekit(), websockets()'), kit2Folder);
	await app.build();
	const env = { ORIGIN: 'chat.example' };
	await expect(runApp({ args: ['build'], cwd: app.folder, env })).rejects.toThrow(
		'The environment variable ORIGIN has a value that cannot be used ("chat.example")'
	);
});
