import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { RunningBroker } from './broker.ts';
import { findProgram } from './debian.ts';
import { freePort } from './free-port.ts';

const run = promisify(execFile);

export interface RunningRedis extends AsyncDisposable {
	readonly broker: RunningBroker;
	/** With its password, which is `secret`. */
	readonly url: string;
	/** What `redis-cli` says. */
	ask(...command: string[]): Promise<string>;
}

/**
 * A Redis of its own, that keeps nothing.
 * @param isCluster as the only node of a cluster
 * @throws if there is none and none can be installed: the tests need one
 */
export async function runRedis({
	isCluster = false,
	args = [] as string[]
} = {}): Promise<RunningRedis> {
	const program = findRedis();
	const [port, clusterPort] = [await freePort(), await freePort()];
	const cluster = ['--cluster-enabled', 'yes', '--cluster-port', clusterPort];
	const broker = await RunningBroker.start(port, (folder) => [
		program,
		...['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--requirepass', 'secret'],
		...['--save', '', '--appendonly', 'no', ...(isCluster ? cluster : []), ...args]
	]);
	const cli = join(dirname(program), 'redis-cli');
	const ask = async (...command: string[]) => {
		const options = { env: { ...process.env, REDISCLI_AUTH: 'secret' } };
		const { stdout } = await run(cli, ['-p', port, ...command], options);
		return stdout.trim();
	};
	if (isCluster) {
		await ask('cluster', 'addslotsrange', '0', '16383');
		while (!(await ask('cluster', 'info')).includes('cluster_state:ok')) await sleep(20);
	}
	return {
		broker,
		url: `redis://:secret@127.0.0.1:${port}`,
		ask,
		[Symbol.asyncDispose]: () => broker[Symbol.asyncDispose]()
	};
}

export function findRedis(): string {
	return findProgram({
		names: ['redis-server'],
		package: 'redis-server',
		need: 'The tests of Redis need redis-server'
	});
}
