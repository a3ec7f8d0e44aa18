import { setTimeout as sleep } from 'node:timers/promises';
import { both, closeSockets, endStreams, type Leaving, type Streams } from './closing.ts';
import { Deadline } from './deadline.ts';
import type { Engine, InStep } from './engine/engine.ts';
import type { Registry } from './registry/registry.ts';
import type { Requests } from './requests.ts';

export interface ShutdownOptions extends Streams {
	engine: Engine;
	registry: Registry;
	requests: Requests;
	/** Sockets that are none of the registry's. Default: none. */
	guests?: Leaving | undefined;
	/** Ends what `setup` of the app has made, and never rejects. */
	undo?: (() => Promise<void>) | undefined;
	/** How fast clients can come back. */
	pace: { readonly perSecond: number };
	/** Seconds after which what is left is cut. */
	timeout: number;
	/** See `Engine.stop`. */
	inStep?: InStep | undefined;
}

/** Milliseconds that the last bytes have to leave before connections are cut. */
const grace = 100;

/** Milliseconds that the clients of kept connections have to hear that these are to be closed. */
const patience = 1000;

/**
 * Stop accepting, cut event streams and end subscriptions, which would last for ever, finish the other requests and close
 * sockets with 1001, then cut what is left. Requests and sockets have until the timeout, together.
 */
export async function shutDown({
	engine,
	registry,
	requests,
	guests,
	undo,
	pace,
	cutEventStreams,
	timeout,
	inStep
}: ShutdownOptions): Promise<void> {
	const deadline = new Deadline(timeout * 1000);
	// Of a short time it may take a part.
	const isAwaited = requests.areKnown || inStep !== undefined;
	await engine.stop(isAwaited ? Math.min(patience, timeout * 250) : 0, inStep);
	endStreams({ registry, cutEventStreams });
	await Promise.race([
		Promise.all([undo?.(), finish({ engine, registry, requests, guests, pace }, deadline)]),
		deadline.late.then(() => sleep(grace))
	]);
	deadline[Symbol.dispose]();
	engine.close();
	registry.detach();
}

/** Clients that keep their connection may come with another request, until they have read that it is to be closed. */
async function finish(
	{
		engine,
		registry,
		requests,
		guests,
		pace
	}: Omit<ShutdownOptions, 'cutEventStreams' | 'timeout' | 'inStep' | 'undo'>,
	deadline: Deadline
): Promise<void> {
	const own = socketsOf(engine, registry);
	const sockets = guests ? both(own, guests) : own;
	const { signal } = deadline;
	do {
		const { left: time } = deadline;
		const closed = closeSockets(sockets, { signal, time, rate: pace.perSecond });
		await Promise.all([requests.idle(), closed]);
		await sleep(grace);
	} while (!signal.aborted && (requests.areActive || sockets.size > 0));
}

/** The sockets of this process. */
function socketsOf(engine: Engine, registry: Registry): Leaving {
	return {
		// Some have ended, and what was queued for them is still on its way.
		get size() {
			return registry.size + engine.leaving;
		},
		get arrivals() {
			return registry.arrivals;
		},
		*open() {
			for (const peer of registry.peers) if (peer.readyState === 1 && !peer.isParting) yield peer;
		}
	};
}
