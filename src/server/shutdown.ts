import { setTimeout as sleep } from 'node:timers/promises';
import { closeSockets, endStreams, type Leaving, type Streams } from './closing.ts';
import type { Engine } from './engine/engine.ts';
import type { Registry } from './registry/registry.ts';
import type { Requests } from './requests.ts';

export interface ShutdownOptions extends Streams {
	engine: Engine;
	registry: Registry;
	requests: Requests;
	/** Seconds after which what is left is cut. */
	timeout: number;
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
	cutEventStreams,
	timeout
}: ShutdownOptions): Promise<void> {
	const deadline = new AbortController();
	const late = sleep(timeout * 1000, undefined, { signal: deadline.signal }).catch(() => {});
	// Of a short time it may take a part.
	await engine.stop(requests.areKnown ? Math.min(patience, timeout * 250) : 0);
	endStreams({ registry, cutEventStreams });
	await Promise.race([
		finish({ engine, registry, requests }, deadline.signal),
		late.then(() => sleep(grace))
	]);
	deadline.abort();
	engine.close();
	registry.detach();
}

/** Clients that keep their connection may come with another request, until they have read that it is to be closed. */
async function finish(
	{ engine, registry, requests }: Pick<ShutdownOptions, 'engine' | 'registry' | 'requests'>,
	signal: AbortSignal
): Promise<void> {
	do {
		await Promise.all([requests.idle(), closeSockets(socketsOf(engine, registry), signal)]);
		await sleep(grace);
	} while (!signal.aborted && (requests.areActive || registry.size > 0 || engine.leaving > 0));
}

/** The sockets of this process. */
function socketsOf(engine: Engine, registry: Registry): Leaving {
	return {
		// Some have ended, and what was queued for them is still on its way.
		get size() {
			return registry.size + engine.leaving;
		},
		*open() {
			for (const peer of registry.peers) if (peer.readyState === 1) yield peer;
		}
	};
}
