import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { expect, it } from 'vitest';
import { startVisitor } from '../../../bench/load/visitor.ts';

async function serve(listener: RequestListener) {
	const server = createServer(listener).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return {
		port,
		[Symbol.dispose]() {
			server.close();
			server.closeAllConnections();
		}
	};
}

it('asks once more where a connection that was kept is closed', async () => {
	const seen = new Set<Socket>();
	let closed = 0;
	using server = await serve((request, response) => {
		if (seen.has(request.socket)) {
			closed += 1;
			return request.socket.destroy();
		}
		seen.add(request.socket);
		response.end();
	});
	const visitor = await startVisitor(server.port);
	visitor.begin();
	await expect.poll(() => closed).toBeGreaterThan(0);
	const waits = await visitor.end();
	expect(waits.length).toBeGreaterThan(0);
	expect(Math.min(...waits)).toBeGreaterThan(0);
});

it('tells of a wrong answer', async () => {
	let count = 0;
	using server = await serve((_, response) => {
		count += 1;
		// those that come before the visit begins are right
		response.writeHead(count > 200 ? 500 : 200).end();
	});
	const visitor = await startVisitor(server.port);
	visitor.begin();
	await expect.poll(() => count).toBeGreaterThan(200);
	await expect(visitor.end()).rejects.toThrow('A visitor was answered 500');
});
