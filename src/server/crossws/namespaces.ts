import type { Peer } from '../socket/peer.ts';
import { SocketPeer, type CrosswsSocket } from './peer.ts';
import type { CrosswsPeer } from './types.ts';

/** The peers of this process, by namespace. */
export class Namespaces {
	readonly #peers = new Map<string, Set<CrosswsPeer>>();

	/** What hooks of crossws know this peer as: the same whenever it is asked for. */
	peerOf(peer: Peer<CrosswsSocket>): CrosswsPeer {
		const { data } = peer;
		if (data.peer === undefined) {
			const peers = this.#peers.get(data.namespace) ?? new Set();
			this.#peers.set(data.namespace, peers);
			data.peer = new SocketPeer(peer, peers);
			peers.add(data.peer);
		}
		return data.peer;
	}

	/** It has closed. */
	remove({ data: { namespace, peer } }: Peer<CrosswsSocket>): void {
		const peers = this.#peers.get(namespace);
		if (peer === undefined || peers === undefined) return;
		peers.delete(peer);
		if (peers.size === 0) this.#peers.delete(namespace);
	}
}
