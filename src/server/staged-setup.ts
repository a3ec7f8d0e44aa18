import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Log } from './log.ts';
import { Installation, type Setup } from './setup.ts';
import { Stage } from './stage.ts';

/** `setup` of an app that is edited while its server runs: each call has a stage of its own, which is dropped before the next. */
export class StagedSetup {
	/** The server that listens. */
	front: object = {};
	readonly #log: Log;
	#setup: Setup | undefined;
	#stage: Stage | undefined;
	#installation: Installation | undefined;
	#isEnded = false;

	constructor(log: Log) {
		this.#log = log;
	}

	get stage(): Stage | undefined {
		return this.#stage;
	}

	/** @throws {AdapterError} `setup_failed`; then nothing of it is there */
	async use(setup: Setup | undefined): Promise<void> {
		if (setup === this.#setup || this.#isEnded) return;
		await this.#undo();
		this.#setup = setup;
		if (setup === undefined) return;
		const stage = new Stage(this.front);
		try {
			const server = stage.server as Server;
			this.#installation = Installation.of(setup, { engine: 'node', server }, this.#log);
			await this.#installation.ready;
			this.#stage = stage;
		} catch (error) {
			this.#installation = undefined;
			throw error;
		}
		if (this.#isEnded) await this.#undo();
	}

	request(req: IncomingMessage, res: ServerResponse, next: () => void): void {
		if (this.#stage === undefined) next();
		else this.#stage.request(req, res, next);
	}

	async end(): Promise<void> {
		this.#isEnded = true;
		await this.#undo();
	}

	async #undo(): Promise<void> {
		const installation = this.#installation;
		this.#stage = undefined;
		this.#installation = undefined;
		await installation?.undo();
	}
}
