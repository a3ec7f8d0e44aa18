import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { leave, openMany, openRaw, serverFrameLength } from './client.ts';
import type { Load } from './load.ts';
import { untilDelivered } from './room.ts';

/** A hundred bytes of JSON. */
const message = JSON.stringify({ from: 'system', text: 'x'.repeat(73) });

/**
 * A request publishes to a room, the next one when it was answered and everybody in the room has the message. Counts
 * deliveries.
 */
export function publishFromEndpoint(size: number): Load {
	return {
		async open(port) {
			const agent = new Agent({ keepAlive: true });
			const room = untilDelivered(size * serverFrameLength(message));
			const clients = await openMany(size, () => openRaw(port, '/room', room.receive));
			return {
				run: async (seconds) => (await room.repeat(seconds, () => post(port, agent))) * size,
				close() {
					agent.destroy();
					leave(clients);
				}
			};
		}
	};
}

async function post(port: number, agent: Agent): Promise<void> {
	const headers = { 'content-type': 'application/json', 'x-forwarded-proto': 'http' };
	const sent = request({
		port,
		host: '127.0.0.1',
		path: '/publish',
		method: 'POST',
		headers,
		agent
	});
	sent.end(message);
	const [response] = (await once(sent, 'response')) as [IncomingMessage];
	response.resume();
	await once(response, 'end');
	if (response.statusCode !== 204)
		throw new Error(`Publishing was answered ${response.statusCode}`);
}
