import type { KeptPeerRequest } from './peer-request.ts';
import type { Peer } from './peer.ts';

/** What a socket keeps of the request that has opened it. */
export interface SocketContext extends KeptPeerRequest {
	/** The socket is open: whose it is. Called once, before anything is run. */
	begin(peer: Peer): void;
	/**
	 * Run something of the app in the async context in which `upgrade` ran: what `handle` has opened around it is there, and
	 * nothing of whoever happens to cause the call.
	 */
	run<T>(call: () => T): T;
	/** Kit's `handleError`, as it is now; undefined if the app has none. It may throw or reject. */
	readonly report: ((error: unknown) => unknown) | undefined;
}
