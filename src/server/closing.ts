import { setTimeout as sleep } from 'node:timers/promises';
import type { Registry } from './registry/registry.ts';

/** What lasts for ever unless it is ended. */
export interface Streams {
	readonly registry: Pick<Registry, 'endSubscriptions'>;
	/** Cut the event streams that are open, and each one that is still to come. */
	cutEventStreams(reason: unknown): void;
}

/** End event streams and subscriptions, and each one that is still to come. */
export function endStreams({ registry, cutEventStreams }: Streams): void {
	// Before the subscriptions that may feed them: a stream that ends by itself is complete to its client.
	cutEventStreams(new DOMException('The server is shutting down', 'AbortError'));
	registry.endSubscriptions();
}

/** Sockets closed at once; the next ones follow after a pause, so that their clients do not all return together. */
const batch = 200;
const pause = 50;

interface Closable {
	close(code: number, reason: string): void;
}

/** Sockets that a server is about to leave. */
export interface Leaving {
	/** What is still there, closing or not. */
	readonly size: number;
	/** Those that have not begun to close. */
	open(): Iterable<Closable>;
}

/** Close sockets with 1001, those too that come while it lasts, until none is left or the signal aborts. */
export async function closeSockets(sockets: Leaving, signal: AbortSignal): Promise<void> {
	while (sockets.size > 0 && !signal.aborted) {
		for (const socket of take(sockets.open(), batch)) socket.close(1001, 'Server is shutting down');
		await sleep(pause);
	}
}

function take<T>(all: Iterable<T>, count: number): T[] {
	const taken: T[] = [];
	for (const each of all) {
		if (taken.push(each) === count) break;
	}
	return taken;
}
