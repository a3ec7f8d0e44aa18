import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createCertificate } from '../../support/certificate.ts';
import { connectClient, openClient, type Client } from '../../support/client.ts';
import { RawConnection } from '../../support/raw.ts';
import { accepting, handshake } from './accepting.ts';
import { listen, type Subject } from './subject.ts';

/** Longer than any time-out of an engine for a connection that makes no progress: uWS has one of ten seconds. */
const pause = 13_000;

/** What an engine must put up with for a long time. */
export function patienceSuite(subject: Subject): void {
	describe.concurrent(`${subject.name}: patience`, () => {
		// the longest first: not all run at the same time
		it(
			'keeps sockets of clients that live while the process is stopped, or busy, for longer than they may be silent',
			{ timeout: 40_000 },
			async () => {
				await Promise.all([
					survive(async (server) => {
						server.kill('SIGSTOP');
						await sleep(pause);
						server.kill('SIGCONT');
					}),
					survive((_, client) => client.send(`block ${pause}`))
				]);
			}
		);

		it('keeps a stream whose client stops reading for a while', { timeout: 40_000 }, async () => {
			const total = 12 * 1024 * 1024;
			let left = total;
			await using server = await listen(subject, {
				request(exchange) {
					const body = {
						read() {
							if (left === 0) return Promise.resolve({ done: true as const });
							left -= 65_536;
							return Promise.resolve({ done: false as const, value: new Uint8Array(65_536) });
						},
						cancel: () => Promise.resolve()
					};
					void exchange.send({ status: 200, headers: [] }, body);
				}
			});
			await using connection = await RawConnection.open(server.port);
			connection.socket.pause();
			connection.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
			await sleep(pause);
			expect(left).toBeGreaterThan(0);
			connection.socket.resume();
			expect((await connection.response()).body.byteLength).toBe(total);
		});

		it('keeps a stream that has nothing to say for a while', { timeout: 40_000 }, async () => {
			let count = 0;
			await using server = await listen(subject, {
				request(exchange) {
					const body = {
						async read() {
							count += 1;
							if (count === 2) await sleep(pause);
							if (count === 3) return { done: true as const };
							return { done: false as const, value: Buffer.from(`event ${count} `) };
						},
						cancel: () => Promise.resolve()
					};
					void exchange.send({ status: 200, headers: [] }, body);
				}
			});
			await using connection = await RawConnection.open(server.port);
			connection.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
			expect((await connection.response()).body.toString()).toBe('event 1 event 2 ');
		});

		it(
			'keeps a client that takes what is queued for longer than it may be silent',
			{ timeout: 40_000 },
			async () => {
				const options = { maxBackpressure: 64 * 1024 * 1024, idleTimeout };
				await using server = await accepting(subject, { sockets: options });
				await using client = await openClient(server.port, { autoPong: false });
				const { socket } = await server.next();
				client.ws.pause();
				for (let count = 0; count < 400; count += 1) socket.send(new Uint8Array(100_000), false);
				readSlowly(client, 400);
				socket.send('the end', false);
				while ((await client.message()) !== 'the end');
				expect(socket.bufferedAmount).toBe(0);
			}
		);

		it('waits for an answer that takes a while', { timeout: 40_000 }, async () => {
			await using server = await listen(subject, {
				async request(exchange) {
					await sleep(pause);
					await exchange.send({ status: 200, headers: [] }, Buffer.from('late'));
				}
			});
			await using connection = await RawConnection.open(server.port);
			connection.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
			expect((await connection.response()).body.toString()).toBe('late');
		});

		it(
			'pings early, and drops a socket that is silent, and none that only answers pings',
			{ timeout: 40_000 },
			async () => {
				await using server = await runAlone(subject);
				const opened = performance.now();
				await using silent = await openClient(server.port, { autoPong: false });
				await using client = await openClient(server.port);
				await once(client.ws, 'ping');
				expect(performance.now() - opened).toBeLessThan(idleTimeout * 500);
				expect(await server.message()).toEqual({ details: [1006, '', 'idle'] });
				expect((await silent.closed).code).toBe(1006);
				expect(performance.now() - opened).toBeGreaterThan(idleTimeout * 1000);
				await once(client.ws, 'ping');
				client.send('alive');
				expect(await client.message()).toBe('alive');
			}
		);

		it('cuts a client that never answers that it was closed', { timeout: 20_000 }, async () => {
			await using server = await accepting(subject);
			await using connection = await RawConnection.open(server.port);
			connection.write(`${handshake}\r\n`);
			const { socket } = await server.next();
			socket.close(4001, '');
			await connection.closed();
		});

		it.each(['ws', 'wss'])(
			'lets a socket that was closed take all its time, as long as it takes something: %s',
			async (scheme) => {
				using certificate = createCertificate();
				const { certPath: cert, keyPath: key, cert: ca } = certificate;
				await using server = await accepting(subject, {
					sockets: { maxBackpressure: 64 * 1024 * 1024, closeTimeout: 1.5 },
					...(scheme === 'wss' && { tls: { cert, key } })
				});
				await using client = await connectClient(`${scheme}://127.0.0.1:${server.port}`, { ca });
				const { socket } = await server.next();
				client.ws.pause();
				for (let count = 0; count < 200; count += 1) socket.send(new Uint8Array(100_000), false);
				socket.close(4001, 'bye');
				readSlowly(client, 150);
				expect(await client.closed).toEqual({ code: 4001, reason: 'bye' });
				expect(client.waiting).toBe(200);
			}
		);
	});

	async function survive(hold: (server: Alone, client: Client) => void | Promise<void>) {
		await using server = await runAlone(subject);
		await using client = await openClient(server.port);
		// whatever the clock of the engine has counted by then
		await once(client.ws, 'ping');
		await hold(server, client);
		client.send('alive');
		expect(await client.message()).toBe('alive');
		for (let count = 0; count < 2; count += 1) await once(client.ws, 'ping');
		client.send('still alive');
		expect(await client.message()).toBe('still alive');
	}
}

/** Read a megabyte, then nothing for so many milliseconds, and so on. */
function readSlowly(client: Client, milliseconds: number): void {
	let received = 0;
	client.connection.on('data', (chunk: Buffer) => {
		received += chunk.byteLength;
		if (received < 1_000_000) return;
		received = 0;
		client.ws.pause();
		setTimeout(() => client.ws.resume(), milliseconds);
	});
	client.ws.resume();
}

/** Seconds: the least that uWS takes. */
const idleTimeout = 8;

interface Alone extends AsyncDisposable {
	port: number;
	kill(signal: NodeJS.Signals): void;
	/** What its process says next. */
	message(): Promise<unknown>;
}

/** The engine in a process of its own. */
async function runAlone({ source: { runtime, module, name } }: Subject): Promise<Alone> {
	const path = fileURLToPath(new URL('child.ts', import.meta.url));
	const child = fork(path, [module, name, String(idleTimeout)], {
		execPath: runtime,
		execArgv: []
	});
	const message = async () => (await once(child, 'message'))[0] as unknown;
	const { port } = (await message()) as { port: number };
	return {
		port,
		message,
		kill: (signal: NodeJS.Signals) => child.kill(signal),
		async [Symbol.asyncDispose]() {
			const exited = once(child, 'exit');
			child.kill('SIGKILL');
			await exited;
		}
	};
}
