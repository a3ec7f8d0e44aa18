import type { Peer } from './peer.ts';
import { PeerWebSocket } from './web-socket/index.ts';

/**
 * A peer as a socket of the package `ws`, for libraries that expect one. Call it in `open`, where nothing that the client sends
 * is missed. For one peer it always returns the same object.
 *
 * @example open(peer) { setupWSConnection(asWebSocket(peer), peer.request) }
 */
export function asWebSocket<Data, P, Out>(peer: Peer<Data, P, Out>): PeerWebSocket {
	const isOne = (view: object): view is PeerWebSocket => view instanceof PeerWebSocket;
	return peer.viewed(isOne, () => new PeerWebSocket(peer as unknown as Peer));
}
