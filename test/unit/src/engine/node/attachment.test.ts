import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Server as SocketIo } from 'socket.io';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import type { UpgradeExchange } from '../../../../../src/server/engine/engine.ts';
import type {
	Attachment,
	Neighbourhood
} from '../../../../../src/server/engine/node/attachment.ts';
import { NodeEngine } from '../../../../../src/server/engine/node/index.ts';
import { openClient, refusal } from '../../../../support/client.ts';
import { RawConnection, rawRequest } from '../../../../support/raw.ts';

const socketOptions = {
	maxPayload: 1024,
	idleTimeout: 0,
	maxBackpressure: 1024,
	compression: false
};

const upgradeTo = (path: string, protocol: string, method = 'GET') =>
	`${method} ${path} HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n`;

/** Says `ours` and its name to whoever comes, and knows no path but two. */
function createEngine(name = 'ours'): NodeEngine {
	return new NodeEngine(
		{ sockets: socketOptions },
		{
			request: (exchange) => exchange.send({ status: 200, headers: [] }, Buffer.from('the app')),
			upgrade: (exchange) => answer(exchange, name),
			error: (error) => expect.unreachable(String(error))
		}
	);
}

async function answer(exchange: UpgradeExchange, name: string): Promise<void> {
	if (exchange.target.startsWith('/nothing')) {
		await exchange.send({ status: 404, headers: [] }, Buffer.from(name));
		return;
	}
	if (exchange.target === `/${name}/slow`)
		await new Promise((resolve) => setTimeout(resolve, 1500));
	exchange.accept(
		{ headers: [] },
		{
			open: (socket) => void socket.send(`${name} ${exchange.target}`, false),
			message() {},
			drain() {},
			overflow() {},
			close() {}
		}
	);
}

/** Every path below `/ours` has a name, every one below `/any` has none. */
const isAt = (target: string, name = 'ours') => {
	if (target.startsWith(`/${name}`)) return 'surely';
	return target.startsWith('/any') ? 'perhaps' : undefined;
};

type Upgrade = [req: IncomingMessage, socket: Socket, head: Buffer];

/** Says `theirs` to whoever comes. */
const greet = (server: WebSocketServer) =>
	server.on('connection', (ws, req) => ws.send(`theirs ${req.url}`));

/** Other libraries that take upgrades on a server, each at `/theirs` and below. */
const others: Record<string, (server: Server) => void> = {
	'ws with a path': (server) => void greet(new WebSocketServer({ server, path: '/theirs' })),
	'ws with a listener of its own': (server) => {
		const sockets = greet(new WebSocketServer({ noServer: true }));
		server.on('upgrade', (...[req, socket, head]: Upgrade) => {
			if (!/^\/(theirs|any\/theirs)/.test(req.url ?? '')) return;
			sockets.handleUpgrade(req, socket, head, (ws) => sockets.emit('connection', ws, req));
		});
	},
	'ws with a listener that waits': (server) => {
		const sockets = greet(new WebSocketServer({ noServer: true }));
		server.on('upgrade', (...[req, socket, head]: Upgrade) => {
			if (!req.url?.startsWith('/theirs')) return;
			setTimeout(() => {
				sockets.handleUpgrade(req, socket, head, (ws) => sockets.emit('connection', ws, req));
			}, 200);
		});
	}
};

let server: Server;
let port: number;
let engine: NodeEngine;
let attachments: Attachment[];

beforeEach(async () => {
	server = createServer((req, res) => {
		req.resume().on('end', () => res.end(`own ${req.method} ${req.url}`));
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	({ port } = server.address() as AddressInfo);
	engine = createEngine();
	attachments = [];
});

afterEach(() => {
	vi.useRealTimers();
	engine.close();
	for (const each of attachments) each.detach();
	server.close();
	server.closeAllConnections();
});

function attach(neighbourhood: Partial<Neighbourhood> = {}, to = engine): Attachment {
	const attachment = to.attach(server, { isAt, ...neighbourhood });
	if (attachment === undefined) throw new Error('Sockets are off');
	attachments.push(attachment);
	return attachment;
}

async function greeting(path: string): Promise<unknown> {
	await using client = await openClient(port, { path });
	return await client.message();
}

describe.each(Object.keys(others))('beside %s', (name) => {
	it.each(['before', 'after'])('that came %s, both take what is theirs', async (order) => {
		if (order === 'before') others[name]?.(server);
		attach();
		if (order === 'after') others[name]?.(server);
		expect(await greeting('/ours')).toBe('ours /ours');
		expect(await greeting('/theirs')).toBe('theirs /theirs');
		expect(await greeting('/ours')).toBe('ours /ours');
	});
});

describe('beside socket.io', () => {
	it.each(['before', 'after'])('that came %s, both take what is theirs', async (order) => {
		const add = () =>
			new SocketIo(server, { serveClient: false, cleanupEmptyChildNamespaces: true });
		let io = order === 'before' ? add() : undefined;
		attach();
		io ??= add();
		// which opens its session with a packet of its own
		expect(await greeting('/socket.io/?EIO=4&transport=websocket')).toMatch(/^0\{"sid":/);
		expect(await greeting('/ours')).toBe('ours /ours');
		// longer than it leaves an upgrade without an answer
		expect(await greeting('/ours/slow')).toBe('ours /ours/slow');
		const polled = await fetch(`http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling`);
		expect(await polled.text()).toMatch(/^0\{"sid":/);
		await io.close();
	});
});

it('at a path that the app would take like any other, whoever takes it at once has it', async () => {
	attach();
	others['ws with a listener of its own']?.(server);
	expect(await greeting('/any/theirs')).toBe('theirs /any/theirs');
	expect(await greeting('/any/ours')).toBe('ours /any/ours');
});

it('answers what nobody takes: at once where nobody else listens, else when they had their time', async () => {
	attach();
	expect(await refusal(`http://127.0.0.1:${port}/nothing`)).toEqual({ status: 404, body: 'ours' });
	server.on('upgrade', () => {});
	vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
	const refused = refusal(`http://127.0.0.1:${port}/nothing`);
	await once(server, 'upgrade');
	await vi.advanceTimersByTimeAsync(4900);
	const early = await Promise.race([refused, new Promise((resolve) => setImmediate(resolve))]);
	expect(early).toBeUndefined();
	await vi.advanceTimersByTimeAsync(100);
	expect(await refused).toEqual({ status: 404, body: 'ours' });
});

it('survives clients that leave while others have their time', async () => {
	attach();
	server.on('upgrade', () => {});
	for (const path of ['/nothing', '/any', '/ours']) {
		const connection = await RawConnection.open(port);
		connection.write(`${upgradeTo(path, 'websocket')}\r\nearly`);
		connection.socket.resetAndDestroy();
		await connection.closed();
	}
	expect(await greeting('/ours')).toBe('ours /ours');
});

it('lets two apps in through one server', async () => {
	const second = createEngine('second');
	attach();
	attach({ isAt: (target) => isAt(target, 'second') }, second);
	expect(await greeting('/ours')).toBe('ours /ours');
	expect(await greeting('/second')).toBe('second /second');
	second.close();
});

it('waits until it can tell, and nobody else hears of what is ours', async () => {
	const loaded = Promise.withResolvers<void>();
	const heard: string[] = [];
	server.on('upgrade', ({ url }: IncomingMessage) => heard.push(String(url)));
	attach({ ready: () => loaded.promise });
	const greeted = greeting('/ours');
	const other = new Promise((resolve) => setTimeout(() => resolve('nothing yet'), 50));
	expect(await Promise.race([greeted, other])).toBe('nothing yet');
	loaded.resolve();
	expect(await greeted).toBe('ours /ours');
	expect(heard).toEqual([]);
});

it('leaves what is known to be somebody else’s, until that is handed back', async () => {
	let handBack = () => {};
	attach({
		isLeft: ({ url }) => url === '/ours/left',
		leave: (_req, _socket, answer_) => (handBack = answer_)
	});
	const greeted = greeting('/ours/left');
	await once(server, 'upgrade');
	handBack();
	expect(await greeted).toBe('ours /ours/left');
});

describe('an upgrade to another protocol', () => {
	const body = 'Content-Length: 4\r\n\r\nbody';

	it('is a request, with its body, where nobody else listens', async () => {
		attach();
		for (const path of ['/', '/ours']) {
			const got = await rawRequest(port, `${upgradeTo(path, 'h2c')}\r\n`);
			expect([got.status, got.body.toString()]).toEqual([200, `own GET ${path}`]);
			const posted = await rawRequest(port, upgradeTo(path, 'h2c', 'POST') + body);
			expect([posted.status, posted.body.toString()]).toEqual([200, `own POST ${path}`]);
		}
	});

	it('is a request where others listen, and its body is lost', async () => {
		attach();
		server.on('upgrade', () => {});
		const got = await rawRequest(port, `${upgradeTo('/', 'h2c')}\r\n`);
		expect([got.status, got.body.toString()]).toEqual([200, 'own GET /']);
		expect((await rawRequest(port, upgradeTo('/', 'h2c', 'POST') + body)).status).toBe(501);
	});

	it('is left to somebody who takes it', async () => {
		attach();
		server.on('upgrade', (req: IncomingMessage, socket: Socket) => {
			if (req.headers.upgrade === 'h2c')
				socket.end('HTTP/1.1 418 Mine\r\nContent-Length: 0\r\n\r\n');
		});
		expect((await rawRequest(port, `${upgradeTo('/', 'h2c')}\r\n`)).status).toBe(418);
	});
});

describe('detach', () => {
	it('leaves nothing behind on the server, but sockets that are open', async () => {
		const before = { emit: server.emit, callback: Reflect.get(server, 'shouldUpgradeCallback') };
		const [first, second] = [attach(), attach({}, createEngine('second'))];
		await using client = await openClient(port, { path: '/ours' });
		first.detach();
		first.detach();
		expect(server.listenerCount('upgrade')).toBe(1);
		second.detach();
		expect(server.listenerCount('upgrade')).toBe(0);
		expect(server.emit).toBe(before.emit);
		expect(Reflect.get(server, 'shouldUpgradeCallback')).toBe(before.callback);
		const answered = await rawRequest(port, `${upgradeTo('/ours', 'websocket')}\r\n`);
		expect(answered.body.toString()).toBe('own GET /ours');
		expect(await client.message()).toBe('ours /ours');
		expect(client.isOpen).toBe(true);
	});

	it('lets everything through where somebody else has come to stand before it', async () => {
		const first = attach();
		const { emit } = server;
		const heard: unknown[] = [];
		const theirs = ((...args: Parameters<typeof emit>) => {
			heard.push(args[0]);
			return emit.apply(server, args);
		}) as typeof emit;
		server.emit = theirs;
		first.detach();
		expect(server.emit).toBe(theirs);
		expect((await rawRequest(port, `${upgradeTo('/ours', 'websocket')}\r\n`)).status).toBe(200);
		attach();
		expect(server.emit).toBe(theirs);
		expect(await greeting('/ours')).toBe('ours /ours');
		expect(heard).toContain('upgrade');
		const posted = await rawRequest(
			port,
			`${upgradeTo('/', 'h2c', 'POST')}Content-Length: 4\r\n\r\nbody`
		);
		expect([posted.status, posted.body.toString()]).toEqual([200, 'own POST /']);
	});

	it('destroys what was waiting for others', async () => {
		const attachment = attach();
		server.on('upgrade', () => {});
		await using connection = await RawConnection.open(port);
		vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
		const heard = once(server, 'upgrade');
		connection.write(`${upgradeTo('/nothing', 'websocket')}\r\n`);
		await heard;
		attachment.detach();
		await vi.advanceTimersByTimeAsync(6000);
		await connection.closed();
		expect(connection.rest.byteLength).toBe(0);
	});

	it('survives a connection that breaks before anybody has taken it', async () => {
		attach();
		server.on('upgrade', (_, socket) => void socket.emit('error', new Error('reset')));
		await using connection = await RawConnection.open(port);
		const heard = once(server, 'upgrade');
		connection.write(`${upgradeTo('/nothing', 'websocket')}\r\n`);
		await heard;
	});

	it('reports what fails while it looks at an upgrade, and cuts that', async () => {
		const errors: unknown[] = [];
		const failure = new Error('cannot tell');
		const failing = new NodeEngine(
			{ sockets: socketOptions },
			{ request() {}, upgrade() {}, error: (...error) => void errors.push(error) }
		);
		const ready = () => Promise.reject(failure);
		attach({ isAt: () => undefined, ready }, failing);
		await using connection = await RawConnection.open(port);
		connection.write(`${upgradeTo('/nothing', 'websocket')}\r\n`);
		await connection.closed();
		expect(errors).toEqual([[failure, 'upgrade']]);
	});
});
