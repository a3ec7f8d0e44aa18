import cluster from 'node:cluster';
import { rmSync } from 'node:fs';
import process from 'node:process';
import type { ListenOptions } from '../engine/engine.ts';
import type { Variables } from '../env.ts';
import {
	isStep,
	workerVariable,
	type Listening,
	type Step,
	type WorkerOrders
} from './messages.ts';

/** Milliseconds that a worker waits for others that stop: one that is busy is not to hold up the rest. */
const patience = 500;

/** The way to the primary. */
type Channel = Pick<NodeJS.Process, 'connected' | 'send' | 'on' | 'once' | 'off'>;

/** This process, as a worker of a primary of ours. */
export class OwnWorker {
	readonly #orders: WorkerOrders;
	readonly #channel: Channel;
	#step = 0;

	constructor(orders: WorkerOrders, channel: Channel) {
		this.#orders = orders;
		this.#channel = channel;
		cluster.worker?.once('disconnect', () => this.#tidyUp());
	}

	/** Where the router of the cluster bus listens. */
	get bus(): string | undefined {
		return this.#orders.bus;
	}

	/** All of them would say the same: only one does. */
	get speaks(): boolean {
		return this.#orders.speaks;
	}

	/** Where to listen, together with the others. */
	share(options: ListenOptions): ListenOptions {
		if (!('port' in options)) return options;
		return { ...options, port: this.#orders.port ?? options.port, isShared: true };
	}

	/** Tell the primary that this one listens. */
	report(what: Omit<Listening, 'type'>): void {
		const message: Listening = { type: 'svelte-adapter-ws:listening', ...what };
		if (this.#channel.connected) this.#channel.send?.(message);
	}

	/** See `Engine.stop`. */
	readonly inStep = (): Promise<void> => {
		this.#step += 1;
		const message: Step = { type: 'svelte-adapter-ws:step', step: this.#step };
		if (!this.#channel.connected) return Promise.resolve();
		this.#channel.send?.(message);
		return this.#hears(message.step);
	};

	#hears(step: number): Promise<void> {
		return new Promise((resolve) => {
			const done = () => {
				clearTimeout(late);
				this.#channel.off('message', listen);
				this.#channel.off('disconnect', done);
				resolve();
			};
			const listen = (message: unknown) => {
				if (isStep(message) && message.step >= step) done();
			};
			const late = setTimeout(done, patience);
			this.#channel.on('message', listen);
			this.#channel.once('disconnect', done);
		});
	}

	/** A primary that was killed leaves the socket of its router behind. */
	#tidyUp(): void {
		const { bus } = this.#orders;
		if (bus !== undefined && !cluster.worker?.exitedAfterDisconnect) rmSync(bus, { force: true });
	}
}

/**
 * To be called once: what a worker starts in its turn is none.
 * @returns undefined where the process was not started by a primary of ours
 */
export function findOwnWorker(
	variables: Variables,
	channel: Channel = process
): OwnWorker | undefined {
	const text = variables[workerVariable];
	delete variables[workerVariable];
	if (text === undefined || !cluster.isWorker) return undefined;
	const orders = JSON.parse(text) as WorkerOrders;
	return orders.primary === process.ppid ? new OwnWorker(orders, channel) : undefined;
}
