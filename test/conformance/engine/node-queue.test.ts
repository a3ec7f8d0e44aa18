import { expect, it } from 'vitest';
import { openClient } from '../../support/client.ts';
import { RawConnection } from '../../support/raw.ts';
import { accepting, handshake } from './accepting.ts';
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
