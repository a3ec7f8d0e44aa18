import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { EngineOptions } from '../../../../../src/server/engine/engine.ts';
import { NodeEngine } from '../../../../../src/server/engine/node/index.ts';
import { RawConnection } from '../../../../support/raw.ts';
import { createCertificate } from '../../../../support/certificate.ts';

const handlers = { request() {}, upgrade() {}, error() {} };

/** The server of Node that an engine with these options listens with. */
async function serverOf(options: EngineOptions): Promise<http.Server> {
	const created = vi.spyOn(options.tls ? https : http, 'createServer');
	const engine = new NodeEngine(options, handlers);
	await engine.listen({ host: '127.0.0.1', port: 0 });
	engine.close();
	return created.mock.results[0]?.value as http.Server;
}

describe('the server of the Node engine', () => {
	afterEach(() => void vi.restoreAllMocks());

	it.each(['http', 'https'])(
		'has the time-outs that are asked for in seconds: %s',
		async (scheme) => {
			using certificate = createCertificate();
			const { certPath: cert, keyPath: key } = certificate;
			const server = await serverOf({
				keepAliveTimeout: 7,
				headersTimeout: 8,
				...(scheme === 'https' && { tls: { cert, key } })
			});
			expect([server.keepAliveTimeout, server.headersTimeout]).toEqual([7000, 8000]);
		}
	);

	it('has those of Node where none are asked for', async () => {
		const { keepAliveTimeout, headersTimeout } = http.createServer();
		expect(await serverOf({})).toMatchObject({ keepAliveTimeout, headersTimeout });
	});

	it('takes a time for the head that is longer than Node gives to a whole request', async () => {
		expect((await serverOf({ headersTimeout: 400 })).headersTimeout).toBe(400_000);
	});

	it('lets all sockets of a large app wait to be taken when they come back at once', async () => {
		const listen = vi.spyOn(http.Server.prototype, 'listen');
		await serverOf({});
		expect(listen.mock.calls[0]?.[0]).toMatchObject({ host: '127.0.0.1', backlog: 4096 });
	});

	it('keeps nothing of a request that is answered, on a connection that is kept', async () => {
		const engine = new NodeEngine(
			{},
			{ ...handlers, request: (exchange) => exchange.send({ status: 200, headers: [] }, null) }
		);
		const left = async (answer: http.RequestListener) => {
			const sockets: Socket[] = [];
			const server = http.createServer((req, res) => {
				sockets.push(req.socket);
				answer(req, res);
			});
			await once(server.listen(0, '127.0.0.1'), 'listening');
			await using connection = await RawConnection.open((server.address() as AddressInfo).port);
			for (let count = 0; count < 3; count += 1) {
				connection.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
				await connection.response();
			}
			server.close();
			return new Set(sockets.map((socket) => socket.listenerCount('close')));
		};
		const none = await left((_, res) => void res.end());
		await expect.poll(() => left((req, res) => engine.receive(req, res))).toEqual(none);
	});

	it('reads the rest of a body that middleware has begun to read, so that the next request comes', async () => {
		const engine = new NodeEngine(
			{},
			{ ...handlers, request: (exchange) => exchange.send({ status: 200, headers: [] }, null) }
		);
		const server = http.createServer((req, res) => {
			if (req.method === 'GET') res.end('the next one');
			else
				req.once('data', () => {
					req.pause();
					engine.receive(req, res);
				});
		});
		await once(server.listen(0, '127.0.0.1'), 'listening');
		await using connection = await RawConnection.open((server.address() as AddressInfo).port);
		const size = 16 * 1024 * 1024;
		connection.write(`POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${size}\r\n\r\n`);
		connection.write(Buffer.alloc(size));
		expect((await connection.response()).status).toBe(200);
		connection.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
		expect((await connection.response()).body.toString()).toBe('the next one');
		server.close();
	});

	it('is done with an answer that waits behind another one when the client leaves', async () => {
		const sent = Promise.withResolvers<void>();
		const answered = Promise.withResolvers<void>();
		const engine = new NodeEngine(
			{},
			{
				...handlers,
				request(exchange) {
					if (exchange.target === '/first') return;
					const answer = exchange.send({ status: 200, headers: [] }, Buffer.from('second'));
					void answer.then(sent.resolve, sent.reject);
					answered.resolve();
				}
			}
		);
		const bound = await engine.listen({ host: '127.0.0.1', port: 0 });
		await using connection = await RawConnection.open('port' in bound ? bound.port : 0);
		for (const target of ['/first', '/second'])
			connection.write(`GET ${target} HTTP/1.1\r\nHost: h\r\n\r\n`);
		await answered.promise;
		connection.socket.destroy();
		await sent.promise;
		engine.close();
	});

	it('does not bother anybody with a request whose client has left before', () => {
		const request = vi.fn();
		const req = { socket: { destroyed: true } } as IncomingMessage;
		new NodeEngine({}, { ...handlers, request }).receive(req, {} as ServerResponse);
		expect(request).not.toHaveBeenCalled();
	});
});
