import { performance } from 'node:perf_hooks';
import type { Server } from '../server.ts';
import { median } from '../statistics.ts';
import { leave, openMany, openRaw } from './client.ts';
import { startVisitor } from './visitor.ts';

/** All times are milliseconds. */
export interface Avalanche extends Record<string, number> {
	/** Until the last socket was open. */
	open: number;
	/** What an HTTP request waited for its answer meanwhile, at the median. */
	median: number;
	/** The one that waited longest. */
	worst: number;
	/** Microseconds of the server's processor time for each socket. */
	cpu: number;
}

/** So many sockets are cut and come back at once, while somebody visits the site. */
export async function bringBack(server: Server, count: number): Promise<Avalanche> {
	const open = () => openRaw(server.port, '/echo');
	const before = await openMany(count, open);
	const visitor = await startVisitor(server.port);
	leave(before);
	const cpu = server.cpu();
	const from = performance.now();
	visitor.begin();
	const clients = await Promise.all(Array.from({ length: count }, open));
	const opened = performance.now() - from;
	const waits = await visitor.end();
	leave(clients);
	return {
		open: opened,
		median: median(waits),
		worst: Math.max(...waits),
		cpu: (server.cpu() - cpu) / count
	};
}
