import cluster from 'node:cluster';
import process from 'node:process';
import type { ClusterBusOptions } from '../bus/cluster/index.ts';
import { placeOf } from '../bus/cluster/place.ts';
import type { Variables } from '../env.ts';
import type { OwnWorker } from './worker.ts';

/**
 * Where the workers of one primary meet: at its router where it is ours, else at one of them. Those of another build or another
 * port are another app.
 * @param worker what a primary of ours has made of this process
 * @param dir of the build
 * @param address where they listen
 * @returns undefined where there are none
 */
export function findCluster(
	worker: OwnWorker | undefined,
	dir: string,
	address: string
): ClusterBusOptions | undefined {
	if (worker) return worker.bus === undefined ? undefined : { place: worker.bus, isElected: false };
	if (!cluster.isWorker) return undefined;
	return { place: placeOf(String(process.ppid), dir, address), isElected: true };
}

/** For servers of somebody else: what tells where they listen, most likely. PM2 leads all apps of a user, and gives each a `name`. */
export function addressOfCustomServer({ HOST, PORT, SOCKET_PATH, name }: Variables): string {
	return JSON.stringify({ HOST, PORT, SOCKET_PATH, name });
}
