import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type { InStep } from './engine.ts';

/** Milliseconds without an answer after which no connection is taken to be used again soon. */
const quiet = 250;

/** Milliseconds without another answer that waits, after which nothing is taken to be on its way here. */
const settled = 50;

/** Milliseconds that answers wait at the most. */
const longestWait = 200;

/**
 * How an engine stops without a request noticing. A client that keeps its connection sends on it whenever it likes, and the
 * system resets connections that nobody has taken yet: whatever was closed then would take a request with it. So first every
 * answer says that its connection is not to be used again. Then answers wait for a moment, in which nobody comes back, and all
 * that was on its way arrives. Then nobody is accepted any more, and the answers leave.
 */
export class Stopping {
	readonly #close: () => void;
	#answers = 0;
	#waiting: PromiseWithResolvers<void> | undefined;
	#done: Promise<void> | undefined;
	#isClosed = false;

	/** @param close accept nobody any more */
	constructor(close: () => void) {
		this.#close = close;
	}

	/** Answers say `connection: close`. */
	get hasBegun(): boolean {
		return this.#done !== undefined;
	}

	/** To be asked with every answer from then on. @returns when it may leave, if it has to wait */
	wait(): Promise<void> | undefined {
		this.#answers += 1;
		return this.#waiting?.promise;
	}

	/**
	 * @param patience milliseconds for the first part; 0 leaves out the second one, too
	 * @param inStep see `Engine.stop`
	 */
	stop(patience: number, inStep?: InStep): Promise<void> {
		if (this.#done !== undefined) {
			if (patience === 0) this.#end();
			return this.#done;
		}
		if (patience > 0) return (this.#done = this.#stop(patience, inStep));
		this.#done = Promise.resolve();
		this.#end();
		return this.#done;
	}

	async #stop(patience: number, inStep?: InStep): Promise<void> {
		await this.#silence(quiet, patience);
		await inStep?.();
		if (this.#isClosed) return;
		this.#waiting = Promise.withResolvers();
		await this.#silence(settled, longestWait);
		await inStep?.();
		if (this.#isClosed) return;
		this.#refuse();
		// Who is answered earlier comes back to another worker, which is about to close.
		await inStep?.();
		this.#end();
	}

	/** For so many milliseconds no answer, or the longest of all times. */
	async #silence(time: number, longest: number): Promise<void> {
		const end = performance.now() + longest;
		let answers: number;
		do {
			answers = this.#answers;
			await sleep(Math.min(time, Math.max(end - performance.now(), 0)));
			// A process that was kept from running hears of its timers before it reads what has come.
			await turn();
		} while (!this.#isClosed && answers !== this.#answers && performance.now() < end);
	}

	#end(): void {
		this.#refuse();
		this.#waiting?.resolve();
		this.#waiting = undefined;
	}

	#refuse(): void {
		if (this.#isClosed) return;
		this.#isClosed = true;
		this.#close();
	}
}
