import process from 'node:process';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';

/** What decides whether several processes can share a place. */
export type Shared = Pick<Config, 'workers' | 'listen' | 'engine'>;

type System = Pick<NodeJS.Process, 'platform' | 'versions'>;

/** How many processes serve: as many as were asked for, or one and a line that says why. */
export function planWorkers(config: Shared, log: Log, system: System = process): number {
	if (config.workers === 1) return 1;
	const obstacle = findObstacle(config, system);
	if (obstacle === undefined) return config.workers;
	log.info(`WORKERS has no effect ${obstacle}: the server runs in one process`);
	return 1;
}

function findObstacle(
	{ listen, engine }: Shared,
	{ platform, versions }: System
): string | undefined {
	if ('fd' in listen) return 'with LISTEN_FDS';
	const sharesByCluster = engine === 'node' && versions.bun === undefined;
	if (sharesByCluster) return undefined;
	if ('path' in listen)
		return 'on a unix socket, which can be shared with ENGINE=node on Node only';
	if (platform !== 'linux')
		return `on ${platform}, where a port can be shared with ENGINE=node on Node only`;
	return undefined;
}
