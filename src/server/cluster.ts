import cluster from 'node:cluster';
import process from 'node:process';
import type { StopSignal } from './stop-signals.ts';
import { isStop } from './workers/messages.ts';

/** What a primary of node:cluster sends to a worker that it wants to go: nothing else tells before every connection is closed. */
interface Goodbye {
	cmd?: unknown;
	act?: unknown;
}

/**
 * In a worker of node:cluster: when the primary calls `worker.disconnect()`, and Node stops to accept connections and waits for
 * those that are open; when a primary of ours is to shut down; and when the primary is gone, which Node would end the process for.
 */
export function onGoodbye(listener: (reason: StopSignal | 'DISCONNECT') => void): void {
	const { worker } = cluster;
	if (worker === undefined) return;
	// Node answers the primary for each connection that it gets. One that was killed hears nothing, and that is no end of this process.
	worker.on('error', () => {});
	process.on('internalMessage', ({ cmd, act }: Goodbye) => {
		if (cmd === 'NODE_CLUSTER' && act === 'disconnect') listener('DISCONNECT');
	});
	process.on('message', (message) => {
		if (isStop(message)) listener(message.reason);
	});
	worker.once('disconnect', () => {
		worker.exitedAfterDisconnect = true;
		listener('DISCONNECT');
	});
}

/** A worker of node:cluster lives as long as its primary listens to it; what is on its way out already must not be told twice. */
export function leaveCluster(): void {
	const { worker } = cluster;
	if (cluster.isWorker && process.connected && !worker?.exitedAfterDisconnect) worker?.disconnect();
}
