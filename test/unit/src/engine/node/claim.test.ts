import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Claim } from '../../../../../src/server/engine/node/claim.ts';
import { RawConnection } from '../../../../support/raw.ts';

describe('Claim', () => {
	let server: Server;
	let client: RawConnection;
	let socket: Socket;

	/** On a connection that has carried a request before. */
	beforeEach(async () => {
		server = createServer((_, res) => res.end('before')).listen(0, '127.0.0.1');
		await once(server, 'listening');
		client = await RawConnection.open((server.address() as AddressInfo).port);
		client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
		await client.response();
		const upgraded = once(server, 'upgrade');
		client.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n');
		socket = (await upgraded)[1] as Socket;
		socket.on('error', () => {});
	});

	afterEach(async () => {
		vi.useRealTimers();
		socket.destroy();
		await client[Symbol.asyncDispose]();
		server.close();
	});

	it('is not taken by those who only look', () => {
		const claim = new Claim(socket);
		socket.on('error', () => {});
		socket.on('close', () => {});
		expect(claim.isTaken).toBe(false);
	});

	it('is taken by whoever writes', () => {
		const claim = new Claim(socket);
		socket.write('HTTP/1.1 101 Switching Protocols\r\n');
		expect(claim.isTaken).toBe(true);
	});

	it('is taken by whoever reads', () => {
		const claim = new Claim(socket);
		const listener = () => {};
		for (const event of ['data', 'readable']) {
			socket.on(event, listener);
			expect(claim.isTaken).toBe(true);
			socket.off(event, listener);
			expect(claim.isTaken).toBe(false);
		}
	});

	it('is taken by whoever has ended it, even before', () => {
		socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
		expect(new Claim(socket).isTaken).toBe(true);
	});

	it('is taken when the connection is gone', async () => {
		const claim = new Claim(socket);
		const isTaken = claim.isTakenInTime();
		client.socket.resetAndDestroy();
		expect(await isTaken).toBe(true);
	});

	it('waits for somebody who takes it later', async () => {
		const isTaken = new Claim(socket).isTakenInTime();
		await Promise.resolve();
		socket.write('HTTP/1.1 101 Switching Protocols\r\n');
		expect(await isTaken).toBe(true);
	});

	it('is free after five seconds in which nobody has taken it', async () => {
		vi.useFakeTimers();
		const decided = vi.fn();
		void new Claim(socket).isTakenInTime().then(decided);
		await vi.advanceTimersByTimeAsync(4900);
		expect(decided).not.toHaveBeenCalled();
		await vi.advanceTimersByTimeAsync(100);
		expect(decided).toHaveBeenCalledWith(false);
	});
});
