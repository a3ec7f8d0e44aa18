import { setTimeout as sleep } from 'node:timers/promises';
import { clientFrame, openRaw, serverFrameLength, type RawClient } from './client.ts';

const messageLength = 100;
const frame = clientFrame(messageLength);
const frameLength = serverFrameLength(messageLength);

/** Thirty-two clients send again what comes back. @returns messages */
export async function echo(port: number, seconds: number): Promise<number> {
	let bytes = 0;
	let isOver = false;
	const clients = await openMany(32, async () => {
		let missing = 0;
		const client: RawClient = await openRaw(port, '/echo', (length) => {
			bytes += length;
			missing += length;
			if (missing < frameLength || isOver) return;
			missing -= frameLength;
			client.send(frame);
		});
		return client;
	});
	for (const client of clients) client.send(frame);
	await sleep(seconds * 1000);
	isOver = true;
	leave(clients);
	return Math.floor(bytes / frameLength);
}

/** One of a thousand sends, when what it sent before has come back. @returns deliveries */
export async function broadcast(port: number, seconds: number): Promise<number> {
	let bytes = 0;
	let isOver = false;
	const listeners = await openMany(999, () =>
		openRaw(port, '/room', (length) => (bytes += length))
	);
	const speaker: RawClient = await openRaw(port, '/room', (length) => {
		bytes += length;
		if (!isOver) speaker.send(frame);
	});
	speaker.send(frame);
	await sleep(seconds * 1000);
	isOver = true;
	leave([...listeners, speaker]);
	return Math.floor(bytes / frameLength);
}

/** Eight clients come and go. @returns handshakes */
export async function handshakes(port: number, seconds: number): Promise<number> {
	const end = performance.now() + seconds * 1000;
	let count = 0;
	const comeAndGo = async () => {
		while (performance.now() < end) {
			const client = await openRaw(port, '/echo', () => {});
			client.socket.destroy();
			count += 1;
		}
	};
	await Promise.all(Array.from({ length: 8 }, comeAndGo));
	return count;
}

/** As many as are needed, fifty at a time. */
async function openMany(count: number, open: () => Promise<RawClient>): Promise<RawClient[]> {
	const clients: RawClient[] = [];
	while (clients.length < count) {
		const length = Math.min(50, count - clients.length);
		clients.push(...(await Promise.all(Array.from({ length }, open))));
	}
	return clients;
}

function leave(clients: readonly RawClient[]): void {
	for (const { socket } of clients) socket.destroy();
}
