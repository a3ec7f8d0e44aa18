import process from 'node:process';
import { ownPlace, preparePlace } from '../bus/cluster/place.ts';
import { Router } from '../bus/cluster/router.ts';
import type { ListenOptions } from '../engine/engine.ts';
import type { Log } from '../log.ts';
import { onStopSignals, type StopSignal } from '../stop-signals.ts';
import { workerVariable, type Listening, type WorkerOrders } from './messages.ts';
import { Slot } from './slot.ts';

export interface PrimaryOptions {
	/** Where all of them listen. */
	readonly listen: ListenOptions;
	readonly count: number;
	/** It runs the router of the cluster bus. */
	readonly hasRouter: boolean;
	readonly log: Log;
}

/** Starts workers, and again those that end. It holds no connection and loads nothing of the app. */
export class Primary {
	readonly #options: PrimaryOptions;
	readonly #slots: Slot[] = [];
	#router: { place: string; router: Router } | undefined;
	#closing: Promise<void> | undefined;
	#ignoreSignals = () => {};

	constructor(options: PrimaryOptions) {
		this.#options = options;
	}

	/**
	 * The first worker alone, so that what keeps all of them from starting is said once, and then the others.
	 * @returns where they listen, when all have begun to or have failed for the first time; the process ends where the first one fails
	 */
	async start(): Promise<ListenOptions> {
		this.#ignoreSignals = onStopSignals(
			(signal) => void this.close(signal),
			(code) => this.#kill(code)
		);
		if (this.#options.hasRouter) await this.#openRouter();
		const first = await this.#begin(1);
		if (typeof first === 'number') {
			// Its own sentence stands in the log already.
			await this.#closing;
			this.#exit(this.#closing ? 0 : first);
		}
		const { count, log } = this.#options;
		await Promise.all(Array.from({ length: count - 1 }, (_, index) => this.#begin(index + 2)));
		log.info(`${first.line} in ${count} workers`);
		return first.bound;
	}

	/** Shut down as on a signal. Harmless when called twice. */
	close(reason: StopSignal = 'SIGTERM'): Promise<void> {
		return (this.#closing ??= this.#close(reason));
	}

	async #openRouter(): Promise<void> {
		const place = ownPlace();
		preparePlace(place);
		const router = new Router();
		await router.listen(place);
		this.#router = { place, router };
	}

	/** @returns what it says when it listens, or the code with which it has ended before that */
	#begin(number: number): Promise<Listening | number> {
		return new Promise((resolve) => {
			let hasListened = false;
			const slot = new Slot(number, this.#options.log, {
				listening: (message) => {
					hasListened = true;
					resolve(message);
				},
				stepped: () => this.#keepStep(slot),
				ended: (code) => {
					resolve(code);
					if (this.#closing) this.#keepStep(slot);
					return hasListened || number > 1;
				}
			});
			this.#slots.push(slot);
			slot.start({ [workerVariable]: JSON.stringify(this.#orders(number)) });
		});
	}

	#orders(number: number): WorkerOrders {
		const { listen } = this.#options;
		return {
			primary: process.pid,
			speaks: number === 1,
			...(this.#router && { bus: this.#router.place }),
			...('port' in listen && { port: listen.port })
		};
	}

	/** Workers that stop at the same time do it in step. One that stops alone waits for nobody. */
	#keepStep(stepped: Slot): void {
		if (this.#closing === undefined) return stepped.go(stepped.step);
		const step = Math.min(...this.#slots.map((slot) => slot.step));
		if (step > 0 && step < Infinity) for (const slot of this.#slots) slot.go(step);
	}

	async #close(reason: StopSignal): Promise<void> {
		await Promise.all(this.#slots.map((slot) => slot.stop(reason)));
		this.#router?.router.close();
		this.#ignoreSignals();
	}

	/** Nothing is left behind by it. */
	#exit(code: number): never {
		this.#router?.router.close();
		process.exit(code);
	}

	#kill(code: number): never {
		for (const slot of this.#slots) slot.kill();
		this.#exit(code);
	}
}
