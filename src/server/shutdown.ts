import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from './engine/engine.ts';
import type { Registry } from './registry/registry.ts';
import type { Requests } from './requests.ts';

export interface ShutdownOptions {
	engine: Engine;
	registry: Registry;
	requests: Requests;
	/** Seconds after which what is left is cut. */
	timeout: number;
}

/** Sockets closed at once; the next ones follow after a pause, so that their clients do not all return together. */
const batch = 200;
const pause = 50;
/** Milliseconds that the last bytes have to leave before connections are cut. */
const grace = 100;

/**
 * Stop accepting, finish requests, close sockets with 1001, then cut what is left. Requests and sockets have until the
 * timeout, together.
 */
export async function shutDown({
	engine,
	registry,
	requests,
	timeout
}: ShutdownOptions): Promise<void> {
	engine.stop();
	const deadline = new AbortController();
	const late = sleep(timeout * 1000, undefined, { signal: deadline.signal }).catch(() => {});
	const done = Promise.all([requests.idle(), closeSockets(registry, deadline.signal)]);
	await Promise.race([done, late]);
	deadline.abort();
	await sleep(grace);
	engine.close();
	registry.detach();
}

async function closeSockets(registry: Registry, signal: AbortSignal): Promise<void> {
	while (registry.size > 0 && !signal.aborted) {
		let count = 0;
		registry.close(1001, 'Server is shutting down', (peer) => {
			if (peer.readyState !== 1) return false;
			count += 1;
			return count <= batch;
		});
		await sleep(pause);
	}
}
