import { once } from 'node:events';
import { connect } from 'node:net';

/** Where a server of NATS listens. */
export interface Place {
	readonly host: string;
	readonly port: number;
}

/**
 * The first of these servers that says anything, as every server does that is awake. The package never lets go of a connection to
 * one that keeps silent.
 * @throws why the first of them cannot be reached
 */
export async function findAwake(places: readonly Place[], signal: AbortSignal): Promise<Place> {
	const found = new AbortController();
	const either = AbortSignal.any([signal, found.signal]);
	try {
		return await Promise.any(places.map((place) => hear(place, either)));
	} catch (error) {
		throw error instanceof AggregateError ? error.errors[0] : error;
	} finally {
		found.abort();
	}
}

async function hear(place: Place, signal: AbortSignal): Promise<Place> {
	const socket = connect(place);
	const leave = () => socket.destroy();
	socket.once('end', () => socket.destroy(new Error('It closes the connection at once')));
	signal.addEventListener('abort', leave, { once: true });
	if (signal.aborted) leave();
	try {
		await once(socket, 'data', { signal });
		return place;
	} finally {
		// What it says in the end is nobody's concern.
		socket.on('error', () => {});
		leave();
		signal.removeEventListener('abort', leave);
	}
}
