import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { bunBinary } from './bun.ts';

/** A built app that runs as its users run it: `node build`. */
export interface RunningApp extends AsyncDisposable {
	readonly url: string;
	readonly port: number;
	/** Everything the process has printed so far, both streams. */
	output(): string;
	/** When the output matches. Rejects with the output if the process ends first. */
	printed(pattern: RegExp): Promise<string>;
	signal(name: NodeJS.Signals): void;
	/** Nobody reads any more what the process prints. */
	closeOutput(): void;
	/** Exit code or signal. */
	readonly exited: Promise<number | NodeJS.Signals>;
	readonly isRunning: boolean;
	readonly pid: number;
}

export interface RunOptions {
	/** What follows `node`, or `bun`. */
	args: string[];
	/** The binary that runs it. Default: Bun where the environment asks for its engine, else Node. */
	runtime?: string;
	/** The whole environment of the process but for PORT and HOST. Nothing is inherited. */
	env?: Record<string, string>;
	cwd?: string;
}

/** Our own line, or Vite's. */
const listening = /(?:Listening on|Local:) +\S+:(\d+)/;

/** Start `node …` on a free port and wait until it listens. */
export async function runApp({ env = {}, ...options }: RunOptions): Promise<RunningApp> {
	const app = spawnApp({ ...options, env: { HOST: '127.0.0.1', PORT: '0', ...env } });
	const output = await app.printed(listening);
	const port = Number(listening.exec(output)?.[1]);
	return Object.assign(app, { port, url: `http://127.0.0.1:${port}` });
}

type Spawned = Omit<RunningApp, 'url' | 'port'>;

/** What an engine runs on. */
export function runtimeOf(engine: string | undefined): string {
	return engine === 'bun' ? bunBinary : process.execPath;
}

/** Start `node …` without waiting for anything. */
export function spawnApp({ args, env = {}, cwd, runtime }: RunOptions): Spawned {
	const child = spawn(runtime ?? runtimeOf(env['ENGINE']), args, {
		cwd,
		env,
		stdio: ['ignore', 'pipe', 'pipe']
	});
	let output = '';
	let listeners: (() => void)[] = [];
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (text: string) => {
			output += text;
			for (const listener of listeners) listener();
		});
	}
	const exited = once(child, 'close').then(
		([code, signal]) => (code ?? signal) as number | NodeJS.Signals
	);
	return {
		pid: child.pid ?? 0,
		output: () => output,
		printed: (pattern) =>
			new Promise((resolve, reject) => {
				const look = () => {
					if (!pattern.test(output)) return;
					listeners = listeners.filter((each) => each !== look);
					resolve(output);
				};
				listeners.push(look);
				look();
				void exited.then((code) =>
					reject(new Error(`The app ended (${code}). It printed:\n${output}`))
				);
			}),
		signal: (name) => child.kill(name),
		closeOutput() {
			child.stdout.destroy();
			child.stderr.destroy();
		},
		exited,
		get isRunning() {
			return child.exitCode === null && child.signalCode === null;
		},
		async [Symbol.asyncDispose]() {
			if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
			await exited;
		}
	};
}
