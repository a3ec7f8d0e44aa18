import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import type {
	AcceptHead,
	CloseCause,
	EngineSocket,
	SocketEvents
} from '../../../src/server/engine/engine.ts';
import { openClient, type Client } from '../../support/client.ts';
import { RawConnection, rawRequest, values } from '../../support/raw.ts';
import { accepting, handshake } from './accepting.ts';
import { listen, type Subject } from './subject.ts';

/** An engine must pass sockets through like this. */
export function socketSuite(subject: Subject): void {
	describe(`${subject.name}: upgrades`, () => {
		it('opens a socket at once, with the headers and the subprotocol of the answer', async () => {
			const headers: [string, string][] = [
				['set-cookie', 'a=1'],
				['set-cookie', 'b=2'],
				['x-a', 'caf\u00e9s']
			];
			await using server = await accepting(subject, { head: { headers, protocol: 'two' } });
			await using connection = await RawConnection.open(server.port);
			connection.write(`${handshake}Sec-WebSocket-Protocol: one, two\r\n\r\n`);
			const response = await connection.response();
			expect(response.status).toBe(101);
			expect(values(response, 'sec-websocket-accept')).toEqual(['s3pPLMBiTxaQ9kYGzzhZRbK+xOo=']);
			expect(values(response, 'set-cookie')).toEqual(['a=1', 'b=2']);
			expect(values(response, 'x-a')).toEqual(['caf\u00e9s']);
			expect(values(response, 'sec-websocket-protocol')).toEqual(['two']);
		});

		it.each([
			'Upgrade: h2c, WebSocket',
			'Upgrade: h2c\r\nUpgrade: websocket',
			'Upgrade: websocket,'
		])('opens one for a client that names more than that: %j', async (upgrade) => {
			await using server = await accepting(subject, { head: { headers: [], protocol: 'one' } });
			await using connection = await RawConnection.open(server.port);
			const named = handshake.replace('Upgrade: websocket', upgrade);
			connection.write(`${named}Sec-WebSocket-Protocol: one\r\n\r\n`);
			const response = await connection.response();
			expect(response.status).toBe(101);
			expect(values(response, 'sec-websocket-protocol')).toEqual(['one']);
		});

		it("knows the client's address when the socket is open, and when it has closed", async () => {
			const closed = Promise.withResolvers<void>();
			const addresses: string[] = [];
			await using server = await listen(subject, {
				upgrade: (exchange) =>
					void exchange.accept(
						{ headers: [] },
						{
							open: () => void addresses.push(exchange.address),
							message: () => void addresses.push(exchange.address),
							drain() {},
							overflow() {},
							close() {
								addresses.push(exchange.address);
								closed.resolve();
							}
						}
					)
			});
			const client = await openClient(server.port);
			client.send('hello');
			await client.close();
			await closed.promise;
			expect(addresses).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.1']);
		});

		it('names no subprotocol where none was chosen', async () => {
			await using server = await accepting(subject);
			await using connection = await RawConnection.open(server.port);
			connection.write(`${handshake}Sec-WebSocket-Protocol: one, two\r\n\r\n`);
			expect(values(await connection.response(), 'sec-websocket-protocol')).toEqual([]);
		});

		it('sends what the open listener sends, whatever its characters', async () => {
			await using server = await listen(subject, {
				upgrade(exchange) {
					const events = recorder([]);
					const open = (socket: EngineSocket) => void socket.send('gr\u00fc\u00df dich', false);
					exchange.accept({ headers: [['x-a', 'caf\u00e9s']] }, { ...events, open });
				}
			});
			await using client = await openClient(server.port);
			expect(await client.message()).toBe('gr\u00fc\u00df dich');
		});

		it('opens a socket after an await', async () => {
			await using server = await accepting(subject, { before: () => sleep(20) });
			await using client = await openClient(server.port);
			const { socket } = await server.next();
			socket.send('hello', false);
			expect(await client.message()).toBe('hello');
		});

		it('keeps what the client sends before the socket is open', async () => {
			await using server = await accepting(subject);
			await using connection = await RawConnection.open(server.port);
			// "hi", masked with zeros, in the same packet as the handshake would be too early for a client: right after it
			connection.write(`${handshake}\r\n`);
			await connection.response();
			connection.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]));
			const { messages } = await server.next();
			await expect.poll(() => messages).toEqual(['hi']);
		});

		it.each([
			['a request', 'GET / HTTP/1.1\r\nHost: h\r\n\r\n', ''],
			['the body of one', 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n', 'body']
		])('opens one that %s lets in, and answers that', async (_, head, body) => {
			const asked = Promise.withResolvers<void>();
			const gate = Promise.withResolvers<void>();
			const opened = Promise.withResolvers<EngineSocket>();
			await using server = await listen(subject, {
				async upgrade(exchange) {
					asked.resolve();
					await gate.promise;
					await exchange.turn?.();
					exchange.accept(
						{ headers: [] },
						{ open: opened.resolve, message() {}, drain() {}, overflow() {}, close() {} }
					);
				},
				async request(exchange) {
					await exchange.body()?.stream.getReader().read();
					gate.resolve();
					await exchange.send({ status: 200, headers: [] }, Buffer.from('let in'));
				}
			});
			await using waiting = await RawConnection.open(server.port);
			waiting.write(`${handshake}\r\n`);
			await asked.promise;
			await using other = await RawConnection.open(server.port);
			other.write(head);
			if (body !== '') await sleep(20);
			other.write(body);
			expect((await other.response()).body.toString()).toBe('let in');
			expect((await waiting.response()).status).toBe(101);
			(await opened.promise).send('hi', false);
			expect((await waiting.received(4)).toString('latin1')).toBe('\u0081\u0002hi');
			other.write(head + body);
			expect((await other.response()).status).toBe(200);
		});

		it('refuses with an HTTP answer, body included, after an await too', async () => {
			await using server = await listen(subject, {
				async upgrade(exchange) {
					await sleep(5);
					await exchange.send({ status: 401, headers: [['x-why', 'no']] }, Buffer.from('Sign in'));
				}
			});
			const response = await rawRequest(server.port, `${handshake}\r\n`);
			expect(response.status).toBe(401);
			expect(values(response, 'x-why')).toEqual(['no']);
			expect(response.body.toString()).toBe('Sign in');
		});

		it('is done with a refusal when that is out', async () => {
			const sent = Promise.withResolvers<void>();
			await using server = await listen(subject, {
				upgrade(exchange) {
					const answer = exchange.send({ status: 403, headers: [] }, Buffer.from('No'));
					void answer.then(sent.resolve, sent.reject);
				}
			});
			expect((await rawRequest(server.port, `${handshake}\r\n`)).status).toBe(403);
			await sent.promise;
		});

		it('refuses with a body that is larger than what the connection takes at once', async () => {
			const chunks = Array.from({ length: 64 }, () => new Uint8Array(64 * 1024).fill(7));
			await using server = await listen(subject, {
				upgrade(exchange) {
					const source = {
						read: () => {
							const value = chunks.pop();
							return Promise.resolve(
								value ? { done: false as const, value } : { done: true as const }
							);
						},
						cancel: () => Promise.resolve()
					};
					void exchange.send({ status: 403, headers: [] }, source);
				}
			});
			await using connection = await RawConnection.open(server.port);
			connection.pauseOften();
			connection.write(`${handshake}\r\n`);
			const response = await connection.response();
			expect([response.status, response.body.byteLength]).toEqual([403, 64 * 64 * 1024]);
		});

		it('survives an upgrade that follows a request which is not answered yet', async () => {
			const arrived = Promise.withResolvers<void>();
			const answers: (() => void)[] = [];
			await using server = await accepting(subject, {
				request(exchange) {
					answers.push(() => void exchange.send({ status: 200, headers: [] }, null));
					arrived.resolve();
				}
			});
			await using connection = await RawConnection.open(server.port);
			connection.write(`GET /slow HTTP/1.1\r\nHost: h\r\n\r\n${handshake}\r\n`);
			await arrived.promise;
			await using client = await openClient(server.port);
			const { socket } = await server.next();
			for (const answer of answers) answer();
			socket.send('alive', false);
			expect(await client.message()).toBe('alive');
			// Nothing can follow on it that anybody would read as the answer to the right request.
			await expect.poll(() => connection.isClosed).toBe(true);
		});

		it('calls nothing of a socket whose client left before it was accepted', async () => {
			const calls: string[] = [];
			const accepted = Promise.withResolvers<boolean>();
			await using server = await listen(subject, {
				upgrade(exchange) {
					exchange.onAbort(() =>
						accepted.resolve(exchange.accept({ headers: [] }, recorder(calls)))
					);
				}
			});
			const connection = await RawConnection.open(server.port);
			connection.write(`${handshake}\r\n`);
			await connection[Symbol.asyncDispose]();
			expect(await accepted.promise).toBe(false);
			expect(calls).toEqual([]);
		});

		it('hands over what asks for a WebSocket without a valid key, to be refused', async () => {
			const keys: (string | undefined)[] = [];
			await using server = await listen(subject, {
				upgrade(exchange) {
					keys.push(exchange.header('sec-websocket-key'));
					void exchange.send({ status: 400, headers: [] }, null);
				}
			});
			const without = 'GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n';
			expect((await rawRequest(server.port, `${without}\r\n`)).status).toBe(400);
			expect(
				(await rawRequest(server.port, `${without}Sec-WebSocket-Key: short\r\n\r\n`)).status
			).toBe(400);
			expect(keys).toEqual([undefined, 'short']);
		});

		it.each([
			[
				'a key without the wish to upgrade',
				'GET / HTTP/1.1\r\nHost: h\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
			],
			[
				'another protocol',
				'GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n'
			],
			['a POST', 'POST / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n\r\n']
		])('takes %s for a request', async (_, request) => {
			await using server = await listen(subject, {
				request: (exchange) => void exchange.send({ status: 200, headers: [] }, null)
			});
			expect((await rawRequest(server.port, request)).status).toBe(200);
		});

		it('takes everything for a request with sockets off', async () => {
			await using server = await listen(subject, {
				sockets: false,
				request: (exchange) => void exchange.send({ status: 200, headers: [] }, null)
			});
			expect((await rawRequest(server.port, `${handshake}\r\n`)).status).toBe(200);
		});

		it('answers 500 instead of a header that would break the line', async () => {
			const head: AcceptHead = { headers: [['x-a', 'x\r\ny: z']] };
			await using server = await accepting(subject, { head });
			expect((await rawRequest(server.port, `${handshake}\r\n`)).status).toBe(500);
			expect(server.errors).toHaveLength(1);
		});
	});

	describe(`${subject.name}: sockets`, () => {
		it('passes text and bytes both ways as what they are', async () => {
			await using server = await accepting(subject);
			await using client = await openClient(server.port);
			const { socket, messages } = await server.next();
			client.ws.send('gr\u00fc\u00df dich \u{1f44b}');
			client.ws.send(Uint8Array.of(0, 1, 255));
			client.ws.send('');
			await expect.poll(() => messages).toHaveLength(3);
			expect(messages[0]).toBe('gr\u00fc\u00df dich \u{1f44b}');
			expect(messages[1]).toEqual(Uint8Array.of(0, 1, 255));
			expect(messages[2]).toBe('');
			expect(socket.send('gr\u00fc\u00df zur\u00fcck', false)).toBe('sent');
			socket.send(Uint8Array.of(9, 8), false);
			expect(await client.message()).toBe('gr\u00fc\u00df zur\u00fcck');
			expect(await client.message()).toEqual(Buffer.from([9, 8]));
		});

		it('leaves a message as it is after the callback has returned', async () => {
			await using server = await accepting(subject);
			await using client = await openClient(server.port);
			const { messages } = await server.next();
			for (let index = 0; index < 50; index += 1) client.ws.send(new Uint8Array(1000).fill(index));
			await expect.poll(() => messages).toHaveLength(50);
			for (const [index, message] of messages.entries()) {
				expect(message).toEqual(new Uint8Array(1000).fill(index));
			}
		});

		it.each([
			['empty', 0, false],
			['small', 4, false],
			['as large as a pool', 8192, false],
			['larger than a packet', 200_000, false],
			['compressed', 10_000, true]
		])('hands over bytes that own their buffer: %s', async (_, length, compression) => {
			await using server = await accepting(subject, { sockets: { compression } });
			await using client = await openClient(server.port, { perMessageDeflate: compression });
			const { messages } = await server.next();
			for (let value = 1; value <= 3; value += 1) client.ws.send(Buffer.alloc(length, value));
			client.ws.send(Buffer.alloc(length, 4).subarray(0, length / 2), { fin: false });
			client.ws.send(Buffer.alloc(length, 4).subarray(length / 2), { fin: true });
			await expect.poll(() => messages).toHaveLength(4);
			for (const [index, message] of messages.entries()) {
				const bytes = message as Uint8Array;
				expect(bytes.constructor).toBe(Uint8Array);
				expect([bytes.byteLength, bytes.byteOffset, bytes.buffer.byteLength]).toEqual([
					length,
					0,
					length
				]);
				expect(bytes.every((byte) => byte === index + 1)).toBe(true);
			}
			expect(new Set(messages.map((each) => (each as Uint8Array).buffer)).size).toBe(4);
		});

		const memories: [name: string, allocate: (length: number) => Uint8Array][] = [
			['an array', (length) => new Uint8Array(length)],
			['a part of a buffer', (length) => Buffer.alloc(length + 20).subarray(10, length + 10)],
			['shared memory', (length) => new Uint8Array(new SharedArrayBuffer(length))]
		];
		const ways = ['send', 'publish', 'publish of the engine'] as const;
		const lent = memories.flatMap(([name, allocate]) =>
			ways.flatMap((way) => [false, true].map((compress) => ({ name, allocate, way, compress })))
		);

		it.each(lent)(
			'sends a slow client what it was given, though $name is used again: $way, compressed $compress',
			async ({ allocate, way, compress }) => {
				const options = { compression: compress, maxBackpressure: 64 * 1024 * 1024 };
				await using server = await accepting(subject, { sockets: options });
				await using client = await openClient(server.port, { perMessageDeflate: compress });
				const { socket } = await server.next();
				await using second = await openClient(server.port);
				const other = await server.next();
				socket.subscribe('news');
				client.ws.pause();
				const bytes = allocate(300_000);
				const count = compress ? 5 : 30;
				for (let value = 1; value <= count; value += 1) {
					bytes.fill(value);
					if (way === 'send') socket.send(bytes, compress);
					else if (way === 'publish') other.socket.publish('news', bytes, compress);
					else server.engine.publish('news', bytes, compress);
					bytes.fill(255);
				}
				if (bytes.buffer instanceof ArrayBuffer)
					structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
				client.ws.resume();
				for (let value = 1; value <= count; value += 1) {
					expect(Buffer.alloc(300_000, value).equals((await client.message()) as Buffer)).toBe(
						true
					);
				}
				expect(second.waiting).toBe(0);
			}
		);

		it('keeps the order of what is sent and what is published', async () => {
			await using server = await accepting(subject);
			await using client = await openClient(server.port);
			const { socket } = await server.next();
			socket.subscribe('news');
			for (let index = 0; index < 20; index += 2) {
				socket.send(String(index), false);
				server.engine.publish('news', String(index + 1), false);
			}
			const received: unknown[] = [];
			while (received.length < 20) received.push(await client.message());
			expect(received).toEqual(Array.from({ length: 20 }, (_, index) => String(index)));
		});

		it('publishes to everyone on the topic, or to everyone but the sender', async () => {
			await using server = await accepting(subject);
			await using first = await openClient(server.port);
			const one = await server.next();
			await using second = await openClient(server.port);
			const two = await server.next();
			await using third = await openClient(server.port);
			await server.next();
			one.socket.subscribe('news');
			two.socket.subscribe('news');
			expect(server.engine.subscribers('news')).toBe(2);
			server.engine.publish('news', 'all', false);
			one.socket.publish('news', 'others', false);
			for (const { socket } of [one, two]) socket.send('end', false);
			expect([await first.message(), await first.message()]).toEqual(['all', 'end']);
			expect([await second.message(), await second.message(), await second.message()]).toEqual([
				'all',
				'others',
				'end'
			]);
			expect(third.waiting).toBe(0);
		});

		it('publishes for a socket that is on no topic, or on another one', async () => {
			await using server = await accepting(subject);
			await using first = await openClient(server.port);
			const one = await server.next();
			await using second = await openClient(server.port);
			const two = await server.next();
			one.socket.subscribe('news');
			two.socket.publish('news', 'from nowhere', false);
			two.socket.subscribe('other');
			two.socket.publish('news', 'from elsewhere', false);
			expect([await first.message(), await first.message()]).toEqual([
				'from nowhere',
				'from elsewhere'
			]);
			expect(second.waiting).toBe(0);
		});

		it.each(['', 'ASCII', 'gr\u00fc\u00df', '\u65e5\u672c', '\u{1f44b}'.repeat(20_000)])(
			'sends and publishes text whatever its characters, on topics whatever theirs: %#',
			async (text) => {
				await using server = await accepting(subject);
				await using client = await openClient(server.port);
				const { socket } = await server.next();
				await using second = await openClient(server.port);
				const other = await server.next();
				const topic = `topic ${text.slice(0, 20)}`;
				// the same text, of which V8 keeps two bytes a character
				const same = `\u65e5${topic}`.slice(1);
				socket.subscribe(topic);
				expect(server.engine.subscribers(same)).toBe(1);
				socket.send(text, false);
				server.engine.publish(same, text, false);
				other.socket.publish(same, text, false);
				socket.publish(same, 'not to itself', false);
				socket.unsubscribe(same);
				expect(server.engine.subscribers(topic)).toBe(0);
				server.engine.publish(topic, 'to nobody', false);
				socket.send('end', false);
				for (const each of [text, text, text, 'end']) expect(await client.message()).toBe(each);
				expect(second.waiting).toBe(0);
			}
		);

		it('stops publishing to who has unsubscribed or closed', async () => {
			await using server = await accepting(subject);
			await using first = await openClient(server.port);
			const one = await server.next();
			await using second = await openClient(server.port);
			const two = await server.next();
			one.socket.subscribe('news');
			two.socket.subscribe('news');
			one.socket.unsubscribe('news');
			expect(server.engine.subscribers('news')).toBe(1);
			second.ws.close();
			await two.closed;
			expect(server.engine.subscribers('news')).toBe(0);
			server.engine.publish('news', 'nobody', false);
			one.socket.send('end', false);
			expect(await first.message()).toBe('end');
		});

		it("reports the client's code and reason", async () => {
			await using server = await accepting(subject);
			await using client = await openClient(server.port);
			const { closed } = await server.next();
			client.ws.close(4001, 'gr\u00fc\u00df');
			expect(await closed).toEqual({ code: 4001, reason: 'gr\u00fc\u00df' });
		});

		it('sends its own code and reason', async () => {
			await using server = await accepting(subject);
			await using client = await openClient(server.port);
			const { socket, closed } = await server.next();
			socket.close(4002, 'gr\u00fc\u00df');
			expect(await client.closed).toEqual({ code: 4002, reason: 'gr\u00fc\u00df' });
			expect((await closed).code).toBe(4002);
		});

		it('has ended with its own code at once, also for a client that never answers', async () => {
			await using server = await accepting(subject);
			await using connection = await RawConnection.open(server.port);
			connection.write(`${handshake}\r\n`);
			await connection.response();
			const { socket, closed } = await server.next();
			socket.subscribe('news');
			socket.close(4003, 'bye');
			expect(server.engine.subscribers('news')).toBe(0);
			expect(socket.send('late', false)).toBe('dropped');
			expect(await closed).toEqual({ code: 4003, reason: 'bye' });
		});

		it('has ended at the latest when it is closed, though the client has begun and does not go on', async () => {
			await using server = await accepting(subject);
			await using connection = await RawConnection.open(server.port);
			connection.socket.allowHalfOpen = true;
			connection.write(`${handshake}\r\n`);
			await connection.response();
			const { socket, closed } = await server.next();
			socket.subscribe('news');
			connection.write(Buffer.of(0x88, 0x82, 0, 0, 0, 0, 0x0f, 0xa2));
			await expect.poll(() => socket.send('late', false)).toBe('dropped');
			socket.close(4001, '');
			expect(server.engine.subscribers('news')).toBe(0);
			// whoever was first
			expect([4001, 4002]).toContain((await closed).code);
		});

		it('reports 1006 when either end cuts the connection', async () => {
			await using server = await accepting(subject);
			await using first = await openClient(server.port);
			const one = await server.next();
			first.ws.terminate();
			expect(await one.closed).toEqual({ code: 1006, reason: '' });
			await using second = await openClient(server.port);
			const two = await server.next();
			two.socket.terminate();
			expect((await second.closed).code).toBe(1006);
			expect((await two.closed).code).toBe(1006);
		});

		it('ends a socket that sends more than it may, and no other', async () => {
			await using server = await accepting(subject, { sockets: { maxPayload: 1000 } });
			await using client = await openClient(server.port);
			const { closed, messages } = await server.next();
			await using other = await openClient(server.port);
			const { socket } = await server.next();
			client.ws.send('x'.repeat(1000));
			client.ws.send('x'.repeat(1001));
			expect([1006, 1009]).toContain((await closed).code);
			expect(messages).toEqual(['x'.repeat(1000)]);
			socket.send('still here', false);
			expect(await other.message()).toBe('still here');
		});

		const endings: [how: string, cause: CloseCause | undefined, end: (client: Client) => void][] = [
			['a message that is too large', 'too_big', ({ ws }) => ws.send('x'.repeat(1001))],
			[
				'one that says that it will be',
				'too_big',
				(client) => raw(client, 0x82, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)
			],
			[
				'fragments that are, together',
				'too_big',
				({ ws }) => {
					for (const fin of [false, true]) ws.send('x'.repeat(600), { fin });
				}
			],
			['text that is none', 'invalid', (client) => raw(client, 0x81, 0x81, 0, 0, 0, 0, 0xff)],
			['a frame of no kind', 'invalid', (client) => raw(client, 0x83, 0x80, 0, 0, 0, 0)],
			['a continuation of nothing', 'invalid', (client) => raw(client, 0x80, 0x80, 0, 0, 0, 0)],
			['a ping in fragments', 'invalid', (client) => raw(client, 0x09, 0x80, 0, 0, 0, 0)],
			[
				'a message inside of another one',
				'invalid',
				(client) => raw(client, 0x01, 0x80, 0, 0, 0, 0, 0x81, 0x80, 0, 0, 0, 0)
			],
			['reserved bits', 'invalid', (client) => raw(client, 0xb1, 0x80, 0, 0, 0, 0)],
			['a cut', undefined, ({ ws }) => ws.terminate()],
			['the end of the connection', undefined, ({ connection }) => connection.end()],
			['a close frame', undefined, ({ ws }) => ws.close(4000)]
		];

		it.each(endings)('says why it has ended a socket, where it has: %s', async (_, cause, end) => {
			await using server = await accepting(subject, { sockets: { maxPayload: 1000 } });
			await using client = await openClient(server.port);
			const { closed } = await server.next();
			end(client);
			expect((await closed).cause).toBe(cause);
		});

		it('says so of a message that is too large once it is inflated', async () => {
			const options = { maxPayload: 1000, compression: true };
			await using server = await accepting(subject, { sockets: options });
			await using client = await openClient(server.port, { perMessageDeflate: { threshold: 0 } });
			const { closed } = await server.next();
			client.ws.send('x'.repeat(100_000));
			expect((await closed).cause).toBe('too_big');
		});

		it('passes on why it was asked to end a socket', async () => {
			await using server = await accepting(subject);
			for (const cause of [undefined, 'backpressure'] as const) {
				await using client = await openClient(server.port);
				const { socket, closed } = await server.next();
				socket.close(4000, '', cause);
				expect(await closed).toEqual({ code: 4000, reason: '', ...(cause && { cause }) });
				expect((await client.closed).code).toBe(4000);
			}
		});

		it('tells what has come back of a ping', async () => {
			const heard = Promise.withResolvers<Uint8Array>();
			await using server = await listen(subject, {
				upgrade: (exchange) =>
					void exchange.accept(
						{ headers: [] },
						{
							open: (socket) => socket.ping(Buffer.from('are you there?')),
							message() {},
							drain() {},
							overflow() {},
							pong: (data) => heard.resolve(data),
							close() {}
						}
					)
			});
			await using client = await openClient(server.port);
			expect(Buffer.from(await heard.promise).toString()).toBe('are you there?');
			expect(client.isOpen).toBe(true);
		});

		it('does nothing with a socket that is closed, whatever is asked of it', async () => {
			await using server = await accepting(subject);
			await using client = await openClient(server.port);
			const { socket, closed } = await server.next();
			client.ws.close();
			await closed;
			expect(socket.send('late', false)).toBe('dropped');
			socket.publish('topic', 'late', false);
			socket.subscribe('topic');
			socket.unsubscribe('topic');
			socket.ping();
			socket.close(1000, '');
			socket.terminate();
			expect(socket.bufferedAmount).toBe(0);
			expect(server.engine.subscribers('topic')).toBe(0);
		});

		it('can be used from inside its own callbacks: closing while publishing, publishing while closing', async () => {
			const sockets: EngineSocket[] = [];
			await using server = await listen(subject, {
				upgrade(exchange) {
					let own: EngineSocket | undefined;
					exchange.accept(
						{ headers: [] },
						{
							open(socket) {
								own = socket;
								sockets.push(socket);
								socket.subscribe('news');
								socket.send('open', false);
							},
							message() {
								own?.publish('news', 'before', false);
								own?.close(1000, '');
								own?.publish('news', 'after', false);
							},
							drain() {},
							overflow() {},
							close() {
								own?.send('late', false);
								own?.publish('news', 'from close', false);
								sockets[1]?.send('direct', false);
							}
						}
					);
				}
			});
			await using first = await openClient(server.port);
			await using second = await openClient(server.port);
			expect(await first.message()).toBe('open');
			expect(await second.message()).toBe('open');
			first.ws.send('go');
			expect((await first.closed).code).toBe(1000);
			const received = [
				await second.message(),
				await second.message(),
				await second.message(),
				await second.message()
			];
			expect(received.toSorted()).toEqual(['after', 'before', 'direct', 'from close']);
		});

		it('queues for a slow client, then drops, drains once, and lets others through', async () => {
			await using server = await accepting(subject, { sockets: { maxBackpressure: 256 * 1024 } });
			await using slow = await openClient(server.port);
			const one = await server.next();
			await using quick = await openClient(server.port);
			const two = await server.next();
			slow.ws.pause();
			one.socket.subscribe('news');
			two.socket.subscribe('news');
			const chunk = 'x'.repeat(64 * 1024);
			const results = new Set<string>();
			for (let count = 0; count < 1000 && !results.has('dropped'); count += 1) {
				results.add(one.socket.send(chunk, false));
			}
			expect([...results]).toEqual(['sent', 'queued', 'dropped']);
			expect(one.socket.bufferedAmount).toBeGreaterThan(0);
			expect(one.socket.bufferedAmount).toBeLessThan(512 * 1024 + (subject.transit ?? 0));
			// published too: uWS calls back for each one that it drops
			for (let count = 0; count < 10; count += 1) server.engine.publish('news', chunk, false);
			for (let count = 0; count < 10; count += 1) expect(await quick.message()).toBe(chunk);
			expect(one.drains).toBe(0);
			slow.ws.resume();
			await expect.poll(() => one.drains).toBe(1);
			expect(one.socket.bufferedAmount).toBe(0);
			expect(one.socket.send('again', false)).toBe('sent');
		});

		it('drains when a single message has left that was too large to be sent at once', async () => {
			const limits = { maxBackpressure: 64 * 1024 * 1024 };
			await using server = await accepting(subject, { sockets: limits });
			await using client = await openClient(server.port);
			const accepted = await server.next();
			expect(accepted.socket.send('small', false)).toBe('sent');
			expect(await client.message()).toBe('small');
			const large = 'x'.repeat(16 * 1024 * 1024);
			expect(accepted.socket.send(large, false)).toBe('queued');
			expect(await client.message()).toBe(large);
			await expect.poll(() => accepted.drains).toBe(1);
		});

		it('reports what a listener throws, and goes on', async () => {
			const closed = Promise.withResolvers<void>();
			await using server = await listen(subject, {
				upgrade(exchange) {
					exchange.accept(
						{ headers: [] },
						{
							open() {
								throw new Error('broken open');
							},
							message() {
								throw new Error('broken message');
							},
							drain() {},
							overflow() {},
							close() {
								closed.resolve();
								throw new Error('broken close');
							}
						}
					);
				}
			});
			await using client = await openClient(server.port);
			client.ws.send('x');
			await expect.poll(() => server.errors.map(({ where }) => where)).toEqual(['open', 'message']);
			client.ws.close();
			await closed.promise;
			await expect.poll(() => server.errors).toHaveLength(3);
			await using next = await openClient(server.port);
			expect(next.ws.readyState).toBe(WebSocket.OPEN);
		});

		it('compresses where it was turned on, and only then', async () => {
			await using server = await accepting(subject, { sockets: { compression: true } });
			await using client = await openClient(server.port, { perMessageDeflate: true });
			const { socket, messages } = await server.next();
			expect(client.ws.extensions).toContain('permessage-deflate');
			const text = 'again and '.repeat(1000);
			socket.send(text, true);
			expect(await client.message()).toBe(text);
			client.ws.send(text);
			await expect.poll(() => messages).toEqual([text]);
			await using plain = await accepting(subject);
			await using other = await openClient(plain.port, { perMessageDeflate: true });
			expect(other.ws.extensions).toBe('');
		});

		it('lets nothing overtake what it compresses', async () => {
			await using server = await accepting(subject, { sockets: { compression: true } });
			await using client = await openClient(server.port, { perMessageDeflate: true });
			const { socket } = await server.next();
			const sent: string[] = ['first'];
			socket.send('first', false);
			for (let turn = 0; turn < 3; turn += 1) {
				const messages = ['again and '.repeat(1000), 'plain', '', `turn ${turn}`];
				for (const [index, message] of messages.entries()) socket.send(message, index % 2 === 0);
				sent.push(...messages);
				await new Promise((resolve) => void setImmediate(resolve));
			}
			await expect.poll(() => client.received).toEqual(sent);
		});

		it('lets open sockets live when it only stops, and cuts them when it closes', async () => {
			await using server = await accepting(subject);
			await using client = await openClient(server.port);
			const { socket, closed } = await server.next();
			void server.engine.stop();
			socket.send('still here', false);
			expect(await client.message()).toBe('still here');
			server.engine.close();
			expect((await client.closed).code).toBe(1006);
			await closed;
			server.engine.publish('topic', 'nobody', false);
		});
	});
}

/** Send bytes that a client would not. */
function raw({ connection }: Client, ...bytes: number[]): void {
	connection.write(Buffer.from(bytes));
}

function recorder(calls: string[]): SocketEvents {
	return {
		open: () => calls.push('open'),
		message: () => calls.push('message'),
		drain: () => calls.push('drain'),
		overflow: () => calls.push('overflow'),
		close: () => calls.push('close')
	};
}
