import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectClient, refusal } from '../../support/client.ts';
import { editableApp, type EditableApp } from '../../support/dev-app.ts';
import { runApp, spawnApp } from '../../support/server.ts';

const vitest = fileURLToPath(new URL('../../../node_modules/vitest/vitest.mjs', import.meta.url));

const hookFile = `
	import { defineWebSocket } from 'svelte-adapter-ws/server';
	export const websocket = defineWebSocket({
		'/echo': { message: (peer, message) => void peer.send(message.text()) },
		'/pending': { upgrade: () => new Promise(() => {}) }
	});`;

/** Somebody's own server, with Vite inside. The plugins are made once, whatever restarts. */
const script = (server: string) => `
	import { createServer as createHttpServer } from 'node:http';
	import { sveltekit } from '@sveltejs/kit/vite';
	import adapterWs from 'svelte-adapter-ws';
	import { createServer } from 'vite';
	const parent = createHttpServer((req, res) => {
		const answer = (value) => res.end(JSON.stringify(value));
		const count = () => ['upgrade', 'close'].map((name) => parent.listenerCount(name));
		if (req.url === '/listeners') return answer(count());
		if (req.url === '/close') return vite.close().then(() => answer(count()));
		if (req.url === '/restart') return vite.restart().then(() => answer(count()));
		vite.middlewares(req, res);
	});
	const vite = await createServer({ ${server} });
	parent.listen(0, '127.0.0.1', () => console.log('Listening on http://127.0.0.1:' + parent.address().port));`;

const inParent = 'server: { middlewareMode: { server: parent }, ws: { server: parent } }';

describe.concurrent('in middleware mode', () => {
	let app: EditableApp;

	beforeAll(async () => {
		app = await editableApp({
			'src/websocket.ts': hookFile,
			'src/routes/size/+server.ts': `
				import { websockets } from 'svelte-adapter-ws/server';
				export const GET = () => new Response(String(websockets.size));`,
			'src/own.test.ts': `
				import { expect, test } from 'vitest';
				import { websocket } from './websocket';
				test('the hook file has its paths', () => expect(Object.keys(websocket)).toHaveLength(2));`,
			'alone.js': script('server: { middlewareMode: true, ws: false }'),
			'inside.js': script(inParent),
			'inline.js': script(
				`configFile: false, plugins: [sveltekit({ adapter: adapterWs() })], ${inParent}`
			)
		});
	});

	afterAll(() => app[Symbol.asyncDispose]());

	const run = (file: string) =>
		runApp({ args: [file], cwd: app.folder, env: { NO_COLOR: '1', NODE_ENV: 'development' } });

	const off =
		'[svelte-adapter-ws] Sockets are off: in middleware mode Vite has no server to which they could connect. ' +
		'Give it yours with server: { middlewareMode: { server } }.';
	const ourLines = (output: string) => output.match(/.*svelte-adapter-ws].*/g) ?? [];

	test('without a server there are no sockets, which is said with the first page; pages come as ever', async () => {
		await using server = await run('alone.js');
		expect((await fetch(`${server.url}/@vite/client`)).status).toBe(200);
		expect(ourLines(server.output())).toEqual([]);
		for (let count = 0; count < 2; count += 1) {
			const response = await fetch(server.url, { headers: { accept: 'text/html' } });
			expect(await response.text()).toContain('<h1>hello</h1>');
		}
		expect((await fetch(`${server.url}/echo`)).status).toBe(404);
		await server.printed(/Sockets are off/);
		expect(ourLines(server.output())).toEqual([off]);
	});

	test('so do the tests of an app run, which need none: nothing is said', async () => {
		await using tests = spawnApp({
			args: [vitest, 'run', '--reporter=verbose'],
			cwd: app.folder,
			env: { NO_COLOR: '1' }
		});
		expect(await tests.exited, tests.output()).toBe(0);
		expect(tests.output()).toContain('the hook file has its paths');
		expect(ourLines(tests.output())).toEqual([]);
	});

	test.each(['inside.js', 'inline.js'])(
		'with a server (%s) sockets are there, also after a restart, and nothing is left behind',
		async (file) => {
			await using server = await run(file);
			const get = async (path: string): Promise<unknown> => (await fetch(server.url + path)).json();
			const expectEcho = async () => {
				await using client = await connectClient(`${server.url}/echo`);
				client.send('hi');
				expect(await client.message()).toBe('hi');
				expect(await get('/size')).toBe(1);
				await client.close();
			};
			await expectEcho();
			expect(await refusal(`${server.url}/nothing`)).toEqual({
				status: 404,
				body: 'No socket here'
			});
			await using updates = await connectClient(server.url, { protocols: ['vite-hmr'] });
			expect(await updates.json()).toEqual({ type: 'connected' });
			await using open = await connectClient(`${server.url}/echo`);
			const pending = refusal(`${server.url}/pending`).catch((error: Error) => error.message);
			const before = await get('/listeners');
			expect(await get('/restart')).toEqual(before);
			expect((await open.closed).code).toBe(1006);
			expect(await pending).toBe('socket hang up');
			await expectEcho();
			expect(await get('/close')).toEqual([0, 0]);
		}
	);
});
