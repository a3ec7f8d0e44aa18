import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A program that listens on a port of 127.0.0.1, and that may be killed and started again there. */
export class RunningBroker implements AsyncDisposable {
	readonly port: string;
	/** Its own, for as long as it is not disposed of. */
	readonly folder = mkdtempSync(join(tmpdir(), 'broker-'));
	readonly #command: (folder: string) => [program: string, ...args: string[]];
	#child: ChildProcess | undefined;

	private constructor(port: string, command: (folder: string) => [string, ...string[]]) {
		this.port = port;
		this.#command = command;
	}

	static async start(
		port: string,
		command: (folder: string) => [program: string, ...args: string[]]
	): Promise<RunningBroker> {
		const broker = new RunningBroker(port, command);
		await broker.start();
		return broker;
	}

	/** Resolves when it accepts connections. */
	async start(): Promise<void> {
		const [program, ...args] = this.#command(this.folder);
		const child = spawn(program, args, { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
		this.#child = child;
		let output = '';
		for (const stream of [child.stdout, child.stderr]) {
			stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
		}
		while (!(await accepts(Number(this.port)))) {
			if (child.exitCode !== null) throw new Error(`${program} has ended: ${output}`);
			await sleep(20);
		}
	}

	get pid(): number {
		return this.#child?.pid ?? 0;
	}

	/** As `kill -9`. */
	async kill(): Promise<void> {
		const child = this.#child;
		if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
		const exited = once(child, 'exit');
		child.kill('SIGKILL');
		await exited;
	}

	/** It keeps its connections, and does nothing. */
	hang(): void {
		this.#child?.kill('SIGSTOP');
	}

	wake(): void {
		this.#child?.kill('SIGCONT');
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.kill();
		rmSync(this.folder, { recursive: true, force: true });
	}
}

function accepts(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1', () => {
			socket.destroy();
			resolve(true);
		});
		socket.once('error', () => resolve(false));
	});
}
