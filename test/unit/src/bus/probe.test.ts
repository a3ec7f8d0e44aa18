import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { findAwake } from '../../../../src/server/bus/nats/probe.ts';

/** Somebody who listens on a port of this machine. */
async function listen(onConnection: (socket: Socket) => void) {
	const server = createServer(onConnection).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return {
		place: { host: '127.0.0.1', port },
		[Symbol.dispose]: () => void server.close()
	};
}

describe('a server of NATS', () => {
	it('is the one that says something', async () => {
		using silent = await listen((socket) => socket.resume());
		using awake = await listen((socket) => socket.write('INFO {}\r\n'));
		const { signal } = new AbortController();
		expect(await findAwake([silent.place, awake.place], signal)).toEqual(awake.place);
	});

	it('is not waited for when it closes the connection without a word', async () => {
		using closing = await listen((socket) => socket.end());
		const { signal } = new AbortController();
		await expect(findAwake([closing.place], signal)).rejects.toThrow(/closes the connection/);
	});
});
