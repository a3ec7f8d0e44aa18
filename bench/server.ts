import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { cores, runtimes } from './machine.ts';
import type { Subject } from './subjects.ts';

/** Clock ticks a second in /proc: the same on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** Collects garbage when it is asked to. */
const collector = fileURLToPath(new URL('collector.ts', import.meta.url));

export interface Server {
	readonly port: number;
	/** Milliseconds from its start until it listened. */
	readonly startTime: number;
	/** Microseconds of processor time that it has used, all threads, by the kernel's account. */
	cpu(): number;
	/** Bytes that it has in memory. */
	memory(): number;
	/** Resolves when it has collected its garbage. */
	collect(): Promise<void>;
	stop(): Promise<void>;
	/** Let it end by itself, as on a deploy, and wait until it has. */
	end(): Promise<void>;
}

/** Start a server on a core of its own. Rejects with what it printed if it does not start. */
export async function startServer(subject: Subject): Promise<Server> {
	const port = await freePort();
	const from = performance.now();
	const child = spawn('taskset', ['--cpu-list', cores.server, ...commandOf(subject)], {
		env: {
			HOST: '127.0.0.1',
			PORT: String(port),
			NODE_ENV: 'production',
			PROTOCOL_HEADER: 'x-forwarded-proto',
			BODY_SIZE_LIMIT: '2M',
			...subject.env
		},
		stdio: ['ignore', 'pipe', 'pipe']
	});
	const ended = once(child, 'close');
	let output = '';
	const said = (words: string) =>
		new Promise<void>((resolve, reject) => {
			const look = () => output.includes(words) && resolve();
			for (const stream of [child.stdout, child.stderr]) stream.on('data', look);
			void ended.then(() => reject(new Error(`${subject.script} has ended:\n${output}`)));
		});
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (text: string) => (output += text));
	}
	await said('Listening on');
	const pid = child.pid ?? 0;
	return {
		port,
		startTime: performance.now() - from,
		cpu: () => cpuOf(pid),
		memory: () => memoryOf(pid),
		async collect() {
			output = '';
			const collected = said('Collected');
			child.kill('SIGUSR2');
			await collected;
		},
		async stop() {
			child.kill('SIGKILL');
			await ended;
		},
		async end() {
			child.kill('SIGTERM');
			await ended;
		}
	};
}

function commandOf({ runtime, flags, script }: Subject): string[] {
	const collecting =
		runtime === 'node' ? ['--expose-gc', '--import', collector] : ['--preload', collector];
	return [runtimes[runtime], ...flags, ...collecting, script];
}

/** Microseconds of processor time that a process has used. */
export function cpuOf(pid: number): number {
	// The name of the program, in parentheses, may have spaces.
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
	return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1_000_000;
}

function memoryOf(pid: number): number {
	const status = readFileSync(`/proc/${pid}/status`, 'utf8');
	return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) * 1024;
}

async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	return port;
}
