import { fileURLToPath } from 'node:url';
import { freePort } from '../../test/support/free-port.ts';
import { runApp, type RunningApp } from '../../test/support/server.ts';
import { childrenOf } from './processes.ts';

const app = fileURLToPath(
	new URL('../../test/conformance/websocket/fixtures/app/build/default', import.meta.url)
);

/** By this variable the processes of a run are known. */
export const marker = 'STRESS_RUN';

export interface InstanceOptions {
	/** The value of the marker. */
	run: string;
	/** A folder of its own for temporary files. */
	folder: string;
	busUrl: string;
	engine: string;
	workers: number;
}

/** `node build` with several workers, which may come back on its port. */
export class Instance {
	readonly name: string;
	readonly port: string;
	readonly #options: InstanceOptions;
	#app: RunningApp | undefined;
	#pid = 0;

	private constructor(name: string, port: string, options: InstanceOptions) {
		this.name = name;
		this.port = port;
		this.#options = options;
	}

	static async start(name: string, options: InstanceOptions): Promise<Instance> {
		const instance = new Instance(name, await freePort(), options);
		await instance.start();
		return instance;
	}

	/** Resolves when it listens. */
	async start(): Promise<void> {
		const { run, folder, busUrl, engine, workers } = this.#options;
		this.#app = await runApp({
			args: [app],
			env: {
				PORT: this.port,
				ENGINE: engine,
				WORKERS: String(workers),
				BUS_URL: busUrl,
				TMPDIR: folder,
				PROTOCOL_HEADER: 'x-forwarded-proto',
				SHUTDOWN_TIMEOUT: '10',
				[marker]: run
			}
		});
		this.#pid = this.#app.pid;
	}

	/** The processes that have its sockets. */
	get workers(): number[] {
		return this.#options.workers > 1 ? childrenOf(this.#pid) : [this.#pid];
	}

	get output(): string {
		return this.#app?.output() ?? '';
	}

	/** @returns its exit code, or the signal that has ended it */
	async end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | undefined> {
		this.#app?.signal(signal);
		return await this.#app?.exited;
	}
}
