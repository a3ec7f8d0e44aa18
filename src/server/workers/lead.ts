import cluster from 'node:cluster';
import process from 'node:process';
import type { ServerSettings } from '../../shared/handoff.ts';
import { createServerConfig, readWorkers } from '../config.ts';
import type { Variables } from '../env.ts';
import { createLog, noLog } from '../log.ts';
import { endOnFailure } from '../main.ts';
import { surviveLostOutput } from '../output.ts';
import { addressOf, type RunningServer } from '../running.ts';
import { planWorkers } from './plan.ts';
import { Primary } from './primary.ts';
import { reservePlace } from './reserve.ts';

/**
 * What `build/index.js` does first: where `WORKERS` asks for several processes, and this is not one of them, it starts and leads
 * them, and loads nothing else.
 * @returns undefined where this process is the server
 */
export function lead(
	build: ServerSettings & { dir: string },
	variables: Variables = process.env
): Promise<RunningServer | undefined> {
	return endOnFailure(build.dir, async () => {
		if (cluster.isWorker || readWorkers(build, variables) === 1) return undefined;
		surviveLostOutput();
		const log = createLog();
		const config = createServerConfig(build, variables, noLog);
		const count = planWorkers(config, log);
		if (count === 1) return undefined;
		const listen = await reservePlace(config.listen);
		const primary = new Primary({ listen, count, hasRouter: config.broker === undefined, log });
		const bound = await primary.start();
		return { ...addressOf(bound), close: () => primary.close() };
	});
}
