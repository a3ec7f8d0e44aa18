import { file } from './file.ts';
import { bringBack } from './load/avalanche.ts';
import { weighIdle } from './load/idle.ts';
import type { Load, OpenLoad } from './load/load.ts';
import { publishFromEndpoint } from './load/publish.ts';
import { broadcast, echo, handshakes, remembered } from './load/sockets.ts';
import { wrk } from './load/wrk.ts';
import type { Server } from './server.ts';
import type { Ability } from './subjects.ts';

/** How long and how much. */
export interface Pace {
	/** Each work, after a warm-up of half of that at least. */
	seconds: number;
	/** Idle sockets that are weighed. */
	idle: number;
	/** Sockets that come back at once. */
	returning: number;
}

/** Something that servers are asked to do, and what is measured of it. */
export interface Work {
	name: string;
	/** What a server has to be able to do. */
	needs: Ability;
	/** It wants a server that has done nothing before. */
	isFresh?: boolean;
	measure(server: Server, pace: Pace): Promise<Record<string, number>>;
}

/**
 * Something that is done again and again: `cpu` is what it costs the server, in microseconds of processor time, `rate` how
 * often it is done in a second.
 */
export interface RepeatedWork extends Work {
	unit: 'request' | 'message' | 'delivery' | 'handshake';
}

/** Once a millisecond on average: how often it is done before it is measured, at least, so that its code is compiled. */
const warmUpRate = 1000;

export function repeat(
	name: string,
	needs: Ability,
	unit: RepeatedWork['unit'],
	load: Load
): RepeatedWork {
	return {
		name,
		needs,
		unit,
		async measure(server, { seconds }) {
			const open = await load.open(server.port);
			await warmUp(open, seconds);
			const [cpu, from] = [server.cpu(), performance.now()];
			const count = await open.run(seconds);
			const passed = (performance.now() - from) / 1000;
			const spent = server.cpu() - cpu;
			open.close();
			if (count === 0) throw new Error(`Nothing was done in ${passed} seconds`);
			return { cpu: spent / count, rate: count / passed };
		}
	};
}

async function warmUp(open: OpenLoad, seconds: number): Promise<void> {
	// what is slow by nature is warm before
	const end = performance.now() + seconds * 3000;
	let done = await open.run(seconds / 2);
	while (done < seconds * warmUpRate && performance.now() < end) done += await open.run(0.2);
}

/** About 2 KB. */
const body = JSON.stringify({
	items: Array.from({ length: 40 }, (_, id) => ({ id, name: `Item ${id}`, note: 'some words' }))
});

export const requests: readonly RepeatedWork[] = [
	repeat('20 KB file', 'plain', 'request', wrk({ path: file.path })),
	repeat('prerendered page', 'pages', 'request', wrk({ path: '/prerendered' })),
	repeat('small endpoint', 'plain', 'request', wrk({ path: '/endpoint' })),
	repeat('JSON POST of 2 KB', 'plain', 'request', wrk({ path: '/post', body })),
	repeat('page, 20 items', 'pages', 'request', wrk({ path: '/page' })),
	repeat('page, 1,000 items', 'pages', 'request', wrk({ path: '/thousand' })),
	repeat('streamed page', 'pages', 'request', wrk({ path: '/streamed' })),
	repeat('404 page', 'pages', 'request', wrk({ path: '/nowhere', isRefused: true }))
];

export const messages: readonly RepeatedWork[] = [
	repeat('echo of 100 bytes', 'sockets', 'message', echo),
	repeat('broadcast to 1,000', 'sockets', 'delivery', broadcast('/room', 1000)),
	repeat('broadcast to 1,000, ten a turn', 'sockets', 'delivery', broadcast('/ten', 1000, 10)),
	repeat('broadcast to 1,000, remembered', 'topics', 'delivery', remembered(1000, 'own')),
	repeat('the same, plain clients', 'topics', 'delivery', remembered(1000, 'plain')),
	repeat('endpoint publishes to 1,000', 'sockets', 'delivery', publishFromEndpoint(1000)),
	repeat('handshakes', 'sockets', 'handshake', handshakes)
];

/** `bytes` a socket. */
export const idle: Work = {
	name: 'idle sockets',
	needs: 'crowds',
	isFresh: true,
	measure: async (server, pace) => ({ bytes: await weighIdle(server, pace.idle) })
};

export const avalanche: Work = {
	name: 'avalanche',
	needs: 'crowds',
	isFresh: true,
	measure: (server, pace) => bringBack(server, pace.returning)
};

/** `start`: milliseconds from the start of the process to its line. */
export const start: Work = {
	name: 'start',
	needs: 'built',
	isFresh: true,
	measure: (server) => Promise.resolve({ start: server.startTime })
};

export const works: readonly Work[] = [start, ...requests, ...messages, idle, avalanche];

/** The name under which samples of builds are kept: `seconds` that one took. */
export const building = 'build';
