import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { UpgradeExchange } from '../../../src/server/engine/engine.ts';
import { RawConnection } from '../../support/raw.ts';
import { handshake } from './accepting.ts';
import { listen } from './subject.ts';
import { node } from './subjects.ts';

/** A binary frame of a client, masked with zeros. */
function frame(payload: Buffer): Buffer {
	const length = Buffer.alloc(2);
	length.writeUInt16BE(payload.byteLength);
	return Buffer.concat([Buffer.of(0x82, 0xfe), length, Buffer.alloc(4), payload]);
}

// Only `node:http` hands over what a client sends before it was let in; uWS takes it for another request.
it('loses nothing of a client that sends far too much before it is let in', async () => {
	let received = 0;
	await using server = await listen(node, {
		async upgrade(exchange) {
			await sleep(50);
			exchange.accept(
				{ headers: [] },
				{
					open() {},
					message: (data) => (received += data.length),
					drain() {},
					overflow() {},
					close() {}
				}
			);
		}
	});
	await using connection = await RawConnection.open(server.port);
	connection.write(`${handshake}\r\n`);
	for (let count = 0; count < 20; count += 1) connection.write(frame(Buffer.alloc(50_000)));
	expect((await connection.response()).status).toBe(101);
	await expect.poll(() => received).toBe(1_000_000);
});

it('waits until a client is let in that sends many tiny pieces before', async () => {
	const arrived = Promise.withResolvers<UpgradeExchange>();
	await using server = await listen(node, { upgrade: arrived.resolve });
	await using connection = await RawConnection.open(server.port);
	connection.write(`${handshake}\r\n`);
	const exchange = await arrived.promise;
	const isPaused = () => exchange.incoming?.socket.isPaused();
	let count = 0;
	while (!isPaused() && count < 10_000) {
		connection.write(Buffer.of(0));
		await new Promise((resolve) => void setImmediate(resolve));
		count += 1;
	}
	expect(isPaused()).toBe(true);
	expect(count).toBeLessThan(1000);
});
