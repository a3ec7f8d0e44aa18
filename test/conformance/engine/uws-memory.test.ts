import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { openClient, type Client } from '../../support/client.ts';
import { listen } from './subject.ts';
import { uws } from './subjects.ts';

/**
 * Takes the pieces of memory that have just been given back, and fills them with what would be an answer that is complete
 * and closes its connection.
 */
function takeMemory(kept: Buffer[]): void {
	for (let length = 16; length <= 512; length += 8) {
		for (let count = 0; count < 8; count += 1) {
			kept.push(Buffer.allocUnsafeSlow(length).fill(0x10));
		}
	}
}

async function listening(delay: number | undefined) {
	const kept: Buffer[] = [];
	return listen(uws, {
		upgrade: async (exchange) => {
			if (delay !== undefined) await sleep(delay);
			exchange.accept(
				{ headers: [['x-late', 'yes']], protocol: 'chat' },
				{
					open(socket) {
						takeMemory(kept);
						socket.send('open', false);
					},
					message() {},
					drain() {},
					overflow() {},
					close() {}
				}
			);
		}
	});
}

describe('uws: a socket that is accepted', () => {
	test.each([
		['at once', undefined],
		['later', 1]
	])('%s stays, wherever in memory it comes to lie', async (_when, delay) => {
		await using server = await listening(delay);
		const clients: Client[] = [];
		for (let count = 0; count < 40; count += 1) {
			const client = await openClient(server.port, { protocols: ['chat'] });
			clients.push(client);
			expect(await client.message()).toBe('open');
		}
		await sleep(20);
		expect(clients.map((client) => client.isOpen)).not.toContain(false);
		for (const client of clients) await client.close();
		expect(server.errors).toEqual([]);
	});
});
