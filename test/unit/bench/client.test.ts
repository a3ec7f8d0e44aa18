import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { clientFrame, leave, openMany, openRaw } from '../../../bench/load/client.ts';

async function serve() {
	const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
	await once(server, 'listening');
	const connected = once(server, 'connection') as Promise<[WebSocket]>;
	const { port } = server.address() as AddressInfo;
	return { server, port, connected };
}

describe('a client of the bench', () => {
	it('sends frames, and counts the bytes of what comes back', async () => {
		const { server, port, connected } = await serve();
		let bytes = 0;
		const client = await openRaw(port, '/', (length) => (bytes += length));
		const [ws] = await connected;
		ws.on('message', (data: Buffer) => ws.send(data.toString()));
		client.send(clientFrame('hello'));
		await expect.poll(() => bytes).toBe('hello'.length + 2);
		leave([client]);
		server.close();
	});

	it('answers pings and does not count them, alone or among messages', async () => {
		const { server, port, connected } = await serve();
		let bytes = 0;
		const client = await openRaw(port, '/', (length) => (bytes += length));
		const [ws] = await connected;
		const pong = once(ws, 'pong');
		ws.ping();
		await pong;
		const second = once(ws, 'pong');
		ws.send('abc');
		ws.ping();
		ws.send('def');
		await second;
		await expect.poll(() => bytes).toBe(2 * 5);
		leave([client]);
		server.close();
	});

	it('opens as many as it is asked to', async () => {
		const { server, port } = await serve();
		const clients = await openMany(120, () => openRaw(port, '/'));
		expect(server.clients.size).toBe(120);
		leave(clients);
		server.close();
	});

	it('does not take another answer for an open socket', async () => {
		const { server, port } = await serve();
		server.options.verifyClient = () => false;
		await expect(openRaw(port, '/')).rejects.toThrow('401');
		server.close();
	});
});
