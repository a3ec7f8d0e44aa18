import type { Connection } from './core/connection.ts';

/**
 * Hear of one thing of a connection, and of nothing else that happens to it.
 * @param read what it is, or what is new whenever it is
 * @returns stops it
 */
export function onChange<In, Out>(
	connection: Connection<In, Out>,
	read: () => unknown,
	changed: () => void
): () => void {
	let before = read();
	const look = () => {
		const now = read();
		if (Object.is(now, before)) return;
		before = now;
		changed();
	};
	const stops = [connection.on('state', look), connection.on('message', look)];
	return () => stops.forEach((stop) => stop());
}
