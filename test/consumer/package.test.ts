import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openClient } from '../support/client.ts';
import { runApp } from '../support/server.ts';
import { installPackage } from './packed.ts';

const run = promisify(execFile);

/** What a newcomer writes, and nothing more. uWebSockets.js is not installed. */
const files: Record<string, string> = {
	'package.json': `{ "name": "consumer", "private": true, "type": "module", "dependencies": { "broadcaster": "*" } }`,
	'tsconfig.json': '{ "extends": "$app/tsconfig" }',
	'vite.config.ts': `
		import { sveltekit } from '@sveltejs/kit/vite';
		import adapterWs from 'svelte-adapter-ws';
		import { defineConfig } from 'vite';
		export default defineConfig({ plugins: [sveltekit({ adapter: adapterWs() })] });`,
	'src/app.html':
		'<!doctype html><html lang="en"><head>%sveltekit.head%</head><body>%sveltekit.body%</body></html>',
	'src/routes/+page.svelte': `
		<script lang="ts">
			import { WebSocket } from 'svelte-adapter-ws/client';
			import { socket } from '../socket.svelte.ts';
		</script>
		<h1>hello</h1>
		<p>{socket.status} {socket.last?.text}</p>
		<WebSocket url="/echo/component" data={[1]}>
			{#snippet message(number)}<p>{number.toFixed()}</p>{/snippet}
		</WebSocket>`,
	'src/socket.svelte.ts': `
		import { createWebSocket, webSocketStore } from 'svelte-adapter-ws/client';
		export const socket = createWebSocket<{ text: string }, string>('/echo/Ada');
		const sent: boolean = socket.send(socket.last?.text ?? 'nothing');
		// @ts-expect-error: it sends strings
		socket.send(sent);
		export const { connected } = webSocketStore('/echo/store', { autoConnect: false });
		export const typed = createWebSocket('/typed/[room]', { params: { room: 'lobby' } });
		typed.send({ text: typed.last?.at.trim() ?? 'nothing' });
		// @ts-expect-error: it is called text
		typed.send({ txt: 'hi' });
		// @ts-expect-error: it is called typed
		createWebSocket('/tpyed/[room]', { params: { room: 'lobby' } });`,
	'src/app.d.ts': `
		declare module 'svelte-adapter-ws/client' {
			interface Register { websocket: typeof import('./websocket').websocket }
		}
		export {};`,
	'src/schema.ts': `
		import type { StandardSchemaV1 } from '@standard-schema/spec';
		export const of = <T>(): StandardSchemaV1<T, T> => ({
			'~standard': { version: 1, vendor: 'own', validate: (value) => ({ value: value as T }) }
		});`,
	'src/routes/count/+server.ts': `
		import type { RequestHandler } from '@sveltejs/kit';
		export const GET: RequestHandler = ({ platform }) => new Response(String(platform?.websockets.size));`,
	// A dependency stays outside of the build, with a copy of this package of its own.
	'node_modules/broadcaster/package.json':
		'{ "name": "broadcaster", "type": "module", "exports": "./index.js" }',
	'node_modules/broadcaster/index.js': `
		import { websockets } from 'svelte-adapter-ws/server';
		export const broadcast = (text) => websockets.publish('all', text);
		export const copy = import.meta.resolve('svelte-adapter-ws/server');`,
	'node_modules/broadcaster/index.d.ts': `
		export function broadcast(text: string): void;
		export const copy: string;`,
	'src/routes/broadcast/+server.ts': `
		import { broadcast, copy } from 'broadcaster';
		export function GET(): Response {
			broadcast('from a dependency');
			return new Response(copy);
		}`,
	'src/websocket.ts': `
		import { defineWebSocket } from 'svelte-adapter-ws/server';
		import { of } from './schema';
		export const websocket = defineWebSocket({
			'/typed/[room]': defineWebSocket({
				incoming: of<{ text: string }>(),
				outgoing: of<{ at: Date }>(),
				message: (peer, { value }) => void peer.send({ at: new Date(value.text) })
			}),
			'/echo/[name]': {
				upgrade: async () => ({ greeting: 'hello' }),
				open: (peer) => peer.subscribe('all'),
				message(peer, message) {
					const text: string = peer.data.greeting + ' ' + peer.params.name + ' ' + message.text();
					peer.send(text);
				}
			}
		});`
};

let app = '';

beforeAll(async () => {
	app = mkdtempSync(join(tmpdir(), 'consumer-'));
	for (const [name, content] of Object.entries(files)) {
		mkdirSync(dirname(join(app, name)), { recursive: true });
		writeFileSync(join(app, name), content);
	}
	await installPackage(app);
	cpSync(
		join(app, 'node_modules/svelte-adapter-ws'),
		join(app, 'node_modules/broadcaster/node_modules/svelte-adapter-ws'),
		{ recursive: true }
	);
});

afterAll(() => rmSync(app, { recursive: true, force: true }));

test('the packed package builds an app without uWebSockets.js, says so, and the app runs on Node', async () => {
	const { stdout, stderr } = await node('vite/bin/vite.js', 'build');
	expect(stdout + stderr).toContain(
		'[svelte-adapter-ws] uWebSockets.js cannot be copied into the build'
	);
	await using running = await runApp({ args: ['build'], cwd: app });
	expect(running.output()).toContain('The server runs on Node instead');
	const page = await (await fetch(running.url)).text();
	for (const part of ['<h1>hello</h1>', 'connecting', '<p>1</p>']) expect(page).toContain(part);
	await using client = await openClient(running.port, { path: '/echo/Ada' });
	client.ws.send('there');
	expect(await client.message()).toBe('hello Ada there');
	expect(await (await fetch(`${running.url}/count`)).text()).toBe('1');
	// a second copy of the package has the same registry
	const copy = await (await fetch(`${running.url}/broadcast`)).text();
	expect(copy).toContain('/node_modules/broadcaster/node_modules/svelte-adapter-ws/');
	expect(await client.message()).toBe('from a dependency');
});

test('its types check in an app that has nothing but the package', async () => {
	await node('@sveltejs/kit/svelte-kit.js', 'sync');
	rmSync(join(app, 'build'), { recursive: true, force: true });
	expect(await complaints(node('typescript/bin/tsc', '--noEmit', '-p', '.'))).toBe('');
	await node('svelte-check/bin/svelte-check', '--fail-on-warnings');
});

/** Every entry of the package, as somebody uses it who lets the compiler check everything there is. */
const everyEntry = `
	import adapterWs from 'svelte-adapter-ws';
	import { createWebSocket, webSocketStore, type ReactiveWebSocket } from 'svelte-adapter-ws/client';
	import { defineWebSocket, websockets, type Peer } from 'svelte-adapter-ws/server';
	import { websockets as plugins } from 'svelte-adapter-ws/vite';
	export const chat: ReactiveWebSocket<{ text: string }> = createWebSocket('/chat', { protocols: ['a'], history: 10 });
	export const { status } = webSocketStore<string>(() => null, { signal: AbortSignal.timeout(1), decode: 'text' });
	export const greet = (peer: Peer<undefined>): string => peer.send('hello');
	export const defined = [
		defineWebSocket({ open: (peer) => void peer.send(peer.id) }),
		defineWebSocket({ '/a/[name]': { upgrade: () => ({ at: 1 }), open: (peer) => void peer.send(peer.data.at) } }),
		defineWebSocket({ '/b/[name]': { message: (peer) => void peer.send(peer.params.name) } })
	];
	export const nested = defineWebSocket({
		'/a/[name]': { upgrade: () => ({ at: 1 }), protocols: ['a'], ordered: true, close() {} },
		'/b': defineWebSocket({ error: (peer, error) => console.error(peer.id, error) })
	});
	export const others = [adapterWs({ precompress: false }), plugins(), websockets.size];`;

test('its types check with everything strict, declarations too', async () => {
	const folder = join(app, 'strict');
	mkdirSync(folder);
	writeFileSync(join(folder, 'index.ts'), everyEntry);
	const compilerOptions = {
		target: 'es2023',
		lib: ['esnext', 'dom', 'dom.iterable'],
		module: 'esnext',
		moduleResolution: 'bundler',
		types: ['node'],
		strict: true,
		exactOptionalPropertyTypes: true,
		noPropertyAccessFromIndexSignature: true,
		noUncheckedIndexedAccess: true,
		noImplicitOverride: true,
		verbatimModuleSyntax: true,
		skipLibCheck: false,
		declaration: true,
		noEmit: true
	};
	writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
	expect(await complaints(node('typescript/bin/tsc', '-p', folder))).toBe('');
});

test('those who check packages find nothing to complain of', async () => {
	const pkgDir = join(app, 'node_modules/svelte-adapter-ws');
	const { messages } = await publint({ pkgDir, pack: false, strict: true });
	expect(messages).toEqual([]);
});

/** What a compiler prints. */
async function complaints(checking: Promise<{ stdout: string }>): Promise<string> {
	const { stdout } = await checking.catch((error: { stdout: string }) => error);
	return stdout;
}

function node(script: string, ...args: string[]): Promise<{ stdout: string; stderr: string }> {
	const env = { ...process.env, NODE_ENV: 'production' };
	return run(process.execPath, [resolve('node_modules', script), ...args], { cwd: app, env });
}
