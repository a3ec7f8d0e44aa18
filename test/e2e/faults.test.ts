import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { runApp, type RunningApp } from '../support/server.ts';
import { engines, faultsBuild } from './chat.ts';
import { connectClient, type Client, refusal } from '../support/client.ts';

describe.each(engines)('on %s', (engine) => {
	let app: RunningApp;
	/** A socket that has nothing to do with what goes wrong. */
	let bystander: Client;

	beforeAll(async () => {
		app = await runApp({ args: [faultsBuild], env: { ENGINE: engine } });
		bystander = await connectClient(`${app.url}/echo`);
	});

	afterAll(async () => {
		await bystander?.close();
		await app?.[Symbol.asyncDispose]();
	});

	afterEach(async ({ task }) => {
		expect(app.isRunning).toBe(true);
		await expect.poll(countPeers).toBe(1);
		expect(await echoed(bystander, `after ${task.id}`)).toBe(true);
	});

	test('a one-time URL opens one socket, for the request it was made for, and no second one', async () => {
		const urlFor = async (name: string) => (await fetch(`${app.url}/once?name=${name}`)).text();
		const [ada, grace] = await Promise.all([urlFor('Ada'), urlFor('Grace')]);
		expect(ada).toMatch(new RegExp(`^wss://127\\.0\\.0\\.1:${app.port}/_/connect/[\\w-]{55}$`));
		const path = (url: string) => app.url + new URL(url).pathname;
		const probe = await fetch(path(ada), { headers: { 'x-websocket-probe': '1' } });
		expect(probe.status).toBe(204);
		await using first = await connectClient(path(ada));
		await using second = await connectClient(path(grace));
		expect(await first.message()).toBe('hello Ada');
		expect(await second.message()).toBe('hello Grace');
		expect(await refusal(path(ada))).toMatchObject({ status: 404 });
		expect(await refusal(`${app.url}/_/connect/guess`)).toMatchObject({ status: 404 });
	});

	test('a path that is added at run time: sockets stay when its handler is replaced, and go when it is closed', async () => {
		const ask = async (method: string, query = '') =>
			(
				await fetch(`${app.url}/endpoint${query}`, {
					method,
					headers: { 'content-type': 'application/json' }
				})
			).text();
		expect(await refusal(`${app.url}/live/Ada`)).toMatchObject({ status: 404 });
		expect(await ask('PUT', '?version=one')).toBe('0');
		await using ada = await connectClient(`${app.url}/live/Ada`);
		await using grace = await connectClient(`${app.url}/live/Grace`);
		ada.send('hi');
		expect(await ada.message()).toBe('one Ada hi');
		expect(await refusal(`${app.url}/live/Linus`)).toMatchObject({ status: 503 });

		expect(await ask('PUT', '?version=two')).toBe('2');
		ada.send('hi');
		expect(await ada.message()).toBe('two Ada hi');
		expect(await ask('POST', '?text=news')).toBe('2');
		expect(await ada.message()).toBe('news');
		expect(await grace.message()).toBe('news');

		await ask('DELETE');
		expect(await ada.closed).toEqual({ code: 4000, reason: 'over' });
		expect(await grace.closed).toEqual({ code: 4000, reason: 'over' });
		expect(await refusal(`${app.url}/live/Ada`)).toMatchObject({ status: 404 });
	});

	test('a plain request for a socket path that has no page is told what is there', async () => {
		const response = await fetch(`${app.url}/echo`);
		expect(response.status).toBe(426);
		expect(response.headers.get('upgrade')).toBe('websocket');
		expect((await fetch(`${app.url}/nowhere`)).status).toBe(404);
		expect((await fetch(`${app.url}/peers`)).status).toBe(200);
	});

	describe.for(['sync', 'async'])('a hook that throws (%s)', (how) => {
		test('in upgrade: the client gets a 500 that tells nothing', async () => {
			const { status, body } = await refusal(`${app.url}/upgrade/${how}`);
			expect(status).toBe(500);
			expect(body).not.toContain('broke');
			await expectOneLine(`upgrade broke ${how}`);
		});

		test('in open: that socket ends with 1011', async () => {
			await using client = await connectClient(`${app.url}/open/${how}`);
			const line = await expectOneLine(`open broke ${how}`);
			expect(line).toContain('[svelte-adapter-ws] The websocket hook open of /open/[how] failed');
			expect(await client.closed).toMatchObject({ code: 1011 });
		});

		test('in message: the socket lives on', async () => {
			await using client = await connectClient(`${app.url}/message/${how}`);
			client.send('hello');
			const line = await expectOneLine(`message broke ${how}`);
			expect(line).toContain('The websocket hook message of /message/[how] failed');
			expect(client.isOpen).toBe(true);
		});

		test('in close: the peer is gone all the same', async () => {
			const client = await connectClient(`${app.url}/close/${how}`);
			await client.close();
			const line = await expectOneLine(`close broke ${how}`);
			expect(line).toContain('The websocket hook close of /close/[how] failed');
		});

		test('in error: that is what the log says', async () => {
			await using client = await connectClient(`${app.url}/error/${how}`);
			client.send('hello');
			const line = await expectOneLine(`error broke ${how}`);
			expect(line).toContain('The websocket hook error of /error/[how] failed');
			expect(client.isOpen).toBe(true);
		});
	});

	test('a message that is not JSON is a line in the log, and the next one is read', async () => {
		await using client = await connectClient(`${app.url}/json`);
		client.send('{ not json');
		const line = await expectOneLine('The websocket hook message of /json failed');
		expect(line).toContain('SyntaxError');
		client.send('{"a":1}');
		await expect.poll(() => client.received).toEqual(['{"received":{"a":1}}']);
	});

	test('an error hook gets the error, and the log stays silent', async () => {
		await using client = await connectClient(`${app.url}/handled`);
		client.send('hello');
		await expect.poll(() => client.received).toEqual(['error got: Error: handled broke sync']);
		expect(linesWith('handled')).toEqual([]);
	});

	test('an upgrade that waits opens with what it returns', async () => {
		await using client = await connectClient(`${app.url}/slow`);
		await expect.poll(() => client.received).toEqual(['{"waited":300}']);
	});

	test('a page that throws is a 500 that tells nothing, and one line in the log', async () => {
		const response = await fetch(`${app.url}/broken/page`);
		expect(response.status).toBe(500);
		expect(await response.text()).not.toContain('the page broke');
		await expectOneLine('the page broke');
	});

	test('the first chunk of a slow stream arrives at once', async () => {
		const response = await fetch(`${app.url}/streams/slow?reader`);
		const reader = response.body?.getReader();
		const first = await reader?.read();
		expect(Buffer.from(first?.value ?? []).toString()).toBe('tick 0\n');
		await reader?.cancel();
		await app.printed(/cancelled: slow stream \?reader/);
	});

	test('a stream that fails in the middle is cut, never completed', async () => {
		const response = await fetch(`${app.url}/streams/broken`);
		expect(response.status).toBe(200);
		await expect(response.text()).rejects.toThrow();
		const line = await expectOneLine('the stream broke');
		expect(line).toContain('[svelte-adapter-ws] GET /streams/broken failed');
	});

	describe('a client that vanishes', () => {
		test('in the middle of a response: the stream is cancelled, the request aborted', async () => {
			const start = app.output().length;
			const socket = await request('GET /streams/slow?vanished');
			await once(socket, 'data');
			socket.destroy();
			await app.printed(/cancelled: slow stream \?vanished/);
			await app.printed(/aborted: slow stream \?vanished/);
			await expectOneLine(
				'A client left before its response was complete (GET /streams/slow).',
				start
			);
			expect(linesWith('?vanished')).toHaveLength(2);
		});

		test('in the middle of an event stream: it is cancelled, and the log stays silent', async () => {
			const socket = await request('GET /streams/events?vanished-events');
			await once(socket, 'data');
			socket.destroy();
			await app.printed(/cancelled: event stream \?vanished-events/);
			await answers();
			expect(linesWith('vanished-events')).toEqual(['cancelled: event stream ?vanished-events']);
		});

		test('in the middle of an upload: the endpoint does not wait for the rest', async () => {
			const socket = await request('POST /upload?vanished-upload', {
				'content-length': '400000',
				'content-type': 'application/octet-stream'
			});
			socket.write(Buffer.alloc(1000));
			await app.printed(/receiving: \?vanished-upload/);
			socket.destroy();
			await expectOneLine('A client left before its response was complete (POST /upload).');
		});

		test('in the middle of the handshake: nothing opens', async () => {
			const socket = await request('GET /slow?vanished-handshake&ms=20000', handshake);
			await app.printed(/waiting: \?vanished-handshake/);
			socket.destroy();
			await expectOneLine('A client left during the handshake (GET /slow).');
			expect(await countPeers()).toBe(1);
		});

		test('without a word while its socket is open: the peer is gone', async () => {
			const socket = await request('GET /echo', handshake);
			await once(socket, 'data');
			await expect.poll(countPeers).toBe(2);
			socket.destroy();
			await expect.poll(countPeers).toBe(1);
		});

		test('many at once, in the middle of everything: what is left is the one who stayed', async () => {
			const heads = [
				'GET /streams/slow?many',
				'GET /streams/events?many',
				'GET /slow?many&ms=20000'
			];
			const sockets = await Promise.all(
				Array.from({ length: 60 }, (_, index) => {
					const head = heads[index % heads.length] ?? '';
					return request(
						head,
						head.includes('/slow?') && !head.includes('streams') ? handshake : {}
					);
				})
			);
			await expect.poll(() => linesWith('waiting: ?many').length).toBe(20);
			const before = linesWith('A client left').length;
			for (const socket of sockets) socket.destroy();
			await expect
				.poll(() => linesWith('A client left').length - before, { timeout: 10_000 })
				.toBe(40);
			await answers();
		});
	});

	const handshake = {
		connection: 'Upgrade',
		upgrade: 'websocket',
		'sec-websocket-version': '13',
		'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ=='
	};

	/** The head of a request on a connection of its own. */
	async function request(line: string, headers: Record<string, string> = {}): Promise<Socket> {
		const socket = connect(app.port, '127.0.0.1');
		socket.on('error', () => {});
		await once(socket, 'connect');
		const fields = Object.entries({ host: `127.0.0.1:${app.port}`, ...headers });
		const head = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
		socket.write(`${line} HTTP/1.1\r\n${head}\r\n`);
		return socket;
	}

	async function answers(): Promise<void> {
		const response = await fetch(app.url);
		expect(response.status).toBe(200);
		expect(await response.text()).toContain('Faults');
	}

	async function countPeers(): Promise<number> {
		const response = await fetch(`${app.url}/peers`);
		return ((await response.json()) as { peers: number }).peers;
	}

	/** Whether the socket is open and its messages come back. */
	async function echoed(client: Client, message: string): Promise<boolean> {
		client.send(message);
		await expect.poll(() => client.received.at(-1)).toBe(message);
		return client.isOpen;
	}

	/** @param start how much of the output is passed over */
	function linesWith(text: string, start = 0): string[] {
		return app
			.output()
			.slice(start)
			.split('\n')
			.filter((line) => line.includes(text));
	}

	/** Waits for the line; after a further request is answered there is still no second one. */
	async function expectOneLine(text: string, start = 0): Promise<string> {
		await expect.poll(() => linesWith(text, start)).toHaveLength(1);
		await answers();
		expect(linesWith(text, start)).toHaveLength(1);
		return linesWith(text, start)[0] ?? '';
	}
});
