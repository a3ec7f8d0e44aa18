import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runApp, type RunningApp } from '../support/server.ts';
import { engines, faultsBuild } from './chat.ts';

const megabyte = 1024 * 1024;

describe.each(engines)('on %s', (engine) => {
	let app: RunningApp;

	beforeAll(async () => {
		app = await runApp({
			args: [faultsBuild],
			env: { ENGINE: engine, BODY_SIZE_LIMIT: 'Infinity' }
		});
		// what a process needs once it works is no matter of streams
		await transfer(app, 'GET /streams/large?size=1000000 HTTP/1.1\r\n');
	});

	afterAll(() => app?.[Symbol.asyncDispose]());

	test(
		'a slow reader of 200 MB costs less than 100 MB of memory',
		{ timeout: 60_000 },
		async () => {
			const size = 200 * megabyte;
			const idle = await memory();
			let peak = 0;
			const received = await transfer(
				app,
				`GET /streams/large?size=${size} HTTP/1.1\r\n`,
				async (total) => {
					if (total % (10 * megabyte) < 65_536) peak = Math.max(peak, await memory());
				}
			);
			expect(received).toBeGreaterThan(size);
			expect(peak).toBeGreaterThan(0);
			expect(peak - idle).toBeLessThan(100 * megabyte);
		}
	);

	test(
		'an upload of 100 MB to a slow reader costs less than 100 MB of memory',
		{ timeout: 60_000 },
		async () => {
			const size = 100 * megabyte;
			const idle = await memory();
			const socket = connect(app.port, '127.0.0.1');
			socket.write(
				`POST /upload/slow?every=${megabyte} HTTP/1.1\r\nhost: a\r\ncontent-type: application/octet-stream\r\ncontent-length: ${size}\r\n\r\n`
			);
			const answer = once(socket, 'data') as Promise<[Buffer]>;
			const block = Buffer.alloc(megabyte);
			let peak = 0;
			for (let sent = 0; sent < size; sent += block.byteLength) {
				if (!socket.write(block)) await once(socket, 'drain');
				if (sent % (10 * megabyte) === 0) peak = Math.max(peak, await memory());
			}
			expect((await answer)[0].toString()).toMatch(new RegExp(`\r\n\r\n${size}$`));
			expect(peak - idle).toBeLessThan(100 * megabyte);
			socket.destroy();
		}
	);

	test('a client that leaves aborts the signal and cancels the stream within a second', async () => {
		const socket = connect(app.port, '127.0.0.1');
		socket.write('GET /streams/slow?who=leaver HTTP/1.1\r\nhost: a\r\n\r\n');
		await once(socket, 'data');
		const left = performance.now();
		socket.destroy();
		await app.printed(/aborted: slow stream \?who=leaver/);
		expect(performance.now() - left).toBeLessThan(1000);
	});

	async function memory(): Promise<number> {
		return (await (await fetch(`${app.url}/memory`)).json()) as number;
	}
});

/** Read an answer with a pause now and then. @returns how many bytes came, the head included */
async function transfer(
	app: RunningApp,
	request: string,
	onChunk: (total: number) => unknown = () => {}
): Promise<number> {
	const socket: Socket = connect(app.port, '127.0.0.1');
	socket.write(`${request}host: a\r\nconnection: close\r\n\r\n`);
	let total = 0;
	for await (const chunk of socket as AsyncIterable<Buffer>) {
		total += chunk.byteLength;
		await onChunk(total);
		if (total % megabyte < 65_536) await sleep(1);
	}
	return total;
}
