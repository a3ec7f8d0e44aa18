import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from '../server.ts';
import { leave, openMany, openRaw } from './client.ts';

/** Sockets that come and go before anything is weighed, so that everything that is made once is there. */
const early = 500;

/** @returns bytes that each of so many sockets takes in the server while it does nothing */
export async function weighIdle(server: Server, count: number): Promise<number> {
	leave(await openMany(early, () => openRaw(server.port, '/echo')));
	const before = await settle(server);
	const clients = await openMany(count, () => openRaw(server.port, '/echo'));
	const after = await settle(server);
	leave(clients);
	return (after - before) / count;
}

/** @returns bytes of memory when a server has had time, has collected its garbage, and shrinks no more */
async function settle(server: Server): Promise<number> {
	await sleep(500);
	let least = Infinity;
	for (let tries = 0; tries < 10; tries += 1) {
		await server.collect();
		await sleep(100);
		const now = server.memory();
		if (now > least * 0.999) return Math.min(now, least);
		least = now;
	}
	return least;
}
