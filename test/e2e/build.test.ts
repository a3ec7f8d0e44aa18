import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runApp, spawnApp, type RunningApp } from '../support/server.ts';
import { engines, chatBuild, plainHttp, runChat, sayPlainly } from './chat.ts';
import { connectClient, type Client, refusal } from '../support/client.ts';

describe.each(engines)('on %s', (engine) => {
	const ada = { cookie: 'name=Ada' };

	let app: RunningApp;

	beforeAll(async () => {
		app = await runChat({ ENGINE: engine });
	});

	afterAll(async () => {
		await app?.[Symbol.asyncDispose]();
	});

	describe('pages and files', () => {
		test('the start page is rendered', async () => {
			const response = await fetch(app.url);
			expect(response.status).toBe(200);
			expect(response.headers.get('content-type')).toContain('text/html');
			expect(await response.text()).toContain('Come in and say hello');
		});

		test('an asset of the page is immutable, has an ETag, and is not sent twice', async () => {
			const page = await (await fetch(app.url)).text();
			const path = /[^"]+\/immutable\/[^"]+\.js/.exec(page)?.[0] ?? '';
			const url = new URL(path, app.url);
			const response = await fetch(url);
			expect(response.status).toBe(200);
			expect(response.headers.get('content-type')).toContain('javascript');
			expect(response.headers.get('cache-control')).toContain('immutable');
			const etag = response.headers.get('etag') ?? '';
			expect(etag).toMatch(/^(W\/)?".+"$/);

			const again = await fetch(url, { headers: { 'if-none-match': etag } });
			expect(again.status).toBe(304);
			expect(await again.text()).toBe('');
		});

		test('a file is sent in brotli to those who take it, and is the same file', async () => {
			const url = `${app.url}/favicon.svg`;
			const plain = await fetch(url, { headers: { 'accept-encoding': 'identity' } });
			const brotli = await fetch(url, { headers: { 'accept-encoding': 'br' } });
			expect(plain.headers.get('content-encoding')).toBeNull();
			expect(brotli.headers.get('content-encoding')).toBe('br');
			expect(brotli.headers.get('vary')).toContain('Accept-Encoding');
			expect(brotli.headers.get('etag')).not.toBe(plain.headers.get('etag'));
			expect(await brotli.text()).toBe(await plain.text());
		});

		test('a prerendered page is sent as a file', async () => {
			const response = await fetch(`${app.url}/about`);
			expect(response.status).toBe(200);
			expect(response.headers.get('content-type')).toContain('text/html');
			expect(response.headers.get('etag')).not.toBeNull();
			expect(await response.text()).toContain('How it works');
		});

		test('a trailing slash too many leads to the page', async () => {
			const response = await fetch(`${app.url}/about/`, { redirect: 'manual' });
			expect(response.status).toBe(308);
			expect(new URL(response.headers.get('location') ?? '', `${app.url}/about/`).href).toBe(
				`${app.url}/about`
			);
		});

		test('a path that nothing has is the 404 page of the app', async () => {
			const response = await fetch(`${app.url}/nowhere`);
			expect(response.status).toBe(404);
			expect(await response.text()).toContain('Nobody is here');
		});

		test('what is no client file stays where it is', async () => {
			for (const path of [
				'/handoff.js',
				'/../handoff.js',
				'/%2e%2e/handoff.js',
				'/server/env.js'
			]) {
				expect(await statusOf(path)).toBe(404);
			}
		});
	});

	describe('the form', () => {
		test('enters with a cookie, and the cookie opens the room', async () => {
			const response = await enter('Ada');
			expect(response.status).toBe(303);
			expect(response.headers.get('location')).toBe('/chat/lobby');
			const [cookie = ''] = response.headers.getSetCookie();
			expect(cookie).toMatch(/^name=Ada;.*HttpOnly/i);

			const headers = { cookie: cookie.split(';')[0] ?? '' };
			const room = await fetch(`${app.url}/chat/lobby`, { headers });
			expect(room.status).toBe(200);
			expect(await room.text()).toContain('Announce to everybody');
		});

		test('refuses a bad name with the page and its message', async () => {
			const response = await enter('x'.repeat(25));
			expect(response.status).toBe(400);
			expect(response.headers.get('content-type')).toContain('text/html');
			expect(await response.text()).toContain('Please choose a name');
		});

		test('takes nothing from another origin', async () => {
			const response = await enter('Ada', 'https://evil.example');
			expect(response.status).toBe(403);
			expect(response.headers.getSetCookie()).toEqual([]);
		});

		test('a room without a name leads to the form', async () => {
			const response = await fetch(`${app.url}/chat/lobby`, { redirect: 'manual' });
			expect(response.status).toBe(303);
			expect(response.headers.get('location')).toBe('/?room=lobby');
		});
	});

	describe('sockets', () => {
		test('with the cookie a socket opens, of which the room knows who it is', async () => {
			await using client = await connectClient(`${app.url}/chat/lobby`, { headers: ada });
			await sayPlainly(client, 'hello');
			expect(received(client).at(-1)).toMatchObject({ from: 'Ada', text: 'hello' });
		});

		test('without the cookie the handshake is answered 401, with the message of the hook', async () => {
			const answer = await refusal(`${app.url}/chat/lobby`);
			expect(answer).toEqual({
				status: 401,
				body: '{"status":401,"message":"Choose a name first"}'
			});
		});

		test('a page of another origin may not open a socket, even with the cookie', async () => {
			const headers = { ...ada, origin: 'https://evil.example' };
			const { status } = await refusal(`${app.url}/chat/lobby`, headers);
			expect(status).toBe(403);
		});

		test('the page of the app itself may', async () => {
			await using client = await connectClient(`${app.url}/chat/lobby`, {
				headers: { ...ada, origin: app.url }
			});
			expect(client.isOpen).toBe(true);
		});

		test('there is no socket at a path without one, nor in a room that cannot be', async () => {
			expect((await refusal(`${app.url}/nowhere`, ada)).status).toBe(404);
			expect(await refusal(`${app.url}/chat/no%20room`, ada)).toEqual({
				status: 404,
				body: '{"status":404,"message":"There is no such room"}'
			});
		});

		test('POST /api/announce reaches every open socket', async () => {
			await using one = await connectClient(`${app.url}/chat/design`, { headers: ada });
			await using other = await connectClient(`${app.url}/chat/random`, {
				headers: { cookie: 'name=Grace' }
			});
			const response = await fetch(`${app.url}/api/announce`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ text: 'deploy in 5 minutes' })
			});
			expect(await response.json()).toEqual({ subscribers: 2 });
			for (const client of [one, other]) {
				await expect
					.poll(() => received(client).at(-1))
					.toMatchObject({ type: 'announcement', from: 'the server', text: 'deploy in 5 minutes' });
			}
		});

		test('GET /api/visits counts what the socket hook counted: there is one module graph', async () => {
			const before = await visits(app);
			await using one = await connectClient(`${app.url}/chat/lobby`, { headers: ada });
			await using other = await connectClient(`${app.url}/chat/design`, { headers: ada });
			expect([one.isOpen, other.isOpen]).toEqual([true, true]);
			expect(await visits(app)).toBe(before + 2);
		});
	});

	test('the build alone in a folder, with an empty environment, has everything', async () => {
		await using folder = await copyBuild();
		await using alone = await runApp({ args: ['.'], cwd: folder.path, env: { ENGINE: engine } });
		expect((await fetch(alone.url)).status).toBe(200);
		expect((await fetch(`${alone.url}/about`)).status).toBe(200);
		expect((await fetch(`${alone.url}/favicon.svg`)).status).toBe(200);
		await using client = await connectClient(`${alone.url}/chat/lobby`, { headers: ada });
		await sayPlainly(client, 'hello');
		expect(await visits(alone)).toBe(1);
	});

	test('variables that look as if they were meant for another program are a warning', async () => {
		await using running = await runChat({
			...(engine === 'uws' ? { ENGINE: 'postgres' } : { ENGINE: engine }),
			SSL_CERT: '/etc/another/server.pem'
		});
		const lines = running.output().trim().split('\n');
		expect(lines).toHaveLength(engine === 'uws' ? 3 : 2);
		expect(running.output()).toContain('SSL_CERT is ignored, because SSL_KEY is not set');
		expect(running.output()).toContain(`Listening on http://127.0.0.1:${running.port}`);
		if (engine === 'uws') expect(running.output()).toContain('is ignored ("postgres")');
	});

	describe('the end', () => {
		test('on SIGTERM sockets get 1001, a request under way is finished, and the exit code is 0', async () => {
			await using ending = await runChat({ ENGINE: engine, SHUTDOWN_TIMEOUT: '15' });
			await using client = await connectClient(`${ending.url}/chat/lobby`, { headers: ada });
			const announcement = await startAnnouncing(ending, '{ "text": "the last words" }');

			const signalled = Date.now();
			ending.signal('SIGTERM');
			expect((await client.closed).code).toBe(1001);
			await expect(once(connect(ending.port, '127.0.0.1'), 'connect')).rejects.toThrow(
				'ECONNREFUSED'
			);
			expect(ending.isRunning).toBe(true);

			const answer = await announcement.finish();
			expect(answer).toMatch(/^HTTP\/1\.1 200 /);
			expect(await ending.exited).toBe(0);
			expect(Date.now() - signalled).toBeLessThan(15_000);
		});

		test('a signal right after the server has said that it listens is a proper end already', async () => {
			await using ending = await runChat({ ENGINE: engine, SHUTDOWN_TIMEOUT: '15' });
			const signalled = Date.now();
			ending.signal('SIGINT');
			expect(await ending.exited).toBe(0);
			expect(Date.now() - signalled).toBeLessThan(10_000);
		});

		test('a request that never ends is cut after SHUTDOWN_TIMEOUT', async () => {
			await using ending = await runChat({ ENGINE: engine, SHUTDOWN_TIMEOUT: '1' });
			const announcement = await startAnnouncing(ending, '{ "text": "never said" }');
			ending.signal('SIGTERM');
			expect(await announcement.cut()).toBe('');
			expect(await ending.exited).toBe(0);
		});
	});

	describe('a probe of a socket path', () => {
		const probe = async (headers: Record<string, string> = {}, path = '/chat/lobby') => {
			const response = await fetch(`${app.url}${path}`, {
				headers: { 'x-websocket-probe': '1', ...headers },
				redirect: 'manual'
			});
			return { status: response.status, body: await response.text() };
		};

		test('is answered as the handshake would be, and opens nothing', async () => {
			const before = await visits(app);
			expect(await probe({ cookie: 'name=Ada' })).toEqual({ status: 204, body: '' });
			expect(await probe()).toEqual({
				status: 401,
				body: '{"status":401,"message":"Choose a name first"}'
			});
			expect(await probe({ cookie: 'name=Ada', origin: 'https://evil.example' })).toMatchObject({
				status: 403
			});
			expect(await probe({}, '/nowhere')).toMatchObject({ status: 404 });
			expect(await visits(app)).toBe(before);
		});
	});

	describe('a start that fails', () => {
		test('a port that is taken is named, with what to do', async () => {
			const PORT = String(app.port);
			const output = await failedStart({
				args: [chatBuild],
				env: { HOST: '127.0.0.1', PORT, ENGINE: engine }
			});
			expect(output).toBe(
				`[svelte-adapter-ws] Cannot listen on 127.0.0.1:${PORT} (EADDRINUSE). ` +
					'Stop the process that listens there, or choose another place with PORT or SOCKET_PATH.\n'
			);
			expect((await fetch(app.url)).status).toBe(200);
		});

		test.for([
			['PORT', 'abc', 'Set it to a whole number from 0 to 65535.'],
			['PORT', '65536', 'Set it to a whole number from 0 to 65535.'],
			['BODY_SIZE_LIMIT', 'lots', 'Set it to a number of bytes such as 524288, 512K, 10M or 1G,'],
			['SHUTDOWN_TIMEOUT', '-1', 'Set it to a whole number from 0 to 2147483.']
		] as const)('%s=%s is refused with its name, the value and what to do', async (variable) => {
			const [name, value, todo] = variable;
			const output = await failedStart({ args: [chatBuild], env: { PORT: '0', [name]: value } });
			expect(output).toContain(
				`[svelte-adapter-ws] The environment variable ${name} has a value that cannot be used ` +
					`("${value}"). ${todo}`
			);
			expect(output.trim().split('\n')).toHaveLength(1);
		});

		test('without uWebSockets.js a server that may choose says why it runs on Node, in one line', async () => {
			await using folder = await copyBuild({ without: 'node_modules' });
			await using running = await runApp({ args: ['.'], cwd: folder.path });
			const lines = running.output().trim().split('\n');
			expect(lines).toHaveLength(2);
			expect(lines[0]).toContain('uWebSockets.js could not be loaded (Node ');
			expect(lines[0]).toContain('The server runs on Node instead');
			expect(lines[1]).toContain(`with Node ${process.versions.node}`);
		});

		test('without uWebSockets.js the message names Node, the platform and what to do', async () => {
			await using folder = await copyBuild({ without: 'node_modules' });
			const output = await failedStart({
				args: ['.'],
				cwd: folder.path,
				env: { PORT: '0', ENGINE: 'uws' }
			});
			const platform = `Node ${process.versions.node}, ${process.platform}-${process.arch}`;
			expect(output).toMatch(/^\[svelte-adapter-ws\] uWebSockets\.js could not be loaded \(/);
			expect(output).toContain(`(${platform}: it is not installed). Install it with "npm install`);
			expect(output.trim().split('\n')).toHaveLength(1);
		});
	});

	async function statusOf(path: string): Promise<number> {
		const socket = connect(app.port, '127.0.0.1');
		// `fetch` would tidy the path.
		socket.end(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`);
		return Number((await text(socket)).split(' ')[1]);
	}

	function enter(name: string, origin = app.url): Promise<Response> {
		return fetch(`${app.url}/?/enter`, {
			method: 'POST',
			// Whoever takes anything gets Kit's JSON for `use:enhance`.
			headers: { ...plainHttp, origin, accept: 'text/html' },
			body: new URLSearchParams({ name }),
			redirect: 'manual'
		});
	}

	function received(client: Client): unknown[] {
		return client.received.map((message) => JSON.parse(message) as unknown);
	}

	async function visits(of: RunningApp): Promise<number> {
		const response = await fetch(`${of.url}/api/visits`);
		return ((await response.json()) as { visits: number }).visits;
	}

	/** A request whose head and first byte are with the server, and the rest is not. */
	async function startAnnouncing(to: RunningApp, body: string) {
		const socket = connect(to.port, '127.0.0.1');
		await once(socket, 'connect');
		socket.write(
			'POST /api/announce HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n' +
				`content-length: ${body.length}\r\n\r\n${body.slice(0, 1)}`
		);
		// What came earlier on another connection has been read before this is answered.
		await fetch(`${to.url}/api/visits`);
		const answer = text(socket);
		return {
			/** The answer to the whole request. */
			finish(): Promise<string> {
				socket.write(body.slice(1));
				return answer;
			},
			/** What has come when the server cuts the connection. */
			cut: () => answer.catch(() => '')
		};
	}

	/** What `node build` prints when it ends by itself with a code that says that it failed. */
	async function failedStart(options: Parameters<typeof spawnApp>[0]): Promise<string> {
		await using starting = spawnApp(options);
		expect(await starting.exited).toBe(1);
		return starting.output();
	}

	/** A copy of the build where no folder above has a `node_modules`. */
	async function copyBuild({ without }: { without?: string } = {}) {
		const path = await mkdtemp(join(tmpdir(), 'chat-build-'));
		const filter = (source: string) => basename(source) !== without;
		await cp(chatBuild, path, { recursive: true, filter });
		return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
	}
});
