import cluster from 'node:cluster';
import { rmSync } from 'node:fs';
import process from 'node:process';
import type { ListenOptions } from '../engine/engine.ts';
import type { Variables } from '../env.ts';
import { workerVariable, type Listening, type WorkerOrders } from './messages.ts';

/** This process, as a worker of a primary of ours. */
export class OwnWorker {
	readonly #orders: WorkerOrders;

	constructor(orders: WorkerOrders) {
		this.#orders = orders;
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
		if (process.connected) process.send?.(message);
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
export function findOwnWorker(variables: Variables): OwnWorker | undefined {
	const text = variables[workerVariable];
	delete variables[workerVariable];
	if (text === undefined || !cluster.isWorker) return undefined;
	const orders = JSON.parse(text) as WorkerOrders;
	return orders.primary === process.ppid ? new OwnWorker(orders) : undefined;
}
