import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { RunningBroker } from './broker.ts';
import type { Certificate } from './certificate.ts';
import { findProgram } from './debian.ts';
import { freePort } from './free-port.ts';

const run = promisify(execFile);

export interface RunningRedis extends AsyncDisposable {
	readonly broker: RunningBroker;
	/** Where nodes of a cluster speak with this one. */
	readonly clusterPort: string;
	/** With its password, which is `secret`. */
	readonly url: string;
	/** What `redis-cli` says. */
	ask(...command: string[]): Promise<string>;
}

/**
 * A Redis of its own, that keeps nothing.
 * @param tls speaks TLS with this certificate
 * @param slots as a node of a cluster that has these slots: all, if it is the only one
 * @throws if there is none and none can be installed: the tests need one
 */
export async function runRedis({
	slots,
	tls,
	args = []
}: {
	tls?: Certificate;
	slots?: readonly [first: number, last: number];
	args?: string[];
} = {}): Promise<RunningRedis> {
	const program = findRedis();
	const [port, clusterPort] = [await freePort(), await freePort()];
	const cluster = ['--cluster-enabled', 'yes', '--cluster-port', clusterPort];
	const broker = await RunningBroker.start(port, (folder) => [
		program,
		...(tls ? overTls(port, tls) : ['--port', port]),
		...['--bind', '127.0.0.1', '--dir', folder, '--requirepass', 'secret'],
		...['--save', '', '--appendonly', 'no', ...(slots ? cluster : []), ...args]
	]);
	const cli = join(dirname(program), 'redis-cli');
	const ask = async (...command: string[]) => {
		const options = { env: { ...process.env, REDISCLI_AUTH: 'secret' } };
		const { stdout } = await run(cli, ['-p', port, ...command], options);
		return stdout.trim();
	};
	if (slots) await ask('cluster', 'addslotsrange', ...slots.map(String));
	if (slots && slots[1] - slots[0] === lastSlot) await untilWhole(ask);
	return {
		broker,
		clusterPort,
		url: `${tls ? 'rediss' : 'redis'}://:secret@127.0.0.1:${port}`,
		ask,
		[Symbol.asyncDispose]: () => broker[Symbol.asyncDispose]()
	};
}

function overTls(port: string, { certPath, keyPath }: Certificate): string[] {
	return [
		...['--port', '0', '--tls-port', port, '--tls-auth-clients', 'no'],
		...['--tls-cert-file', certPath, '--tls-key-file', keyPath]
	];
}

const lastSlot = 16_383;

/** Of a node that is a cluster alone. */
export const allSlots = [0, lastSlot] as const;

type Ask = RunningRedis['ask'];

async function untilWhole(ask: Ask): Promise<void> {
	while (!(await ask('cluster', 'info')).includes('cluster_state:ok')) await sleep(20);
}

/** Three nodes, without replicas. */
export async function runRedisNodes(): Promise<RunningRedis[]> {
	const nodes = await Promise.all(
		[[0, 5460] as const, [5461, 10_922] as const, [10_923, lastSlot] as const].map((slots) =>
			runRedis({ slots, args: ['--cluster-node-timeout', '1000'] })
		)
	);
	const [first] = nodes;
	for (const { broker, clusterPort } of nodes.slice(1)) {
		await first?.ask('cluster', 'meet', '127.0.0.1', broker.port, clusterPort);
	}
	for (const { ask } of nodes) await untilWhole(ask);
	return nodes;
}

export function findRedis(): string {
	return findProgram({
		names: ['redis-server'],
		package: 'redis-server',
		need: 'The tests of Redis need redis-server'
	});
}
