import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import type { Subject } from './subjects.ts';

/** Where the server runs, and where the load comes from: one core each. */
export const cores = { server: '1', load: '0' } as const;

/** Clock ticks a second in /proc: the same on every Linux that Node runs on. */
const ticksPerSecond = 100;

export interface Server {
	readonly port: number;
	/** Microseconds of processor time that it has used, all threads, by the kernel's account. */
	cpu(): number;
	/** Bytes that it has in memory. */
	memory(): number;
	stop(): Promise<void>;
}

/** Start a server on a core of its own. Rejects with what it printed if it does not start. */
export async function startServer({ command, env }: Subject): Promise<Server> {
	const port = await freePort();
	const child = spawn('taskset', ['--cpu-list', cores.server, ...command], {
		env: {
			HOST: '127.0.0.1',
			PORT: String(port),
			NODE_ENV: 'production',
			PROTOCOL_HEADER: 'x-forwarded-proto',
			...env
		},
		stdio: ['ignore', 'pipe', 'pipe']
	});
	const ended = once(child, 'close');
	let output = '';
	await new Promise<void>((resolve, reject) => {
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding('utf8').on('data', (text: string) => {
				output += text;
				if (output.includes('Listening on')) resolve();
			});
		}
		void ended.then(() => reject(new Error(`${command.join(' ')} has ended:\n${output}`)));
	});
	const pid = child.pid ?? 0;
	return {
		port,
		cpu: () => cpuOf(pid),
		memory: () => memoryOf(pid),
		async stop() {
			child.kill('SIGKILL');
			await ended;
		}
	};
}

function cpuOf(pid: number): number {
	// The name of the program, in parentheses, may have spaces.
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
	return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1_000_000;
}

function memoryOf(pid: number): number {
	const status = readFileSync(`/proc/${pid}/status`, 'utf8');
	return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) * 1024;
}

/** @returns why nothing can be measured on this machine, if that is so */
export function explainMachine(): string | undefined {
	if (process.platform !== 'linux') return 'The bench reads /proc: it runs on Linux only.';
	const count = readdirSync('/sys/devices/system/cpu').filter((name) => /^cpu\d+$/.test(name));
	if (count.length < 2) return 'The bench needs two cores: one for the server, one for the load.';
	const missing = ['wrk', 'taskset'].filter((name) => spawnSync('which', [name]).status !== 0);
	if (missing.length === 0) return undefined;
	return `The bench needs ${missing.join(' and ')}. On Debian: apt-get install wrk util-linux`;
}

async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	return port;
}
