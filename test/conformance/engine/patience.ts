import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { RawConnection } from '../../support/raw.ts';
import { listen, type Subject } from './subject.ts';

/** Longer than any time-out of an engine for a connection that makes no progress: uWS has one of ten seconds. */
const pause = 13_000;

/** What an engine must put up with for a long time. */
export function patienceSuite(subject: Subject): void {
	describe.concurrent(`${subject.name}: patience`, () => {
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
	});
}
