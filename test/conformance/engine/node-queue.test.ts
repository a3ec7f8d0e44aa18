import type { Socket } from 'node:net';
import { expect, it, vi } from 'vitest';
import type { Engine, EngineSocket } from '../../../src/server/engine/engine.ts';
import { openClient } from '../../support/client.ts';
import { RawConnection } from '../../support/raw.ts';
import { accepting, handshake } from './accepting.ts';
import { listen } from './subject.ts';
import { node } from './subjects.ts';

// uWS queues bytes and nothing else; Node an object for each message.
it.each([
	['empty', ''],
	['small', 'small'],
	['bytes', new Uint8Array(4)]
])('counts what a message takes besides its bytes: %s', async (_, message) => {
	await using server = await accepting(node, { sockets: { maxBackpressure: 1024 * 1024 } });
	await using client = await openClient(server.port);
	const { socket } = await server.next();
	client.ws.pause();
	while (socket.send(new Uint8Array(64 * 1024), false) === 'sent');
	await new Promise((resolve) => void setImmediate(resolve));
	let count = 0;
	while (socket.send(message, false) !== 'dropped') count += 1;
	expect(count).toBeGreaterThan(500);
	expect(count).toBeLessThan(2100);
});

it('drops nothing of many small messages that the system takes at once', async () => {
	await using server = await accepting(node, { sockets: { maxBackpressure: 64 * 1024 } });
	await using client = await openClient(server.port);
	const { socket } = await server.next();
	for (let count = 0; count < 5000; count += 1) socket.send('small', false);
	expect(socket.dropped).toBe(0);
	for (let count = 0; count < 5000; count += 1) expect(await client.message()).toBe('small');
});

it('drops nothing of many small messages that are published in one turn', async () => {
	await using server = await accepting(node, { sockets: { maxBackpressure: 64 * 1024 } });
	await using client = await openClient(server.port);
	const { socket } = await server.next();
	socket.subscribe('news');
	for (let count = 0; count < 5000; count += 1) server.engine.publish('news', 'small', false);
	expect([socket.dropped, socket.bufferedAmount]).toEqual([0, 0]);
	for (let count = 0; count < 5000; count += 1) expect(await client.message()).toBe('small');
});

it('sends what is published in one turn together, in order with what is sent', async () => {
	const opened = Promise.withResolvers<EngineSocket>();
	const connections: (Socket | undefined)[] = [];
	await using server = await listen(node, {
		upgrade(exchange) {
			connections.push(exchange.incoming?.socket);
			const none = { message() {}, drain() {}, overflow() {}, close() {} };
			exchange.accept({ headers: [] }, { ...none, open: opened.resolve });
		}
	});
	await using client = await openClient(server.port);
	const socket = await opened.promise;
	socket.subscribe('news');
	expect(socket.send('first', false)).toBe('sent');
	await new Promise((resolve) => void setImmediate(resolve));
	const pieces = vi.spyOn(connections[0] as Socket, '_write');
	const together = vi.spyOn(connections[0] as Socket, '_writev');
	const published = Array.from({ length: 10 }, (_, index) => `published ${index}`);
	for (const each of published) server.engine.publish('news', each, false);
	expect(socket.bufferedAmount).toBe(0);
	expect(together).not.toHaveBeenCalled();
	expect(socket.send('sent', false)).toBe('sent');
	for (const each of published) server.engine.publish('news', each, false);
	await expect.poll(() => client.received).toEqual(['first', ...published, 'sent', ...published]);
	expect([together.mock.calls.length, pieces.mock.calls.length]).toEqual([2, 0]);
});

it.each<[string, (socket: EngineSocket, engine: Engine) => void]>([
	['cut', (socket) => socket.terminate()],
	['closed', (socket) => socket.close(1000, '')],
	['cut with all others', (_, engine) => engine.close()]
])('sends at once what was published before a socket is %s', async (_, end) => {
	await using server = await accepting(node);
	await using client = await openClient(server.port);
	const { socket } = await server.next();
	socket.subscribe('news');
	socket.send('first', false);
	server.engine.publish('news', 'last', false);
	end(socket, server.engine);
	expect(server.engine.leaving).toBe(0);
	await client.closed;
	expect(client.received).toEqual(['first', 'last']);
});

it('keeps to its limit when something small was published before what is compressed', async () => {
	const options = { compression: true, maxBackpressure: 64 * 1024 };
	await using server = await accepting(node, { sockets: options });
	await using client = await openClient(server.port, { perMessageDeflate: true });
	const { socket } = await server.next();
	socket.subscribe('news');
	socket.send('first', false);
	server.engine.publish('news', 'small', false);
	const large = 'x'.repeat(32 * 1024);
	for (let count = 0; count < 10; count += 1) server.engine.publish('news', large, true);
	expect(socket.dropped).toBeGreaterThan(5);
	await expect.poll(() => client.received.length).toBe(12 - socket.dropped);
});

it('ends a socket whose message comes in far too many pieces', { timeout: 120_000 }, async () => {
	await using server = await accepting(node, { sockets: { maxPayload: 100_000 } });
	await using connection = await RawConnection.open(server.port);
	connection.write(`${handshake}\r\n`);
	await connection.response();
	const { closed } = await server.next();
	connection.write(Buffer.of(0x82, 0xff, 0, 0, 0, 0, 0, 1, 0x80, 0, 0, 0, 0, 0));
	for (let count = 0; count < 50_000 && !connection.isClosed; count += 1) {
		connection.write(Buffer.of(0));
		await new Promise((resolve) => void setImmediate(resolve));
	}
	expect(await closed).toEqual({ code: 1006, reason: '', cause: 'invalid' });
});
