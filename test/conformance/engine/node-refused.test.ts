import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { handshake } from './accepting.ts';
import { listen } from './subject.ts';
import { node } from './subjects.ts';

// On `node:http` the connection of an upgrade carries no other request, whatever comes of it.
it('lets go of a client that it has refused, though that goes on to send', async () => {
	await using server = await listen(node, {
		upgrade: (exchange) => void exchange.send({ status: 401, headers: [] }, null)
	});
	const client = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
	client.on('error', () => {});
	client.resume().write(`${handshake}\r\n`);
	await once(client, 'end');
	const closed = new Promise((resolve) => client.once('close', resolve));
	const timer = setInterval(() => client.write('more'), 10);
	await closed;
	clearInterval(timer);
	expect(client.destroyed).toBe(true);
});
