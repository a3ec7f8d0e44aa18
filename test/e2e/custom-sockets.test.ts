import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { fileURLToPath, pathToFileURL } from 'node:url';
import express from 'express';
import polka from 'polka';
import { Server as SocketIo } from 'socket.io';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import type { AttachedSockets, CustomServer } from '../../src/server/handler.ts';
import { connectClient, refusal } from '../support/client.ts';
import { RawConnection } from '../support/raw.ts';

const json = { 'content-type': 'application/json' };

const build = fileURLToPath(new URL('./fixtures/custom/build/handler.js', import.meta.url));

/** The built app, in this process. */
let app: CustomServer;
let server: Server;
let url: string;
let sockets: AttachedSockets | undefined;
/** What the app says. */
const log = vi.spyOn(console, 'log').mockImplementation(() => {});

beforeAll(async () => {
	app = (await import(pathToFileURL(build).href)) as CustomServer;
});

beforeEach(async () => {
	server = await listen();
	url = urlOf(server);
	sockets = undefined;
});

afterEach(async () => {
	await sockets?.close({ timeout: 0 });
	server.close();
	server.closeAllConnections();
});

async function listen(): Promise<Server> {
	const created = createServer((req, res) => app.handler(req, res)).listen(0, '127.0.0.1');
	await once(created, 'listening');
	return created;
}

function urlOf(listening: Server): string {
	return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
}

async function expectEcho(at: string, path = '/echo'): Promise<void> {
	await using client = await connectClient(at + path);
	client.send('hi');
	expect(await client.message()).toBe(`${path} hi`);
}

function graphql(): WebSocketServer {
	return new WebSocketServer({ noServer: true }).on('connection', (ws) => ws.send('graphql'));
}

async function expectGraphql(): Promise<void> {
	await using client = await connectClient(`${url}/graphql`);
	expect(await client.message()).toBe('graphql');
}

interface News {
	text: string;
	/** Rejects when the stream was cut. */
	ended: Promise<void>;
}

/** An event stream that a subscription feeds, once it has begun. */
async function openNews(): Promise<News> {
	const { body } = await fetch(`${url}/news`, { headers: { accept: 'text/event-stream' } });
	const begun = Promise.withResolvers<void>();
	const read = async () => {
		for await (const chunk of body ?? []) {
			news.text += Buffer.from(chunk).toString();
			begun.resolve();
		}
	};
	const news: News = { text: '', ended: Promise.resolve() };
	news.ended = read();
	news.ended.catch(begun.reject);
	await begun.promise;
	return news;
}

type Upgrade = [req: IncomingMessage, socket: Socket, head: Buffer];

describe('attach', () => {
	test.each(['before', 'after'])('beside ws with a path, which came %s', async (order) => {
		const add = () =>
			new WebSocketServer({ server, path: '/graphql' }).on('connection', (ws) =>
				ws.send('graphql')
			);
		if (order === 'before') add();
		sockets = app.attach(server);
		if (order === 'after') add();
		await expectEcho(url);
		await expectGraphql();
		expect((await refusal(`${url}/nothing`)).status).toBe(400);
	});

	test('beside socket.io', async () => {
		const io = new SocketIo(server);
		sockets = app.attach(server);
		await expectEcho(url);
		await using client = await connectClient(`${url}/socket.io/?EIO=4&transport=websocket`);
		expect(await client.message()).toMatch(/^0\{"sid"/);
		expect((await fetch(`${url}/`)).status).toBe(200);
		await io.close();
	});

	test.each(['before', 'after'])(
		'beside express with socket.io and ws, which came %s',
		async (order) => {
			const both = createServer(express().use((req, res) => app.handler(req, res)));
			const ws = graphql();
			const take = (...upgrade: Upgrade) => {
				if (upgrade[0].url === '/graphql')
					ws.handleUpgrade(...upgrade, (each) => ws.emit('connection', each));
			};
			let io: SocketIo | undefined;
			const add = () => {
				io = new SocketIo(both, { destroyUpgrade: false });
				both.on('upgrade', (req, socket, head) => take(req, socket as Socket, head));
			};
			if (order === 'before') add();
			sockets = app.attach(both);
			if (order === 'after') add();
			await once(both.listen(0, '127.0.0.1'), 'listening');
			const at = urlOf(both);
			await using engine = await connectClient(`${at}/socket.io/?EIO=4&transport=websocket`);
			expect(await engine.message()).toMatch(/^0\{"sid"/);
			await using theirs = await connectClient(`${at}/graphql`);
			expect(await theirs.message()).toBe('graphql');
			await expectEcho(at);
			const polling = await fetch(`${at}/socket.io/?EIO=4&transport=polling`);
			expect(await polling.text()).toMatch(/^0\{"sid"/);
			expect((await fetch(at)).status).toBe(200);
			// It closes the server, which waits for all sockets.
			void io?.close();
		}
	);

	test('finds a socket to which reroute leads, also beside others', async () => {
		sockets = app.attach(server);
		await expectEcho(url, '/de/echo');
		expect(await refusal(`${url}/nothing`)).toEqual({ status: 404, body: 'No socket here' });
		server.on('upgrade', () => {});
		await expectEcho(url, '/de/echo');
	});

	test.each([express(), polka(), createServer, undefined])(
		'refuses what is no server: %o',
		(given: unknown) => {
			expect(() => app.attach(given as Server)).toThrow(/is no server of Node .*app\.listen\(\)/);
		}
	);

	test('of the same server is one', async () => {
		sockets = app.attach(server);
		expect(app.attach(server)).toBe(sockets);
		expect(server.listenerCount('upgrade')).toBe(1);
		await expectEcho(url);
	});
});

describe('upgrade', () => {
	test('takes what is the app’s, and says so', async () => {
		const theirs = graphql();
		const said: [string | undefined, boolean][] = [];
		server.on('upgrade', (...[req, socket, head]: Upgrade) => {
			const isTaken = app.upgrade(req, socket, head);
			said.push([req.url, isTaken]);
			if (!isTaken) theirs.handleUpgrade(req, socket, head, (ws) => theirs.emit('connection', ws));
		});
		await expectEcho(url);
		await expectGraphql();
		expect(said).toEqual([
			['/echo', true],
			['/graphql', false]
		]);
	});

	test('leaves what is no WebSocket, and what only reroute leads to', async () => {
		const said: boolean[] = [];
		server.on('upgrade', (...upgrade: Upgrade) => {
			said.push(app.upgrade(...upgrade));
			upgrade[1].destroy();
		});
		await using connection = await RawConnection.open((server.address() as AddressInfo).port);
		connection.write(
			'GET /echo HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n'
		);
		await connection.closed();
		await expect(connectClient(`${url}/de/echo`)).rejects.toThrow('hang up');
		expect(said).toEqual([false, false]);
	});
});

describe('close', () => {
	test('ends the sockets of that server with 1001, so that the server can close', async () => {
		const other = await listen();
		const others = app.attach(other);
		sockets = app.attach(server);
		await using client = await connectClient(`${url}/echo`);
		await using bystander = await connectClient(`${urlOf(other)}/echo`);
		const closed = once(server, 'close');
		server.close();
		const closing = sockets.close();
		expect(await client.closed).toEqual({ code: 1001, reason: 'Server is shutting down' });
		await closing;
		await closed;
		await sockets.close();
		bystander.send('still here');
		expect(await bystander.message()).toBe('/echo still here');
		await expectEcho(urlOf(other));
		await others.close();
		other.close();
	});

	test('takes no more upgrades: they are requests again, and others have theirs', async () => {
		sockets = app.attach(server);
		await sockets.close();
		expect(server.listenerCount('upgrade')).toBe(0);
		expect((await refusal(`${url}/slow/a`)).status).toBe(426);
		const theirs = graphql();
		server.on('upgrade', (...[req, socket, head]: Upgrade) =>
			theirs.handleUpgrade(req, socket, head, (ws) => theirs.emit('connection', ws))
		);
		await expectGraphql();
	});

	test('may be followed by another attach', async () => {
		await app.attach(server).close();
		sockets = app.attach(server);
		await expectEcho(url);
	});

	test('ends event streams and subscriptions with the last server, until there is another', async () => {
		const other = await listen();
		const others = app.attach(other);
		sockets = app.attach(server);
		const news = await openNews();
		await others.close();
		other.close();
		await fetch(`${url}/news?text=one`, { method: 'POST', headers: json });
		await expect.poll(() => news.text).toContain('data: one');
		await sockets.close();
		await expect(news.ended).rejects.toThrow();
		await expect(openNews()).rejects.toThrow();
		sockets = app.attach(server);
		const again = await openNews();
		await fetch(`${url}/news?text=two`, { method: 'POST', headers: json });
		await expect.poll(() => again.text).toContain('data: two');
	});

	test('cuts those that do not answer, when the time is up', async () => {
		sockets = app.attach(server);
		await using connection = await RawConnection.open((server.address() as AddressInfo).port);
		connection.write(
			'GET /echo HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
				'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
		);
		expect((await connection.response()).status).toBe(101);
		await sockets.close({ timeout: 0.1 });
		await connection.closed();
		server.close();
		await once(server, 'close');
	});

	test('waits for a handshake that is under way, and ends its socket too', async () => {
		sockets = app.attach(server);
		const opening = connectClient(`${url}/slow/late`);
		await expect.poll(() => log.mock.calls).toContainEqual(['asked: late']);
		const closing = sockets.close();
		await fetch(`${url}/release?late`, {
			method: 'POST',
			headers: json
		});
		await using client = await opening;
		expect((await client.closed).code).toBe(1001);
		await closing;
	});

	test('of the app ends what upgrade has taken', async () => {
		server.on('upgrade', (...[req, socket, head]: Upgrade) => {
			if (!app.upgrade(req, socket, head)) socket.destroy();
		});
		await using client = await connectClient(`${url}/echo`);
		const closing = app.close();
		expect((await client.closed).code).toBe(1001);
		await closing;
		await expect(connectClient(`${url}/echo`)).rejects.toThrow('hang up');
	});
});
