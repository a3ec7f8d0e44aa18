import { WebSocket } from 'ws';
import { describe, expect, it } from 'vitest';
import { connectClient, openClient, refusal } from '../../support/client.ts';
import { editableApp } from '../../support/dev-app.ts';
import { runApp, spawnApp } from '../../support/server.ts';

const hook = 'src/websocket.ts';

/** Answers requests and handshakes of its own, with its version. */
const hooks = (version: string, setup = '') => `
	import { WebSocketServer } from 'ws';
	import { defineWebSocket } from 'svelte-adapter-ws/server';
	export const websocket = defineWebSocket({
		'/own': { open: (peer) => void peer.send('own ${version}') }
	});
	export const setup = ({ engine, app, server }) => {
		console.log('set up ${version} on', engine, Boolean(app), Boolean(server));
		${setup}
		if (!server) return;
		const before = server.listeners('request');
		server.removeAllListeners('request');
		server.on('request', (req, res) => {
			if (req.url === '/theirs') res.end('theirs ${version}');
			else for (const listener of before) listener.call(server, req, res);
		});
		const theirs = new WebSocketServer({ noServer: true });
		server.on('upgrade', (req, socket, head) => {
			if (req.url !== '/theirs') return;
			theirs.handleUpgrade(req, socket, head, (ws) => ws.send('theirs ${version}'));
		});
		return () => {
			for (const client of theirs.clients) client.close(1001);
			server.close();
			console.log('undone ${version}');
		};
	};`;

async function greeting(url: string): Promise<string> {
	await using client = await connectClient(url);
	return String(await client.message());
}

const get = async (url: string) => await (await fetch(url)).text();

describe('setup in dev', () => {
	it('is called before the first handshake, be it for somebody else', async () => {
		await using app = await editableApp({ [hook]: hooks('one') });
		await using server = await app.vite('dev');
		expect(await greeting(`${server.url}/theirs`)).toBe('theirs one');
		expect(await greeting(`${server.url}/own`)).toBe('own one');
		expect(await get(`${server.url}/theirs`)).toBe('theirs one');
		expect(await get(server.url)).toContain('hello');
		expect(server.output()).toContain('set up one on node false true');
	});

	it('is undone and called again when the file was saved, and Vite serves on', async () => {
		await using app = await editableApp({ [hook]: hooks('one') });
		await using server = await app.vite('dev');
		const socket = new WebSocket(`${server.url.replace('http', 'ws')}/theirs`);
		const left = new Promise((resolve) => void socket.on('close', resolve));
		await new Promise((resolve) => void socket.on('message', resolve));
		await app.write(hook, hooks('two'));
		expect(await left).toBe(1001);
		await server.printed(/undone one\n[^]*set up two/);
		expect(await greeting(`${server.url}/theirs`)).toBe('theirs two');
		expect(await get(`${server.url}/theirs`)).toBe('theirs two');
		expect(await greeting(`${server.url}/own`)).toBe('own two');
	});

	it('that fails is said, and what it should have made is not there until it is mended', async () => {
		await using app = await editableApp({ [hook]: hooks('one', `throw new Error('not today');`) });
		await using server = await app.vite('dev');
		await get(server.url);
		await server.printed(/setup of src\/websocket has failed \(Error: not today\)/);
		expect((await refusal(`${server.url}/theirs`)).status).toBe(404);
		await app.write(hook, hooks('two'));
		await server.printed(/set up two/);
		expect(await greeting(`${server.url}/theirs`)).toBe('theirs two');
	});
});

describe('setup of a build', () => {
	it('is not called by the build; by the server once, and undone at its end', async () => {
		await using app = await editableApp({ [hook]: hooks('one') });
		expect(await app.build()).not.toContain('set up');
		await using server = spawnApp({
			args: ['build'],
			cwd: app.folder,
			env: { ENGINE: 'node', PORT: '0', HOST: '127.0.0.1', PROTOCOL_HEADER: 'x-forwarded-proto' }
		});
		const output = await server.printed(/Listening on \S+:(\d+)/);
		expect(output).toMatch(/^set up one on node false true\nListening/);
		const url = /http:\S+/.exec(output)?.[0] ?? '';
		expect(await greeting(`${url}/theirs`)).toBe('theirs one');
		expect(await get(`${url}/theirs`)).toBe('theirs one');
		server.signal('SIGTERM');
		expect(await server.exited).toBe(0);
		expect(server.output()).toMatch(/undone one\n$/);
	});

	it.each(['node', 'uws'])('stops the start on %s where it fails', async (ENGINE) => {
		await using app = await editableApp({ [hook]: hooks('one', `throw new Error('not today');`) });
		await app.build();
		await using server = spawnApp({ args: ['build'], cwd: app.folder, env: { ENGINE, PORT: '0' } });
		expect(await server.exited).toBe(1);
		expect(server.output()).toMatch(
			/\[svelte-adapter-ws\] setup of src\/websocket has failed \(Error: not today\)/
		);
		expect(server.output()).not.toContain('Listening');
	});
});

describe('setup in a server of somebody else', () => {
	const script = (attaching: string) => `
		import { createServer } from 'node:http';
		import { attach, close, handler } from './build/handler.js';
		const server = createServer(handler);
		${attaching}
		server.listen(0, '127.0.0.1', () => console.log('Listening on http://127.0.0.1:' + server.address().port));
		process.once('SIGTERM', async () => {
			server.close();
			await close();
		});`;

	it('is called by attach, once, and undone by close', async () => {
		await using app = await editableApp({ [hook]: hooks('one') });
		await app.build();
		await app.write('custom.js', script('attach(server); attach(server);'));
		await using server = await runApp({
			args: ['custom.js'],
			cwd: app.folder,
			env: { PROTOCOL_HEADER: 'x-forwarded-proto' }
		});
		expect(await greeting(`${server.url}/theirs`)).toBe('theirs one');
		expect(await get(`${server.url}/theirs`)).toBe('theirs one');
		expect(server.output().match(/set up/g)).toHaveLength(1);
		server.signal('SIGTERM');
		expect(await server.exited).toBe(0);
		expect(server.output()).toMatch(/undone one\n$/);
	});

	it('that waits for ever when it is undone keeps close no longer than it may take', async () => {
		await using app = await editableApp({
			[hook]: hooks('one', 'return () => new Promise(() => {});')
		});
		await app.build();
		const closing = `await close({ timeout: 0.5 }); console.log('closed');`;
		await app.write('custom.js', script('attach(server);').replace('await close();', closing));
		await using server = await runApp({ args: ['custom.js'], cwd: app.folder });
		await using client = await openClient(server.port, { path: '/own' });
		expect(await client.message()).toBe('own one');
		server.signal('SIGTERM');
		expect((await client.closed).code).toBe(1001);
		expect(await server.exited).toBe(0);
		expect(server.output()).toContain('closed');
	});

	it('is missed where nothing is attached, which is said once', async () => {
		await using app = await editableApp({ [hook]: hooks('one') });
		await app.build();
		await app.write('custom.js', script(''));
		await using server = await runApp({ args: ['custom.js'], cwd: app.folder });
		await get(server.url);
		await get(server.url);
		expect(server.output().match(/setup of src\/websocket was not called/g)).toHaveLength(1);
	});
});
