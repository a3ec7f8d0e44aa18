import { performance } from 'node:perf_hooks';
import { clientFrame, leave, openMany, openRaw, serverFrameLength } from './client.ts';
import { Deliveries } from './deliveries.ts';
import type { Load, OpenLoad } from './load.ts';
import { untilDelivered } from './room.ts';

const message = 'x'.repeat(100);
const frame = clientFrame(message);
const frameLength = serverFrameLength(message);

/** Thirty-two clients send again what comes back. Counts messages. */
export const echo: Load = echoAt(() => Promise.resolve('/echo'));

/** @param path of each client's socket */
export function echoAt(path: () => Promise<string>): Load {
	return { open: (port) => openEcho(port, path) };
}

async function openEcho(port: number, path: () => Promise<string>): Promise<OpenLoad> {
	let count = 0;
	let waiting = 0;
	let end = 0;
	let done = () => {};
	const again = (send: () => void) => {
		if (performance.now() < end) return send();
		waiting -= 1;
		if (waiting === 0) done();
	};
	const clients = await openMany(32, async () => {
		let missing = 0;
		const client = await openRaw(port, await path(), (length) => {
			missing += length;
			if (missing < frameLength) return;
			missing -= frameLength;
			count += 1;
			again(() => client.send(frame));
		});
		return client;
	});
	return {
		async run(seconds) {
			count = 0;
			waiting = clients.length;
			end = performance.now() + seconds * 1000;
			for (const client of clients) client.send(frame);
			await new Promise<void>((resolve) => (done = resolve));
			return count;
		},
		close: () => leave(clients)
	};
}

/**
 * One of a room speaks, again when what it has said has reached everybody, itself included. Counts deliveries.
 * @param times how often the server publishes what was said
 */
export function broadcast(path: string, size: number, times = 1): Load {
	return {
		async open(port) {
			const room = untilDelivered(size * times * frameLength);
			const clients = await openMany(size, () => openRaw(port, path, room.receive));
			const say = () => {
				clients.at(-1)?.send(frame);
				return Promise.resolve();
			};
			return {
				run: async (seconds) => (await room.repeat(seconds, say)) * size * times,
				close: () => leave(clients)
			};
		}
	};
}

/**
 * The same on a topic that remembers, whose clients want to know where they stand: `own` as clients of the package, with
 * frames, or as plain ones.
 */
export function remembered(size: number, kind: 'own' | 'plain'): Load {
	return {
		async open(port) {
			const room = untilDelivered(size);
			let made = 0;
			const clients = await openMany(size, () => {
				const deliveries = new Deliveries();
				// None gets what another connection of the same client has published.
				const name = `bench${String((made += 1)).padStart(6, '0')}`;
				const query =
					kind === 'own' ? `?x-websocket-heartbeat=1&x-websocket-protocol=1.${name}` : '';
				return openRaw(port, `/remembered${query}`, (_, bytes) =>
					room.receive(deliveries.take(bytes))
				);
			});
			const say = () => {
				clients.at(-1)?.send(frame);
				return Promise.resolve();
			};
			return {
				run: async (seconds) => (await room.repeat(seconds, say)) * size,
				close: () => leave(clients)
			};
		}
	};
}

/** Eight clients come and go. Counts handshakes. */
export const handshakes: Load = {
	open: (port) =>
		Promise.resolve({
			async run(seconds) {
				const end = performance.now() + seconds * 1000;
				let count = 0;
				const comeAndGo = async () => {
					while (performance.now() < end) {
						const client = await openRaw(port, '/echo');
						client.socket.destroy();
						count += 1;
					}
				};
				await Promise.all(Array.from({ length: 8 }, comeAndGo));
				return count;
			},
			close: () => undefined
		})
};

/** Ten peers are each on so many topics; one of them publishes to one topic after the other. Counts messages. */
export function manyTopics(count: number): Load {
	const frames = Array.from({ length: count }, (_, topic) =>
		String(topic).padStart(message.length, '0')
	).map(clientFrame);
	return {
		async open(port) {
			const room = untilDelivered(10 * frameLength);
			const path = `/topics?count=${count}`;
			const clients = await openMany(10, () => openRaw(port, path, room.receive));
			let next = 0;
			const say = () => {
				clients.at(-1)?.send(frames[next % count] ?? frame);
				next += 1;
				return Promise.resolve();
			};
			return {
				run: (seconds) => room.repeat(seconds, say),
				close: () => leave(clients)
			};
		}
	};
}
