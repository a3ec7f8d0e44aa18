import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Exchange } from '../../../src/server/engine/engine.ts';
import { createCertificate, type Certificate } from '../../support/certificate.ts';
import { listen, type Subject } from './subject.ts';

const count = 300;

/** More than connections and their buffers take at once. */
const size = 3_000_000;

const ways: Record<string, (socket: Socket) => void> = {
	'closes the connection': (socket) => socket.destroy(),
	'resets the connection': (socket) => socket.resetAndDestroy(),
	'closes its half of the connection': (socket) => socket.end()
};

/** What an engine must make of a client that asks for much at once, and leaves before it has got it. */
export function pipeliningSuite(subject: Subject): void {
	describe(`${subject.name}: pipelined requests`, () => {
		let folder = '';
		let path = '';
		let certificate: Certificate;

		beforeAll(() => {
			folder = mkdtempSync(join(tmpdir(), 'pipelining-'));
			path = join(folder, 'file.bin');
			writeFileSync(path, Buffer.alloc(size));
			certificate = createCertificate();
		});

		afterAll(() => {
			rmSync(folder, { recursive: true });
			certificate[Symbol.dispose]();
		});

		/** Answers with the file, with nothing for HEAD, or with 304. */
		const answer = (exchange: Exchange): Promise<void> => {
			const status = exchange.target === '/304' ? 304 : 200;
			const headers: [string, string][] = [['content-length', String(size)]];
			return exchange.send({ status, headers }, { path, start: 0, length: size });
		};

		/** What is still under way, while requests may still come in. */
		const left = async (answers: Promise<void>[]) => ({
			areSettled: await settled(answers),
			files: subject.openFiles(path)
		});
		const nothing = { areSettled: true, files: 0 };

		it.each([
			['files', 'GET /'],
			['files and heads', 'HEAD /'],
			['files and 304s', 'GET /304']
		])('leave no file open when the client is gone: %s', async (_, second) => {
			for (const [way, leave] of Object.entries(ways)) {
				const answers: Promise<void>[] = [];
				await using server = await listen(subject, {
					request: (exchange) => void answers.push(answer(exchange))
				});
				const socket = connect(server.port, '127.0.0.1');
				ask(socket, ['GET /', second]);
				await begun(socket);
				leave(socket);
				await expect.poll(() => left(answers), { message: way }).toEqual(nothing);
			}
		});

		it('leave no file open when the client is gone: over TLS', async () => {
			const answers: Promise<void>[] = [];
			const { certPath, keyPath, cert } = certificate;
			await using server = await listen(subject, {
				tls: { cert: certPath, key: keyPath },
				request: (exchange) => void answers.push(answer(exchange))
			});
			const socket = connectTls({ port: server.port, host: '127.0.0.1', ca: cert });
			ask(socket, ['GET /']);
			await begun(socket);
			socket.destroy();
			await expect.poll(() => left(answers)).toEqual(nothing);
		});

		it.each([65_537, size])(
			'or a single one: %i bytes arrive whole over TLS, at a reader that pauses',
			async (length) => {
				const body = pattern(length);
				const { certPath, keyPath, cert } = certificate;
				await using server = await listen(subject, {
					tls: { cert: certPath, key: keyPath },
					request: (exchange) => void exchange.send({ status: 200, headers: [] }, body)
				});
				const socket = connectTls({ port: server.port, host: '127.0.0.1', ca: cert });
				socket.on('error', () => {});
				socket.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
				const received = await slowly(socket, length);
				expect(received.subarray(received.indexOf('\r\n\r\n') + 4).equals(body)).toBe(true);
			}
		);

		it('are answered one after the other, to a reader that pauses too', async () => {
			const body = pattern(10_000);
			await using server = await listen(subject, {
				request: (exchange) =>
					void exchange.send({ status: 200, headers: [['x-number', exchange.target]] }, body)
			});
			const socket = connect(server.port, '127.0.0.1');
			socket.on('error', () => {});
			const requests = Array.from(
				{ length: count },
				(_, index) => `GET /${index} HTTP/1.1\r\nHost: h\r\n\r\n`
			);
			socket.write(requests.join(''));
			const received = await slowly(socket, count * body.byteLength);
			let rest = received;
			for (let index = 0; index < count; index += 1) {
				const end = rest.indexOf('\r\n\r\n') + 4;
				expect(rest.subarray(0, end).toString()).toContain(`x-number: /${index}\r\n`);
				expect(rest.subarray(end, end + body.byteLength).equals(body)).toBe(true);
				rest = rest.subarray(end + body.byteLength);
			}
		});

		it('tell each of their handlers that the client is gone, also of a body that was read', async () => {
			const [asked, gone] = [new Set<Exchange>(), new Set<Exchange>()];
			await using server = await listen(subject, {
				async request(exchange) {
					exchange.onAbort(() => gone.add(exchange));
					asked.add(exchange);
					await exchange
						.body()
						?.stream.pipeTo(new WritableStream())
						.catch(() => {});
				}
			});
			const socket = connect(server.port, '127.0.0.1');
			socket.on('error', () => {});
			const post = 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody';
			socket.write(post.repeat(20));
			await expect.poll(() => asked.size).toBeGreaterThan(0);
			socket.destroy();
			await expect.poll(() => asked.size - gone.size).toBe(0);
		});
	});
}

/** All at once, one of these after the other. */
function ask(socket: Socket, lines: string[]): void {
	socket.on('error', () => {});
	const requests = Array.from(
		{ length: count },
		(_, index) => `${lines[index % lines.length]} HTTP/1.1\r\nHost: h\r\n\r\n`
	);
	socket.write(requests.join(''));
}

/** All that comes until there are so many bytes of bodies: at first nothing is read, until the engine cannot write any more. */
async function slowly(socket: Socket, length: number): Promise<Buffer> {
	socket.pause();
	await new Promise((resolve) => setTimeout(resolve, 100));
	const chunks: Buffer[] = [];
	socket.on('data', (chunk: Buffer) => void chunks.push(chunk));
	socket.resume();
	await expect.poll(() => bodiesOf(Buffer.concat(chunks))).toBeGreaterThanOrEqual(length);
	socket.destroy();
	return Buffer.concat(chunks);
}

/** Bytes that are no heads. */
function bodiesOf(bytes: Buffer): number {
	let heads = 0;
	for (let start = bytes.indexOf('HTTP/1.1 '); start !== -1;) {
		const end = bytes.indexOf('\r\n\r\n', start) + 4;
		heads += end - start;
		start = bytes.indexOf('HTTP/1.1 ', end);
	}
	return bytes.byteLength - heads;
}

function pattern(length: number): Buffer {
	return Buffer.from(Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) % 256));
}

/** The first answer is on its way, or the engine has had enough: uWS takes no request before the last one is answered. */
function begun(socket: Socket): Promise<unknown> {
	return Promise.race([once(socket, 'data'), once(socket, 'close')]);
}

async function settled(answers: Promise<void>[]): Promise<boolean> {
	const nothing = new Promise<false>((resolve) => setImmediate(() => resolve(false)));
	return Promise.race([Promise.allSettled(answers).then(() => true), nothing]);
}
