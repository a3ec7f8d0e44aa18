import cluster from 'node:cluster';
import process from 'node:process';

/** What a primary of node:cluster sends to a worker that it wants to go: nothing else tells before every connection is closed. */
interface Goodbye {
	cmd?: unknown;
	act?: unknown;
}

/**
 * In a worker of node:cluster: when the primary calls `worker.disconnect()`. Node stops to accept connections then, and waits
 * for those that are open.
 */
export function onDisconnect(listener: () => void): void {
	if (!cluster.isWorker) return;
	process.on('internalMessage', ({ cmd, act }: Goodbye) => {
		if (cmd === 'NODE_CLUSTER' && act === 'disconnect') listener();
	});
}

/** A worker of node:cluster lives as long as its primary listens to it; what is on its way out already must not be told twice. */
export function leaveCluster(): void {
	const { worker } = cluster;
	if (cluster.isWorker && process.connected && !worker?.exitedAfterDisconnect) worker?.disconnect();
}
