import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { io } from 'socket.io-client';
import { expect, test } from 'vitest';
import { connectClient } from '../support/client.ts';
import { runApp, type RunningApp } from '../support/server.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const build = new URL('./fixtures/custom/build/handler.js', import.meta.url).href;

const says = `
	server.once('listening', () => console.log('Listening on http://localhost:' + server.address().port));`;

/** Run what the documentation shows: the one example that has this in it. */
async function runExample(mark: string, before = ''): Promise<RunningApp> {
	const document = readFileSync(join(root, 'docs/custom-server.md'), 'utf8');
	const examples = [...document.matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code ?? '');
	const found = examples.filter((code) => code.includes(mark));
	expect(found).toHaveLength(1);
	const folder = join(root, '.tmp/custom-docs');
	mkdirSync(folder, { recursive: true });
	const file = join(folder, `${mark.replaceAll(/\W/g, '')}.mjs`);
	writeFileSync(file, (before + found.join() + says).replaceAll('./build/handler.js', build));
	return runApp({ args: [file] });
}

test('the server of the documentation serves, and ends on SIGTERM with all that is open', async () => {
	await using app = await runExample('express.static');
	expect(await (await fetch(`${app.url}/health`)).text()).toBe('ok');
	expect(await (await fetch(app.url)).text()).toContain('<h1>Custom</h1>');
	await using client = await connectClient(`${app.url}/echo`);
	const { body } = await fetch(`${app.url}/news`, { headers: { accept: 'text/event-stream' } });
	const reader = body?.getReader();
	expect((await reader?.read())?.done).toBe(false);
	const cut = expect(reader?.read()).rejects.toThrow();
	app.signal('SIGTERM');
	expect(await client.closed).toEqual({ code: 1001, reason: 'Server is shutting down' });
	await cut;
	expect(await app.exited).toBe(0);
});

test('the listener of the documentation tells the app’s sockets from others', async () => {
	await using app = await runExample(
		'it was for the app',
		`import { createServer } from 'node:http';
		const server = createServer((req, res) => handler(req, res)).listen(Number(process.env.PORT));`
	);
	await using client = await connectClient(`${app.url}/echo`);
	client.send('hi');
	expect(await client.message()).toBe('/echo hi');
	await using theirs = await connectClient(`${app.url}/graphql`);
	expect(await theirs.message()).toBe('hello');
	await expect(connectClient(`${app.url}/nothing`)).rejects.toThrow('hang up');
});

test('the server of the documentation with socket.io, ws and the app has all three on one port', async () => {
	await using app = await runExample('express().use(handler)');
	const socket = io(app.url, { forceNew: true, reconnection: false });
	await new Promise<void>((resolve) => void socket.once('hello', resolve));
	await using theirs = await connectClient(`${app.url}/chat`);
	expect(await theirs.message()).toBe('hello');
	await using client = await connectClient(`${app.url}/echo`);
	client.send('hi');
	expect(await client.message()).toBe('/echo hi');
	expect(await (await fetch(app.url)).text()).toContain('<h1>Custom</h1>');
	expect(socket.connected).toBe(true);
	socket.disconnect();
});
