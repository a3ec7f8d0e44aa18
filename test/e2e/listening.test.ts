import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { bunBinary } from '../support/bun.ts';
import { createCertificate } from '../support/certificate.ts';
import { spawnApp } from '../support/server.ts';
import { chatBuild, engines, runChat } from './chat.ts';

const cookie = 'name=Ada';

describe.each(engines)('on %s', (engine) => {
	test('TLS in process: pages and sockets with SSL_CERT and SSL_KEY', async () => {
		using certificate = createCertificate();
		const { certPath, keyPath, cert } = certificate;
		await using app = await runChat({ ENGINE: engine, SSL_CERT: certPath, SSL_KEY: keyPath });
		expect(app.output()).toContain(`Listening on https://127.0.0.1:${app.port}`);
		const page = await get({ port: app.port, path: '/about', ca: cert });
		expect(page).toEqual({ status: 200, body: expect.stringContaining('<h1') });
		const socket = new WebSocket(`wss://127.0.0.1:${app.port}/chat/lobby`, {
			ca: cert,
			headers: { cookie, origin: `https://127.0.0.1:${app.port}` }
		});
		await once(socket, 'open');
		socket.send('{ "text": "hello" }');
		const [message] = (await once(socket, 'message')) as [Buffer];
		expect(JSON.parse(message.toString())).toMatchObject({ type: 'message', text: 'hello' });
		socket.terminate();
	});

	test('a unix socket with SOCKET_PATH, which a server that is gone may have left behind', async () => {
		using folder = tempFolder();
		const path = join(folder.path, 'app.sock');
		const run = () => spawnApp({ args: [chatBuild], env: { ENGINE: engine, SOCKET_PATH: path } });
		await using first = run();
		await first.printed(new RegExp(`Listening on ${path} with`));
		expect(await get({ socketPath: path, path: '/about' })).toMatchObject({ status: 200 });
		const socket = new WebSocket(`ws+unix:${path}:/chat/lobby`, {
			headers: { cookie, host: 'localhost' }
		});
		await once(socket, 'open');

		await using second = run();
		expect(await second.exited).toBe(1);
		expect(second.output()).toContain(`Cannot listen on ${path} (EADDRINUSE)`);

		first.signal('SIGKILL');
		await first.exited;
		expect(statSync(path).isSocket()).toBe(true);
		await using third = run();
		await third.printed(/Listening on/);
		expect(await get({ socketPath: path, path: '/about' })).toMatchObject({ status: 200 });

		third.signal('SIGTERM');
		expect(await third.exited).toBe(0);
		expect(existsSync(path)).toBe(false);
	});
});

test('a listening socket from systemd is taken over, on Node, and left when nothing happens for a while', async () => {
	const listening = await listen();
	const { port } = listening.address() as AddressInfo;
	const { fd } = (listening as unknown as { _handle: { fd: number } })._handle;
	const child = spawn('sh', ['-c', 'LISTEN_PID=$$ exec "$0" "$1"', process.execPath, chatBuild], {
		stdio: ['ignore', 'pipe', 'pipe', fd],
		env: { LISTEN_FDS: '1', IDLE_TIMEOUT: '1' }
	});
	// As systemd: it listens, and leaves accepting to the process that it starts.
	listening.close();
	const output = child.stdout ? text(child.stdout) : '';
	const exited = once(child, 'close');
	await expect.poll(() => get({ port, path: '/about' })).toMatchObject({ status: 200 });
	expect(await exited).toEqual([0, null]);
	expect(await output).toContain('Listening on file descriptor 3 with Node');
});

test.each(['auto', 'node'])(
	'a listening socket from systemd is refused by Bun, which would listen elsewhere: %s',
	async (engine) => {
		const script = 'LISTEN_PID=$$ exec "$0" "$1"';
		const child = spawn('sh', ['-c', script, bunBinary, join(chatBuild, 'index.js')], {
			stdio: ['ignore', 'pipe', 'pipe'],
			env: { LISTEN_FDS: '1', ENGINE: engine }
		});
		const errors = text(child.stderr);
		expect(await once(child, 'close')).toEqual([1, null]);
		expect(await errors).toBe(
			'[svelte-adapter-ws] Bun cannot listen on a file descriptor (3). ' +
				'Start the build with Node: "node build".\n'
		);
	}
);

interface Answer {
	status: number | undefined;
	body: string;
}

async function get(options: https.RequestOptions): Promise<Answer> {
	const { request } = options.ca ? https : http;
	const [response] = (await once(request({ host: '127.0.0.1', ...options }).end(), 'response')) as [
		http.IncomingMessage
	];
	return { status: response.statusCode, body: await text(response) };
}

async function listen(): Promise<Server> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	return server;
}

function tempFolder(): { path: string } & Disposable {
	const path = mkdtempSync(join(tmpdir(), 'listening-'));
	return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}
