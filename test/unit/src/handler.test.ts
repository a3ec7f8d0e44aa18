import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { createHandler } from '../../../src/server/handler.ts';
import type { Handoff } from '../../../src/shared/handoff.ts';
import { RawConnection } from '../../support/raw.ts';
import { fakeHandoff, websocketHandoff } from '../support/handoff.ts';

const handshake =
	'GET /chat HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
	'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

/** A server with the sockets of an app whose `handle` never answers. */
async function attached() {
	const asked = Promise.withResolvers<void>();
	const respond = () => {
		asked.resolve();
		return new Promise<Response>(() => {});
	};
	const custom = await createHandler(
		fakeHandoff({
			server: { init: () => Promise.resolve(), respond } as unknown as Handoff['server'],
			websocket: {
				...websocketHandoff,
				load: () => Promise.resolve({ websocket: { '/chat': {} } })
			}
		}),
		{}
	);
	const server = createServer((req, res) => custom.handler(req, res));
	const sockets = custom.attach(server);
	await once(server.listen(0, '127.0.0.1'), 'listening');
	const { port } = server.address() as AddressInfo;
	return { sockets, port, asked: asked.promise, [Symbol.dispose]: () => void server.close() };
}

describe('the sockets on a server of one’s own', () => {
	it('are cut when the time to close is over, handshakes too', async () => {
		using server = await attached();
		await using connection = await RawConnection.open(server.port);
		connection.write(handshake);
		await server.asked;
		await server.sockets.close({ timeout: 0.05 });
		await connection.closed();
		expect(connection.rest.toString()).toBe('');
	});

	it('do not keep the process alive when they are closed before the time is over', async () => {
		using server = await attached();
		const timers = () =>
			process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
		const before = timers();
		await server.sockets.close({ timeout: 30 });
		expect(timers()).toBeLessThanOrEqual(before);
	});
});
