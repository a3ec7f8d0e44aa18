import { createServer } from 'node:http';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../../src/server/engine/engine.ts';
import { freePort } from '../../support/free-port.ts';
import { RawConnection, rawRequest, values } from '../../support/raw.ts';
import { tempFolder } from '../../unit/support/folder.ts';
import { listen, type Listening, type Subject } from './subject.ts';

/** What an engine must make of a request. */
export function requestSuite(subject: Subject): void {
	describe(`${subject.name}: requests`, () => {
		it('hands over method, target and every header as they were sent', async () => {
			const seen = Promise.withResolvers<Exchange>();
			await using server = await listen(subject, {
				request(exchange) {
					seen.resolve(exchange);
					void exchange.send({ status: 200, headers: [] }, null);
				}
			});
			await rawRequest(
				server.port,
				'PURGE /a/../b%20c?x=%zz&y HTTP/1.1\r\nHost: h\r\nX-Twice: 1\r\nx-twice: 2\r\nX-Name: caf\u00e9s\r\n\r\n'
			);
			const exchange = await seen.promise;
			expect(exchange.method).toBe('PURGE');
			const { rawTarget: isResolved, repeatedHeaders: areJoined } = subject.lacks ?? {};
			expect(exchange.target).toBe(isResolved ? '/b%20c?x=%zz&y' : '/a/../b%20c?x=%zz&y');
			const twice = exchange.headers.filter(([name]) => name === 'x-twice');
			expect(twice.map(([, value]) => value)).toEqual(areJoined ? ['1, 2'] : ['1', '2']);
			expect(exchange.header('x-twice')).toBe('1, 2');
			expect(exchange.header('absent')).toBeUndefined();
			// the bytes of the UTF-8 form, one character each
			expect(exchange.header('x-name')).toBe('caf\u00c3\u00a9s');
		});

		it('keeps the target of a query that is empty apart from one that is absent', async () => {
			const targets: string[] = [];
			await using server = await listen(subject, {
				request(exchange) {
					targets.push(exchange.target);
					void exchange.send({ status: 200, headers: [] }, null);
				}
			});
			await rawRequest(server.port, get('/a'));
			await rawRequest(server.port, get('/a?'));
			expect(targets).toEqual(['/a', '/a?']);
		});

		/** What the engine and, if it is there, Node's own request say. */
		const addresses = ({ address, incoming }: Exchange) => [
			address,
			incoming === undefined ? address : incoming.socket.remoteAddress
		];

		it("knows the client's address when the request is over, though nobody has asked before", async () => {
			const exchanges: Exchange[] = [];
			await using server = await listen(subject, {
				request(exchange) {
					exchanges.push(exchange);
					void exchange.send({ status: 200, headers: [] }, Buffer.from('here'));
				}
			});
			for (const localAddress of ['127.0.0.1', '127.0.0.2']) {
				const socket = connect({ host: '127.0.0.1', port: server.port, localAddress });
				socket.write(get('/').replace('\r\n', '\r\nConnection: close\r\n'));
				await once(socket.resume(), 'close');
			}
			expect(exchanges.map(addresses)).toEqual([
				['127.0.0.1', '127.0.0.1'],
				['127.0.0.2', '127.0.0.2']
			]);
		});

		it("knows the client's address when the client has left without an answer", async () => {
			const seen = Promise.withResolvers<Exchange>();
			await using server = await listen(subject, { request: seen.resolve });
			const connection = await RawConnection.open(server.port);
			connection.write(get('/'));
			const exchange = await seen.promise;
			const gone = new Promise<void>((resolve) => exchange.onAbort(() => resolve()));
			await connection[Symbol.asyncDispose]();
			await gone;
			expect(addresses(exchange)).toEqual(['127.0.0.1', '127.0.0.1']);
		});

		/** The address of a client of a server that listens there. */
		async function addressAt(options: { host: string; port: number } | { path: string }) {
			const seen = Promise.withResolvers<Exchange>();
			const handlers = { request: seen.resolve, upgrade: () => {}, error: () => {} };
			const engine = await subject.create({}, handlers);
			const bound = await engine.listen(options);
			if ('fd' in bound) throw new Error('It listens on a descriptor');
			const socket = connect(bound);
			socket.write(get('/'));
			const exchange = await seen.promise;
			await exchange.send({ status: 200, headers: [] }, null);
			socket.destroy();
			engine.close();
			return exchange.address;
		}

		const hasIpv6 = Object.values(networkInterfaces()).some((each) =>
			each?.some(({ address }) => address === '::1')
		);

		it.runIf(hasIpv6)('knows an address of IPv6 in its short form', async () => {
			expect(await addressAt({ host: '::1', port: 0 })).toBe('::1');
		});

		it('knows no address of a client of a unix socket', async () => {
			using folder = tempFolder();
			expect(await addressAt({ path: join(folder.path, 'a.sock') })).toBe('');
		});

		it('keeps everything about a request for later turns', async () => {
			const later = Promise.withResolvers<unknown[]>();
			await using server = await listen(subject, {
				async request(exchange) {
					await sleep(5);
					later.resolve([exchange.method, exchange.target, exchange.header('x-a')]);
					await exchange.send({ status: 200, headers: [] }, null);
				}
			});
			await rawRequest(server.port, 'PUT /later?x HTTP/1.1\r\nHost: h\r\nX-A: 1\r\n\r\n');
			expect(await later.promise).toEqual(['PUT', '/later?x', '1']);
		});

		it('takes 12 KiB of headers, and refuses 100 KiB', async () => {
			await using server = await listen(subject, {
				request: (exchange) =>
					void exchange.send(
						{ status: 200, headers: [] },
						Buffer.from(String(exchange.header('cookie')?.length))
					)
			});
			const request = (length: number) =>
				`GET / HTTP/1.1\r\nHost: h\r\nCookie: ${'x'.repeat(length)}\r\n\r\n`;
			expect((await rawRequest(server.port, request(12_288))).body.toString()).toBe('12288');
			await using connection = await RawConnection.open(server.port);
			connection.write(request(102_400));
			expect((await connection.response()).status).toBe(431);
			await connection.closed();
		});

		it('goes on after a GET that has a body', async () => {
			await using server = await listen(subject, { request: (exchange) => void echo(exchange) });
			await using connection = await RawConnection.open(server.port);
			connection.write('GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody');
			const { body } = await connection.response();
			expect(body.toString()).toBe(subject.lacks?.bodyOfGet ? '' : 'body');
			connection.write(get('/'));
			expect((await connection.response()).status).toBe(200);
		});

		it('survives requests that come before the first one is answered', async () => {
			await using server = await listen(subject, {
				async request(exchange) {
					await sleep(5);
					await exchange.send({ status: 200, headers: [] }, Buffer.from(exchange.target));
				}
			});
			await using connection = await RawConnection.open(server.port);
			connection.write(get('/1') + get('/2') + get('/3'));
			await Promise.race([connection.closed(), connection.received(200)]);
			expect((await rawRequest(server.port, get('/4'))).body.toString()).toBe('/4');
		});

		it('has no body where the headers announce none', async () => {
			await using server = await listen(subject, {
				request: (exchange) =>
					void exchange.send({ status: exchange.body() === null ? 200 : 500, headers: [] }, null)
			});
			expect((await rawRequest(server.port, 'POST / HTTP/1.1\r\nHost: h\r\n\r\n')).status).toBe(
				200
			);
			const zero = 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n';
			expect((await rawRequest(server.port, zero)).status).toBe(200);
		});

		it('reads a body with a length and a chunked one, in as many pieces as they come', async () => {
			await using server = await listen(subject, { request: (exchange) => void echo(exchange) });
			await using connection = await RawConnection.open(server.port);
			connection.write('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhello');
			connection.write('world');
			expect((await connection.response()).body.toString()).toBe('helloworld');
			connection.write('POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel');
			connection.write('lo\r\n6\r\n there\r\n0\r\n\r\n');
			expect((await connection.response()).body.toString()).toBe('hello there');
		});

		it('keeps a chunk as it is while later ones arrive', async () => {
			const chunks: Uint8Array[] = [];
			await using server = await listen(subject, {
				request: (exchange) => void collect(exchange, chunks)
			});
			await using connection = await RawConnection.open(server.port);
			const body = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
			connection.write(`POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${body.byteLength}\r\n\r\n`);
			connection.write(body);
			await connection.response();
			expect(Buffer.concat(chunks).equals(body)).toBe(true);
		});

		it('reads an upload no faster than the app does, and loses nothing of it', async () => {
			const total = 48 * 1024 * 1024;
			const limit = 16 * 1024 * 1024;
			let ahead = 0;
			await using server = await listen(subject, {
				request: (exchange) => void readSlowly(exchange, () => sent())
			});
			await using connection = await RawConnection.open(server.port);
			const { socket } = connection;
			const head = `POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${total}\r\n\r\n`;
			const sent = () => socket.bytesWritten - socket.writableLength - head.length;
			connection.write(head);
			const block = Buffer.alloc(1024 * 1024, 'x');
			for (let left = total; left > 0; left -= block.byteLength) connection.write(block);
			const { body } = await connection.response();
			expect(body.toString()).toBe(`read ${total}`);
			// what lies between the two is in the kernel and in one stream's queue
			expect(ahead).toBeLessThan(limit);

			async function readSlowly(exchange: Exchange, sentSoFar: () => number): Promise<void> {
				let read = 0;
				for await (const chunk of exchange.body()?.stream ?? []) {
					read += chunk.byteLength;
					ahead = Math.max(ahead, sentSoFar() - read);
					await new Promise((resolve) => setImmediate(resolve));
				}
				await exchange.send({ status: 200, headers: [] }, Buffer.from(`read ${read}`));
			}
		});

		it.each([0, 1, 100_000, 1_000_000])(
			'gives all of a body at once to whoever asks for it: %i bytes',
			async (size) => {
				await using server = await listen(subject, {
					async request(exchange) {
						const bytes = await exchange.body()?.bytes();
						const isIntact = bytes?.every((byte) => byte === 120) ?? true;
						const text = `${bytes?.byteLength ?? 'none'} ${isIntact}`;
						await exchange.send({ status: 200, headers: [] }, Buffer.from(text));
					}
				});
				await using connection = await RawConnection.open(server.port);
				connection.write(`POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${size}\r\n\r\n`);
				connection.write(Buffer.alloc(size, 'x'));
				const answer = await connection.response();
				expect(answer.body.toString()).toBe(size === 0 ? 'none true' : `${size} true`);
			}
		);

		it('fails a body that is wanted at once when the client leaves in the middle of it', async () => {
			const failed = Promise.withResolvers<unknown>();
			const started = Promise.withResolvers<void>();
			await using server = await listen(subject, {
				request(exchange) {
					exchange.body()?.bytes().catch(failed.resolve);
					started.resolve();
				}
			});
			const connection = await RawConnection.open(server.port);
			connection.write('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\npart');
			await started.promise;
			await connection[Symbol.asyncDispose]();
			expect(await failed.promise).toMatchObject({
				name: 'AbortError',
				message: 'The client has left before the response was complete'
			});
		});

		it('fails the body when the client leaves in the middle of it', async () => {
			const failed = Promise.withResolvers<unknown>();
			const started = Promise.withResolvers<void>();
			await using server = await listen(subject, {
				request(exchange) {
					collect(exchange, [], started.resolve).catch(failed.resolve);
				}
			});
			const connection = await RawConnection.open(server.port);
			connection.write('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\npart');
			await started.promise;
			await connection[Symbol.asyncDispose]();
			expect(await failed.promise).toMatchObject({
				name: 'AbortError',
				message: 'The client has left before the response was complete'
			});
		});

		it('stays usable for the next request when a body was not read', async () => {
			await using server = await listen(subject, {
				request(exchange) {
					exchange.body();
					void exchange.send({ status: 200, headers: [] }, Buffer.from(exchange.target));
				}
			});
			await using connection = await RawConnection.open(server.port);
			connection.write(`POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 200000\r\n\r\n`);
			expect((await connection.response()).body.toString()).toBe('/1');
			connection.write(Buffer.alloc(200_000, 'x'));
			connection.write(get('/2'));
			expect((await connection.response()).body.toString()).toBe('/2');
		});

		it('stays usable for the next request when there was far more body than it has taken', async () => {
			await using server = await listen(subject, {
				async request(exchange) {
					if (exchange.body()) await sleep(50);
					await exchange.send({ status: 200, headers: [] }, Buffer.from(exchange.target));
				}
			});
			await using connection = await RawConnection.open(server.port);
			const size = 16 * 1024 * 1024;
			connection.write(`POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: ${size}\r\n\r\n`);
			connection.write(Buffer.alloc(size, 'x'));
			expect((await connection.response()).body.toString()).toBe('/1');
			connection.write(get('/2'));
			expect((await connection.response()).body.toString()).toBe('/2');
		});

		it('takes a body off the connection that the app does not want, before it answers', async () => {
			const answer = Promise.withResolvers<void>();
			await using server = await listen(subject, {
				async request(exchange) {
					const body = exchange.body();
					await sleep(50);
					await body?.stream.cancel();
					await answer.promise;
					await exchange.send({ status: 200, headers: [] }, null);
				}
			});
			await using connection = await RawConnection.open(server.port);
			const size = 16 * 1024 * 1024;
			connection.write(`POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${size}\r\n\r\n`);
			connection.write(Buffer.alloc(size, 'x'));
			await expect.poll(() => connection.socket.writableLength).toBe(0);
			answer.resolve();
			expect((await connection.response()).status).toBe(200);
		});

		it('does not mind a handler that never answers a client that leaves', async () => {
			const aborted = Promise.withResolvers<void>();
			await using server = await listen(subject, {
				request: (exchange) => exchange.onAbort(() => aborted.resolve())
			});
			const connection = await RawConnection.open(server.port);
			connection.write(get('/'));
			connection.socket.end();
			await connection[Symbol.asyncDispose]();
			await aborted.promise;
		});

		describe('that must not reach the app', () => {
			const refused: Record<string, string> = {
				'two hosts': 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
				'a host that is a path': 'GET / HTTP/1.1\r\nHost: a/rest/admin?x=\r\n\r\n',
				'a host with a space': 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n',
				'a host with a user': 'GET / HTTP/1.1\r\nHost: a@b\r\n\r\n',
				'a host with a port that is none': 'GET / HTTP/1.1\r\nHost: a:b\r\n\r\n',
				'a target that goes on with the host': 'GET *.evil/admin HTTP/1.1\r\nHost: a\r\n\r\n',
				'two lengths':
					'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx',
				'the same length twice':
					'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx',
				'an empty length': 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n',
				'a length that is no number': 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1x\r\n\r\nx',
				'another transfer-encoding':
					'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n0\r\n\r\n',
				'a transfer-encoding after chunked':
					'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n',
				'a method that is no token': 'G(T / HTTP/1.1\r\nHost: a\r\n\r\n'
			};

			it.each(Object.entries(refused))('refuses %s and closes', async (_, request) => {
				let count = 0;
				await using server = await listen(subject, {
					request(exchange) {
						count += 1;
						void exchange.send({ status: 200, headers: [] }, null);
					}
				});
				await using connection = await RawConnection.open(server.port);
				connection.write(request);
				const { status } = await connection.response();
				expect(status).toBeGreaterThanOrEqual(400);
				expect(status).toBeLessThan(506);
				await connection.closed();
				expect(count).toBe(0);
			});

			const behind = 'GET /behind HTTP/1.1\r\nHost: a\r\n\r\n';

			it.each(Object.entries(refused))(
				'lets nothing through that follows %s on its connection',
				async (_, request) => {
					const targets: string[] = [];
					await using server = await listen(subject, {
						request(exchange) {
							targets.push(exchange.target);
							void exchange.send({ status: 200, headers: [] }, null);
						}
					});
					const together = await RawConnection.open(server.port);
					together.write(request + behind + behind);
					await together.closed();
					const later = await RawConnection.open(server.port);
					later.write(request);
					later.write(behind);
					await later.closed();
					// more than one turn later the process still stands, and has seen nothing else
					expect((await rawRequest(server.port, get('/alive'))).status).toBe(200);
					expect(targets).toEqual(['/alive']);
				}
			);

			it('closes a connection on which another request was still open, and lets nothing follow', async () => {
				const targets: string[] = [];
				const arrived = Promise.withResolvers<Exchange>();
				await using server = await listen(subject, {
					request(exchange) {
						targets.push(exchange.target);
						arrived.resolve(exchange);
					}
				});
				await using connection = await RawConnection.open(server.port);
				connection.write(get('/slow') + (refused['two hosts'] ?? '') + behind);
				const exchange = await arrived.promise;
				await exchange.send({ status: 200, headers: [] }, null);
				await connection.closed();
				expect(targets).toEqual(['/slow']);
			});

			it('does not mind a client that is gone before it is refused', async () => {
				await using server = await listen(subject, {
					request: (exchange) => void exchange.send({ status: 200, headers: [] }, null)
				});
				const connection = await RawConnection.open(server.port);
				connection.write(refused['two hosts'] ?? '');
				await connection[Symbol.asyncDispose]();
				expect((await rawRequest(server.port, get('/'))).status).toBe(200);
			});
		});

		it('lets nothing through that stands in a body which was not read', async () => {
			const targets: string[] = [];
			await using server = await listen(subject, {
				request(exchange) {
					targets.push(exchange.target);
					const status = exchange.method === 'POST' ? 413 : 200;
					void exchange.send({ status, headers: [] }, null);
				}
			});
			const hidden = get('/hidden').repeat(3);
			for (const [header, body] of [
				[`Content-Length: ${hidden.length}`, hidden],
				['Transfer-Encoding: chunked', `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`]
			]) {
				await using connection = await RawConnection.open(server.port);
				connection.write(`POST / HTTP/1.1\r\nHost: h\r\n${header}\r\n\r\n${body}`);
				expect((await connection.response()).status).toBe(413);
				connection.write(get('/next'));
				expect((await connection.response()).status).toBe(200);
			}
			expect(targets).toEqual(['/', '/next', '/', '/next']);
		});

		it.each<[string, string]>([
			['throws', 'sync'],
			['rejects', 'async']
		])('answers 500 where a handler %s, and reports it once', async (_, how) => {
			const failure = new Error('broken handler');
			await using server = await listen(subject, {
				request() {
					if (how === 'sync') throw failure;
					return Promise.reject(failure);
				}
			});
			const response = await rawRequest(server.port, get('/'));
			expect([response.status, response.reason]).toEqual([500, 'Internal Server Error']);
			expect(server.errors).toEqual([{ error: failure, where: 'request' }]);
		});

		it('reports a handler that rejects while its answer is on its way, which goes on', async () => {
			const failure = new Error('too early');
			const chunks = [Promise.resolve(Buffer.from('first ')), sleep(50, Buffer.from('second'))];
			const body = {
				async read() {
					const value = await chunks.shift();
					return value ? { done: false as const, value } : { done: true as const };
				},
				cancel: () => Promise.resolve()
			};
			await using server = await listen(subject, {
				request(exchange) {
					void exchange.send({ status: 200, headers: [] }, body);
					return sleep(10).then(() => Promise.reject(failure));
				}
			});
			const response = await rawRequest(server.port, get('/'));
			expect([response.status, response.body.toString()]).toEqual([200, 'first second']);
			expect(server.errors).toEqual([{ error: failure, where: 'request' }]);
		});

		it('reports a handler that rejects after its answer', async () => {
			const failure = new Error('too late');
			await using server = await listen(subject, {
				async request(exchange) {
					await exchange.send({ status: 200, headers: [] }, null);
					throw failure;
				}
			});
			expect((await rawRequest(server.port, get('/'))).status).toBe(200);
			await expect.poll(() => server.errors).toEqual([{ error: failure, where: 'request' }]);
		});
	});

	describe(`${subject.name}: listening`, () => {
		it('says which port it took', async () => {
			await using server = await listen(subject, {});
			expect(server.port).toBeGreaterThan(0);
		});

		it('fails on a port that an engine of its own kind listens on', async () => {
			// uWebSockets.js would never share a port that the system has chosen
			const place = { host: '127.0.0.1', port: Number(await freePort()) };
			const handlers = { request() {}, upgrade() {}, error() {} };
			const first = await subject.create({}, handlers);
			await first.listen(place);
			const second = await subject.create({}, handlers);
			await expect(second.listen(place)).rejects.toMatchObject({
				code: 'listen_failed',
				message: expect.stringMatching(
					/^\[svelte-adapter-ws\] Cannot listen on 127\.0\.0\.1:\d+ \(EADDRINUSE\)\. /
				)
			});
			first.close();
			second.close();
		});

		it('fails on a port that another program listens on', async () => {
			const other = createServer().listen(0, '127.0.0.1');
			await once(other, 'listening');
			const { port } = other.address() as AddressInfo;
			const engine = await subject.create({}, { request() {}, upgrade() {}, error() {} });
			await expect(engine.listen({ host: '127.0.0.1', port })).rejects.toThrow('EADDRINUSE');
			engine.close();
			other.close();
		});

		it('finishes the request under way when it stops, and accepts no other connection', async () => {
			const arrived = Promise.withResolvers<Exchange>();
			await using server = await listen(subject, { request: arrived.resolve });
			await using connection = await RawConnection.open(server.port);
			connection.write(get('/'));
			const exchange = await arrived.promise;
			void server.engine.stop();
			void server.engine.stop();
			await expect(RawConnection.open(server.port)).rejects.toThrow('ECONNREFUSED');
			await exchange.send({ status: 200, headers: [] }, null);
			const { status, headers } = await connection.response();
			expect(status).toBe(200);
			// or the client would go on here, beside a server that has come instead
			expect(new Map(headers).get('connection')).toBe('close');
		});

		it('goes on accepting for as long as it has patience, and has every client come on another connection', async () => {
			await using server = await listen(subject, {
				request: (exchange) => exchange.send({ status: 200, headers: [] }, exchange.target)
			});
			await using kept = await RawConnection.open(server.port);
			kept.write(get('/before'));
			expect(values(await kept.response(), 'connection')).not.toContain('close');
			const stopped = server.engine.stop(60_000);
			await using late = await RawConnection.open(server.port);
			for (const connection of [kept, late]) {
				connection.write(get('/after'));
				expect(values(await connection.response(), 'connection')).toEqual(['close']);
			}
			await stopped;
			await expect(RawConnection.open(server.port)).rejects.toThrow('ECONNREFUSED');
		});

		it('reads on what is uploaded though it was answered, while it stops', async () => {
			await using server: Listening = await listen(subject, {
				request(exchange) {
					void server.engine.stop(60_000);
					return exchange.send({ status: 200, headers: [] }, 'early');
				}
			});
			const client = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
			const failed = once(client, 'error');
			const part = 'x'.repeat(1_000_000);
			client.write(`POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 8000000\r\n\r\n${part}`);
			let answer = '';
			client.setEncoding('latin1').on('data', (text: string) => (answer += text));
			await expect.poll(() => answer).toContain('early');
			for (let count = 1; count < 8; count += 1) {
				const written = new Promise((resolve) => client.write(part, resolve));
				expect(await Promise.race([written, failed])).toBeFalsy();
			}
			client.destroy();
		});

		it('cuts open connections when it closes, twice without harm', async () => {
			const arrived = Promise.withResolvers<void>();
			await using server = await listen(subject, {
				request(exchange) {
					if (exchange.target === '/slow') arrived.resolve();
					else void exchange.send({ status: 200, headers: [] }, null);
				}
			});
			await using idle = await RawConnection.open(server.port);
			idle.write(get('/'));
			await idle.response();
			await using begun = await RawConnection.open(server.port);
			begun.write(`${get('/')}GET /half HT`);
			await begun.response();
			await using waiting = await RawConnection.open(server.port);
			waiting.write(get('/slow'));
			await arrived.promise;
			server.engine.close();
			server.engine.close();
			const all = [idle, begun, waiting];
			await expect.poll(() => all.map(({ isClosed }) => isClosed)).toEqual([true, true, true]);
		});

		it('is harmless to publish with sockets off, before listening and after closing', async () => {
			await using server = await listen(subject, { sockets: false });
			server.engine.publish('topic', 'text', false);
			expect(server.engine.subscribers('topic')).toBe(0);
			const idle = await subject.create({}, { request() {}, upgrade() {}, error() {} });
			idle.publish('topic', 'text', false);
			await using withSockets = await listen(subject, {});
			withSockets.engine.publish('topic', 'text', false);
			for (const { engine } of [server, withSockets]) {
				engine.close();
				engine.publish('topic', 'text', false);
				expect(engine.subscribers('topic')).toBe(0);
			}
			idle.close();
		});
	});
}

function get(target: string): string {
	return `GET ${target} HTTP/1.1\r\nHost: h\r\n\r\n`;
}

async function collect(
	exchange: Exchange,
	chunks: Uint8Array[],
	onChunk: () => void = () => {}
): Promise<void> {
	for await (const chunk of exchange.body()?.stream ?? []) {
		chunks.push(chunk);
		onChunk();
	}
	await exchange.send({ status: 200, headers: [] }, null);
}

async function echo(exchange: Exchange): Promise<void> {
	const body = exchange.body();
	await exchange.send({ status: 200, headers: [] }, body === null ? null : body.stream.getReader());
}
