import cluster, { type Worker } from 'node:cluster';
import { constants } from 'node:os';
import type { Log } from '../log.ts';
import type { StopSignal } from '../stop-signals.ts';
import { isListening, isStep, type Listening, type Step, type Stop } from './messages.ts';

/** Milliseconds until a worker that has ended is started again, and where they grow to. */
const firstPause = 100;
const longestPause = 30_000;

/** Milliseconds of life after which it was no bad start. */
const goodLife = 60_000;

export interface SlotEvents {
	/** @returns whether another one is to take its place, where it was not stopped */
	ended(code: number): boolean;
	listening(message: Listening): void;
	/** It stops, and has come further. */
	stepped(): void;
}

/** The place of one worker among the others, which it keeps when it is started again. */
export class Slot {
	readonly #number: number;
	readonly #log: Log;
	readonly #events: SlotEvents;
	#worker: Worker | undefined;
	#isListening = false;
	#isStopped = false;
	#step = 0;
	#pause = firstPause;
	#timer: NodeJS.Timeout | undefined;
	#onGone: (() => void) | undefined;

	/** @param number from 1, for the log */
	constructor(number: number, log: Log, events: SlotEvents) {
		this.#number = number;
		this.#log = log;
		this.#events = events;
	}

	/** @param env beside what this process has */
	start(env: Record<string, string>): void {
		const worker = cluster.fork(env);
		const born = performance.now();
		this.#worker = worker;
		worker.on('message', (message: unknown) => {
			if (isStep(message)) {
				this.#step = message.step;
				this.#events.stepped();
			}
			if (!isListening(message)) return;
			this.#isListening = true;
			this.#events.listening(message);
		});
		worker.on('error', (error) => {
			// What cannot be sent is for one that is gone.
			if (worker.process.pid !== undefined) return;
			const todo = 'Allow this user more processes and open files.';
			this.#log.warn(`Worker ${this.#number} cannot be started`, error.message, todo);
			end(1, 'code 1');
		});
		worker.once('exit', (code: number | null, signal: NodeJS.Signals | null) =>
			end(exitCode(code, signal), signal ?? `code ${code}`)
		);
		const end = (code: number, cause: string) => {
			if (this.#worker !== worker) return;
			this.#worker = undefined;
			this.#isListening = false;
			this.#step = 0;
			this.#onGone?.();
			if (!this.#events.ended(code) || this.#isStopped) return;
			this.#startAgain(env, performance.now() - born, cause);
		};
	}

	/** How far the worker has come that stops here; as far as any where there is none. */
	get step(): number {
		return this.#isListening ? this.#step : Infinity;
	}

	/** Let it go on. */
	go(step: number): void {
		const message: Step = { type: 'svelte-adapter-ws:step', step };
		if (this.#worker?.isConnected()) this.#worker.send(message);
	}

	/** Ask it to shut down. @returns when it is gone */
	stop(reason: StopSignal): Promise<void> {
		this.#isStopped = true;
		clearTimeout(this.#timer);
		const worker = this.#worker;
		if (worker === undefined) return Promise.resolve();
		const gone = new Promise<void>((resolve) => (this.#onGone = resolve));
		const message: Stop = { type: 'svelte-adapter-ws:stop', reason };
		if (this.#isListening && worker.isConnected()) worker.send(message);
		else worker.process.kill(reason);
		return gone;
	}

	kill(): void {
		this.#isStopped = true;
		clearTimeout(this.#timer);
		this.#worker?.process.kill('SIGKILL');
	}

	#startAgain(env: Record<string, string>, life: number, cause: string): void {
		if (life >= goodLife) this.#pause = firstPause;
		const pause = this.#pause;
		this.#pause = Math.min(2 * pause, longestPause);
		this.#log.warn(
			`Worker ${this.#number} has ended`,
			cause,
			`It is started again in ${pause / 1000} s.`
		);
		this.#timer = setTimeout(() => this.start(env), pause);
	}
}

function exitCode(code: number | null, signal: NodeJS.Signals | null): number {
	return code ?? (signal === null ? 1 : 128 + (constants.signals[signal] ?? 0));
}
