import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
	AcceptHead,
	ByteSource,
	Exchange,
	ResponseBody,
	ResponseHead,
	SocketEvents
} from '../../../src/server/engine/engine.ts';
import { RawConnection, rawRequest, values } from '../../support/raw.ts';
import { listen, type Listening, type Subject } from './subject.ts';

const get = 'GET / HTTP/1.1\r\nHost: h\r\n\r\n';

const handshake =
	'GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
	'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

const noEvents: SocketEvents = { open() {}, message() {}, drain() {}, overflow() {}, close() {} };

/** Sizes around the limits of one write, one cork and the kernel's buffers. */
const sizes = [
	0,
	1,
	1000,
	15 * 1024 - 1,
	15 * 1024,
	15 * 1024 + 1,
	16 * 1024,
	65_537,
	1_000_003,
	9_000_001
];

/** What an engine must make of an answer. */
export function responseSuite(subject: Subject): void {
	const answering = (head: ResponseHead, body: () => ResponseBody) =>
		listen(subject, { request: (exchange) => void exchange.send(head, body()).catch(() => {}) });

	describe(`${subject.name}: responses`, () => {
		it('sends status, reason and headers, repeated ones apart', async () => {
			const headers: [string, string][] = [
				['Content-Type', 'text/plain'],
				['set-cookie', 'a=1'],
				['set-cookie', 'b=2; Path=/'],
				['x-latin', 'caf\u00e9s']
			];
			await using server = await answering({ status: 418, headers }, () => Buffer.from('tea'));
			const response = await rawRequest(server.port, get);
			expect(response.status).toBe(418);
			expect(values(response, 'content-type')).toEqual(['text/plain']);
			expect(values(response, 'set-cookie')).toEqual(['a=1', 'b=2; Path=/']);
			expect(values(response, 'x-latin')).toEqual(['caf\u00e9s']);
			expect(response.body.toString()).toBe('tea');
		});

		it('sends an answer that never changes again and again, and HEAD without its body', async () => {
			const headers: [string, string][] = [
				['content-length', '3'],
				['Date', 'yesterday'],
				['content-type', 'text/plain'],
				['x-latin', 'caf\u00e9s']
			];
			const head = Object.freeze({ status: 200, headers });
			const body = Buffer.from('all');
			await using server: Listening = await listen(subject, {
				request(exchange) {
					if (exchange.target === '/last') void server.engine.stop();
					void exchange.send(head, body);
				}
			});
			await using connection = await RawConnection.open(server.port);
			for (const method of ['GET', 'HEAD', 'GET', 'HEAD']) {
				connection.write(`${method} / HTTP/1.1\r\nHost: h\r\n\r\n`);
				const response = await connection.response({ isHead: method === 'HEAD' });
				expect(response.body.toString()).toBe(method === 'HEAD' ? '' : 'all');
				expect(connection.rest.byteLength).toBe(0);
				expect(values(response, 'content-length')).toEqual(['3']);
				expect(values(response, 'date')).not.toContain('yesterday');
				expect(values(response, 'x-latin')).toEqual(['caf\u00e9s']);
			}
			connection.write(get.replace('/', '/last'));
			expect(values(await connection.response(), 'connection')).toEqual(['close']);
		});

		it('sends no header that Node would not, though it never changes', async () => {
			const head = Object.freeze({ status: 200, headers: [['x-a', 'x\r\ny: z']] as const });
			const body = Buffer.from('all');
			await using server = await answering(head, () => body);
			for (let count = 0; count < 2; count += 1) {
				const response = await rawRequest(server.port, get);
				expect([response.status, values(response, 'y')]).toEqual([500, []]);
			}
		});

		it('writes the headers that are its own once, whatever the app says', async () => {
			const headers: [string, string][] = [
				['Date', 'yesterday'],
				['connection', 'close'],
				['keep-alive', 'timeout=1'],
				['transfer-encoding', 'gzip'],
				['content-length', '999']
			];
			await using server = await answering({ status: 200, headers }, () => Buffer.from('four'));
			const response = await rawRequest(server.port, get);
			expect(values(response, 'date')).toHaveLength(1);
			expect(values(response, 'date')).not.toContain('yesterday');
			expect(values(response, 'content-length')).toEqual(['4']);
			expect(values(response, 'transfer-encoding')).toEqual([]);
			expect(response.body.toString()).toBe('four');
		});

		it.each([
			'x\r\nset-cookie: evil=1',
			'x\ny',
			'x\u0000y',
			'\u010d\u010a',
			'x\u0001y',
			'x\u001b[31my',
			'x\u007fy'
		])('answers 500 instead of a header that Node would not send: %j', async (value) => {
			const failed = Promise.withResolvers<unknown>();
			await using server = await listen(subject, {
				request(exchange) {
					exchange.send({ status: 200, headers: [['x-a', value]] }, null).catch(failed.resolve);
				}
			});
			const response = await rawRequest(server.port, get);
			expect([response.status, response.reason]).toEqual([500, 'Internal Server Error']);
			expect(values(response, 'set-cookie')).toEqual([]);
			expect(values(response, 'x-a')).toEqual([]);
			expect(await failed.promise).toMatchObject({ code: 'bad_value' });
		});

		it.each<[string, AcceptHead]>([
			['a header', { headers: [['x-a', 'x\u0001y']] }],
			['the name of a header', { headers: [['x\u0001', 'y']] }],
			['a subprotocol', { headers: [], protocol: 'a\r\nx-a: b' }]
		])('answers 500 instead of a 101 with %s that Node would not send', async (_, head) => {
			await using server = await listen(subject, {
				upgrade: (exchange) => void exchange.accept(head, noEvents)
			});
			const response = await rawRequest(server.port, handshake);
			expect([response.status, response.reason]).toEqual([500, 'Internal Server Error']);
			expect(values(response, 'x-a')).toEqual([]);
			expect(server.errors).toMatchObject([{ error: { code: 'bad_value' } }]);
		});

		it('announces an empty body where there is none', async () => {
			await using server = await answering({ status: 200, headers: [] }, () => null);
			expect(values(await rawRequest(server.port, get), 'content-length')).toEqual(['0']);
		});

		it.each([204, 304])('sends %i without a body or a length, and goes on', async (status) => {
			await using server = await answering({ status, headers: [['x-a', '1']] }, () =>
				Buffer.from('never sent')
			);
			await using connection = await RawConnection.open(server.port);
			for (let count = 0; count < 2; count += 1) {
				connection.write(get);
				const response = await connection.response();
				expect(response.status).toBe(status);
				expect(values(response, 'x-a')).toEqual(['1']);
				expect(values(response, 'content-length')).toEqual([]);
				expect(connection.rest.byteLength).toBe(0);
			}
		});

		it('sends 205 with an empty body', async () => {
			await using server = await answering({ status: 205, headers: [] }, () =>
				Buffer.from('never')
			);
			const response = await rawRequest(server.port, get);
			expect(values(response, 'content-length')).toEqual(['0']);
			expect(response.body.byteLength).toBe(0);
		});

		it.each<[string, () => ResponseBody]>([
			['bytes', () => Buffer.from('never sent')],
			['a stream', () => source([Buffer.from('never sent')])],
			['nothing', () => null]
		])('answers HEAD with the length and without the body: %s', async (_, body) => {
			await using server = await answering(
				{ status: 200, headers: [['content-length', '10']] },
				body
			);
			await using connection = await RawConnection.open(server.port);
			for (let count = 0; count < 2; count += 1) {
				connection.write('HEAD / HTTP/1.1\r\nHost: h\r\n\r\n');
				const response = await connection.response({ isHead: true });
				expect(response.status).toBe(200);
				expect(values(response, 'content-length')).toEqual(['10']);
				expect(connection.rest.byteLength).toBe(0);
			}
		});

		it.each([
			['HEAD', 200],
			['GET', 204],
			['GET', 205],
			['GET', 304]
		])(
			'cancels a stream that %s with status %i does not send, and says why',
			async (method, status) => {
				const stream = source([Buffer.from('never sent')]);
				await using server = await answering({ status, headers: [] }, () => stream);
				await rawRequest(server.port, `${method} / HTTP/1.1\r\nHost: h\r\n\r\n`, true);
				await expect.poll(() => stream.isCancelled).toBe(true);
				expect(stream.reason).toMatchObject({
					name: 'AbortError',
					message: `The response to ${method} with status ${status} has no body`
				});
			}
		);

		it.each(sizes)('sends %i bytes whole, to a reader that pauses too', async (size) => {
			const body = pattern(size);
			await using server = await answering({ status: 200, headers: [] }, () => body);
			const response = await slowRequest(server.port);
			expect(values(response, 'content-length')).toEqual([String(size)]);
			expect(digest(response.body)).toBe(digest(body));
		});

		it.each(sizes)('streams %i bytes of unknown length whole', async (size) => {
			const body = pattern(size);
			await using server = await answering({ status: 200, headers: [] }, () =>
				source(pieces(body))
			);
			const response = await slowRequest(server.port);
			expect(values(response, 'content-length')).toEqual(size === 0 ? ['0'] : []);
			expect(digest(response.body)).toBe(digest(body));
		});

		it.each(['unknown', 'declared'])(
			'loses nothing of 20 MB of %s length to a reader that keeps pausing, again and again',
			async (kind) => {
				const body = pattern(20_007_777);
				const headers: [string, string][] =
					kind === 'declared' ? [['content-length', String(body.byteLength)]] : [];
				await using server = await answering({ status: 200, headers }, () => source(even(body)));
				for (let round = 0; round < 8; round += 1) {
					await using connection = await RawConnection.open(server.port);
					connection.pauseOften();
					connection.write(get);
					expect(digest((await connection.response()).body)).toBe(digest(body));
				}
			}
		);

		it.each(sizes)('streams %i bytes of a declared length whole', async (size) => {
			const body = pattern(size);
			await using server = await answering(
				{ status: 200, headers: [['content-length', String(size)]] },
				() => source(pieces(body))
			);
			const response = await slowRequest(server.port);
			const isKept = !subject.lacks?.lengthOfStream || size <= 64 * 1024;
			expect(values(response, 'content-length')).toEqual(isKept ? [String(size)] : []);
			expect(digest(response.body)).toBe(digest(body));
		});

		it('takes no empty chunk for the end of a body of a declared length', async () => {
			const chunks = ['', 'a', '', 'b', ''].map((text) => Buffer.from(text));
			await using server = await answering(
				{ status: 200, headers: [['content-length', '2']] },
				() => source(chunks)
			);
			expect((await rawRequest(server.port, get)).body.toString()).toBe('ab');
		});

		it('answers many requests of one connection, whatever their bodies are', async () => {
			const bodies: (() => ResponseBody)[] = [
				() => null,
				() => pattern(100),
				() => source(pieces(pattern(40_000))),
				() => pattern(70_000),
				() => source([])
			];
			const lengths = [0, 100, 40_000, 70_000, 0];
			let count = 0;
			await using server = await listen(subject, {
				request(exchange) {
					const body = bodies[count++ % bodies.length];
					void exchange.send({ status: 200, headers: [] }, body?.() ?? null);
				}
			});
			await using connection = await RawConnection.open(server.port);
			for (let round = 0; round < 4; round += 1) {
				for (const length of lengths) {
					connection.write(get);
					expect((await connection.response()).body.byteLength).toBe(length);
				}
			}
		});

		it('sends each chunk at once, before the next one exists', async () => {
			const next = Promise.withResolvers<void>();
			await using server = await answering({ status: 200, headers: [] }, () =>
				source([Buffer.from('first'), next.promise.then(() => Buffer.from('second'))])
			);
			await using connection = await RawConnection.open(server.port);
			connection.write(get);
			while (!connection.rest.includes('first'))
				await connection.received(connection.rest.byteLength + 1);
			next.resolve();
			expect((await connection.response()).body.toString()).toBe('firstsecond');
		});

		it('asks for no more than the client takes', async () => {
			let produced = 0;
			let isCancelled = false;
			const endless: ByteSource = {
				read() {
					produced += 65_536;
					return Promise.resolve({ done: false, value: new Uint8Array(65_536) });
				},
				cancel() {
					isCancelled = true;
					return Promise.resolve();
				}
			};
			await using server = await answering({ status: 200, headers: [] }, () => endless);
			await using connection = await RawConnection.open(server.port);
			connection.socket.pause();
			connection.write(get);
			// an engine that did not wait would never be seen to stop, and would be far above the limit
			const settled = async () => {
				const before = produced;
				await new Promise((resolve) => setTimeout(resolve, 100));
				return before > 0 && before === produced;
			};
			await expect.poll(settled).toBe(true);
			expect(produced).toBeLessThan(32 * 1024 * 1024);
			const before = produced;
			connection.socket.resume();
			await expect.poll(() => produced > before + 1024 * 1024).toBe(true);
			connection.socket.destroy();
			await expect.poll(() => isCancelled).toBe(true);
		});

		it('cuts the connection when a stream fails, and says why', async () => {
			const failed = Promise.withResolvers<unknown>();
			const second = Promise.withResolvers<Uint8Array>();
			await using server = await listen(subject, {
				request(exchange) {
					const body = source([Buffer.from('part'), second.promise]);
					exchange.send({ status: 200, headers: [] }, body).catch(failed.resolve);
				}
			});
			await using connection = await RawConnection.open(server.port);
			connection.write(get);
			while (!connection.rest.includes('part')) {
				await connection.received(connection.rest.byteLength + 1);
			}
			second.reject(new Error('broken stream'));
			await connection.closed();
			expect(connection.rest.subarray(-5).toString()).not.toBe('0\r\n\r\n');
			expect(await failed.promise).toMatchObject({ message: 'broken stream' });
		});

		it('answers 500 when a stream fails before its first byte', async () => {
			await using server = await answering({ status: 200, headers: [] }, () =>
				source([Promise.reject(new Error('broken stream'))])
			);
			expect((await rawRequest(server.port, get)).status).toBe(500);
		});

		it('cuts the connection when a body is shorter than it was declared', async () => {
			const failed = Promise.withResolvers<unknown>();
			await using server = await listen(subject, {
				request(exchange) {
					const head = { status: 200, headers: [['content-length', '10']] as [string, string][] };
					exchange.send(head, source([Buffer.from('short')])).catch(failed.resolve);
				}
			});
			await using connection = await RawConnection.open(server.port);
			connection.write(get);
			await connection.closed();
			expect(await failed.promise).toMatchObject({ code: 'bad_value' });
		});

		it('sends no more than was declared', async () => {
			const stream = source([Buffer.from('0123456789'), Buffer.from('more')]);
			await using server = await answering(
				{ status: 200, headers: [['content-length', '5']] },
				() => stream
			);
			await using connection = await RawConnection.open(server.port);
			connection.write(get);
			expect((await connection.response()).body.toString()).toBe('01234');
			expect(connection.rest.toString()).toBe('');
			connection.write('HEAD / HTTP/1.1\r\nHost: h\r\n\r\n');
			expect((await connection.response({ isHead: true })).status).toBe(200);
			await expect.poll(() => stream.isCancelled).toBe(true);
			expect(stream.reason).toMatchObject({
				name: 'AbortError',
				message: 'The response has reached its declared length of 5 bytes'
			});
		});

		it('cancels no stream that it has sent to its end', async () => {
			const cancelled: unknown[] = [];
			const stream = new ReadableStream<Uint8Array>({
				pull(controller) {
					controller.enqueue(Buffer.from('all'));
					controller.close();
				},
				cancel: (reason) => void cancelled.push(reason)
			});
			await using server = await answering({ status: 200, headers: [] }, () => stream.getReader());
			expect((await rawRequest(server.port, get)).body.toString()).toBe('all');
			expect(cancelled).toEqual([]);
		});

		it('cuts an answer that is under way, and tells the app why', async () => {
			const under = Promise.withResolvers<Exchange>();
			const reason = new Error('over');
			const stream = source([Buffer.from('first'), new Promise<never>(() => {})]);
			const told: unknown[] = [];
			await using server = await listen(subject, {
				async request(exchange) {
					exchange.onAbort((each) => told.push(each));
					under.resolve(exchange);
					await exchange.send({ status: 200, headers: [] }, stream);
				}
			});
			await using connection = await RawConnection.open(server.port);
			connection.write(get);
			await connection.received(1);
			const exchange = await under.promise;
			exchange.cut(reason);
			exchange.cut(new Error('again'));
			expect(exchange.aborted).toBe(true);
			await connection.closed();
			expect(connection.rest.subarray(-5).toString()).not.toBe('0\r\n\r\n');
			expect(told).toEqual([reason]);
			expect(stream.reason).toBe(reason);
			expect(server.errors).toEqual([]);
		});

		it('cuts a request that has no answer yet, at once or later', async () => {
			const later = Promise.withResolvers<Exchange>();
			await using server = await listen(subject, {
				request(exchange) {
					if (exchange.target === '/now') exchange.cut('over');
					else later.resolve(exchange);
				}
			});
			await using now = await RawConnection.open(server.port);
			now.write(get.replace('/', '/now'));
			await now.closed();
			await using other = await RawConnection.open(server.port);
			other.write(get);
			const exchange = await later.promise;
			exchange.cut('over');
			await other.closed();
			expect([now.rest.byteLength, other.rest.byteLength]).toEqual([0, 0]);
			await exchange.send({ status: 200, headers: [] }, null);
			expect(server.errors).toEqual([]);
		});

		it('leaves an answer that is complete, though somebody would cut it', async () => {
			await using server = await listen(subject, {
				async request(exchange) {
					await exchange.send({ status: 200, headers: [] }, Buffer.from('all'));
					exchange.cut('over');
				}
			});
			await using connection = await RawConnection.open(server.port);
			for (let count = 0; count < 2; count += 1) {
				connection.write(get);
				expect((await connection.response()).body.toString()).toBe('all');
			}
			expect(server.errors).toEqual([]);
		});

		it('tells the app when the client leaves in the middle, once and why, and cancels the stream', async () => {
			const aborts: unknown[] = [];
			const done = Promise.withResolvers<Exchange>();
			const stream = source([Buffer.from('first'), new Promise<never>(() => {})]);
			await using server = await listen(subject, {
				request(exchange) {
					exchange.onAbort((reason) => aborts.push(reason));
					void exchange
						.send({ status: 200, headers: [] }, stream)
						.then(() => done.resolve(exchange));
				}
			});
			const connection = await RawConnection.open(server.port);
			connection.write(get);
			await connection.received(1);
			await connection[Symbol.asyncDispose]();
			expect((await done.promise).aborted).toBe(true);
			expect(aborts).toMatchObject([
				{ name: 'AbortError', message: 'The client has left before the response was complete' }
			]);
			expect(stream.reason).toBe(aborts[0]);
		});

		it('is done with a large answer when the client leaves before it has taken it', async () => {
			const sent = Promise.withResolvers<void>();
			await using server = await listen(subject, {
				request(exchange) {
					void exchange.send({ status: 200, headers: [] }, pattern(20_000_000)).then(sent.resolve);
				}
			});
			const connection = await RawConnection.open(server.port);
			connection.socket.once('data', () => connection.socket.pause());
			connection.write(get);
			await connection.received(1);
			await connection[Symbol.asyncDispose]();
			await sent.promise;
		});

		it('does not mind an answer to a client that has left', async () => {
			const stream = source([Buffer.from('late')]);
			const gone = Promise.withResolvers<void>();
			await using server = await listen(subject, {
				request(exchange) {
					exchange.onAbort(() => {
						void exchange
							.send({ status: 200, headers: [] }, stream)
							.then(gone.resolve, gone.reject);
					});
				}
			});
			const connection = await RawConnection.open(server.port);
			connection.write(get);
			await connection[Symbol.asyncDispose]();
			await gone.promise;
			expect(stream.reason).toMatchObject({ name: 'AbortError' });
		});

		it('answers after an await of a timer', async () => {
			await using server = await listen(subject, {
				request(exchange) {
					setTimeout(() => void exchange.send({ status: 200, headers: [] }, pattern(50_000)), 5);
				}
			});
			expect((await rawRequest(server.port, get)).body.byteLength).toBe(50_000);
		});
	});

	fileSuite(subject, answering);
}

function fileSuite(
	subject: Subject,
	answering: (head: ResponseHead, body: () => ResponseBody) => Promise<Listening>
): void {
	describe(`${subject.name}: files`, () => {
		const content = pattern(3_000_017);
		let folder = '';
		let path = '';

		beforeAll(() => {
			folder = mkdtempSync(join(tmpdir(), 'engine-'));
			path = join(folder, 'a file.bin');
			writeFileSync(path, content);
		});

		afterAll(() => rmSync(folder, { recursive: true }));

		it.each([
			[0, content.byteLength],
			[0, 1],
			[content.byteLength - 1, 1],
			[100_000, 200_001],
			[5, 0]
		])('sends the bytes from %i, %i of them', async (start, length) => {
			const headers: [string, string][] = [['content-length', String(length)]];
			await using server = await answering({ status: 206, headers }, () => ({
				path,
				start,
				length
			}));
			const response = await slowRequest(server.port);
			expect(values(response, 'content-length')).toEqual([String(length)]);
			expect(response.body.equals(content.subarray(start, start + length))).toBe(true);
		});

		it('answers 500 for a file that is gone, and says so', async () => {
			const failed = Promise.withResolvers<unknown>();
			await using server = await listen(subject, {
				request(exchange) {
					const body = { path: join(folder, 'gone'), start: 0, length: 10 };
					exchange.send({ status: 200, headers: [] }, body).catch(failed.resolve);
				}
			});
			expect((await rawRequest(server.port, get)).status).toBe(500);
			expect(await failed.promise).toMatchObject({ code: 'ENOENT' });
		});

		it('cuts the connection when a file has become shorter', async () => {
			const body = { path, start: content.byteLength - 10, length: 100 };
			await using server = await answering({ status: 200, headers: [] }, () => body);
			await using connection = await RawConnection.open(server.port);
			connection.write(get);
			await connection.closed();
			const end = connection.rest.indexOf('\r\n\r\n') + 4;
			expect(connection.rest.byteLength - end).toBeLessThanOrEqual(10);
		});

		it('leaves no file open: after a whole answer, a part, one that fails, and one that is cut', async () => {
			const large = join(folder, 'large');
			writeFileSync(large, '');
			truncateSync(large, 256 * 1024 * 1024);
			const bodies = {
				'/whole': { path, start: 0, length: content.byteLength },
				'/part': { path, start: 5, length: 1 },
				'/short': { path, start: content.byteLength - 10, length: 100 },
				'/cut': { path: large, start: 0, length: 256 * 1024 * 1024 }
			};
			for (const [target, body] of Object.entries(bodies)) {
				const sent = Promise.withResolvers<void>();
				await using server = await listen(subject, {
					request(exchange) {
						const answer = exchange.send({ status: 200, headers: [] }, body);
						void answer.then(sent.resolve, () => sent.resolve());
					}
				});
				await using connection = await RawConnection.open(server.port);
				connection.write(`GET ${target} HTTP/1.1\r\nHost: h\r\n\r\n`);
				if (target === '/cut') {
					await connection.received(1);
					expect(subject.openFiles(body.path)).toBe(1);
					await connection[Symbol.asyncDispose]();
				}
				await sent.promise;
				// a read that was under way when it was cut is waited for
				if (target === '/cut') await expect.poll(() => subject.openFiles(body.path)).toBe(0);
				else expect([target, subject.openFiles(body.path)]).toEqual([target, 0]);
			}
		});
	});
}

/** A response read with pauses, so that the engine meets a full socket. */
async function slowRequest(port: number) {
	await using connection = await RawConnection.open(port);
	connection.socket.pause();
	connection.write(get);
	await new Promise((resolve) => setTimeout(resolve, 20));
	connection.socket.resume();
	return await connection.response();
}

interface Source extends ByteSource {
	isCancelled: boolean;
	/** Why it was. */
	reason: unknown;
}

/** A source of these chunks that remembers whether it was cancelled. */
function source(chunks: Iterable<Uint8Array | Promise<Uint8Array>>): Source {
	const iterator = chunks[Symbol.iterator]();
	return {
		isCancelled: false,
		reason: undefined,
		async read() {
			const { done, value } = iterator.next();
			if (done || this.isCancelled) return { done: true };
			const stopped = new Promise<undefined>((resolve) => (this.stop = () => resolve(undefined)));
			const chunk = await Promise.race([value, stopped]);
			return chunk === undefined ? { done: true } : { done: false, value: chunk };
		},
		stop() {},
		cancel(reason) {
			this.reason ??= reason;
			this.isCancelled = true;
			this.stop();
			return Promise.resolve();
		}
	} as Source & { stop: () => void };
}

/** Pieces of growing sizes, some larger than any buffer on the way. */
function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
	let size = 1;
	for (let start = 0; start < bytes.byteLength;) {
		yield bytes.subarray(start, start + size);
		start += size;
		size = (size * 7 + 13) % 300_000;
	}
}

/** Pieces of 64 KiB, as streams in Node give them. */
function* even(bytes: Uint8Array): Generator<Uint8Array> {
	for (let start = 0; start < bytes.byteLength; start += 65_536) {
		yield bytes.subarray(start, start + 65_536);
	}
}

function pattern(size: number): Buffer {
	const bytes = Buffer.allocUnsafe(size);
	for (let index = 0; index < size; index += 1) bytes[index] = (index * 31 + (index >> 8)) % 256;
	return bytes;
}

function digest(bytes: Uint8Array): string {
	return createHash('sha1').update(bytes).digest('hex');
}
