import type { PeerHub, PeerIdentity } from '../../../src/server/socket/peer-hub.ts';
import { Peer } from '../../../src/server/socket/peer.ts';
import type { SocketContext } from '../../../src/server/socket/context.ts';
import { FakeSocket } from './engine.ts';

export const identity: PeerIdentity<unknown, Record<string, string>> & { url: URL } = {
	data: undefined,
	locals: {},
	params: {},
	url: new URL('https://example.com/chat'),
	address: '127.0.0.1',
	protocol: ''
};

/** No context but that of the caller, for an app without `handleError`. */
export const plainContext: SocketContext = {
	begin() {},
	run: (call) => call(),
	report: undefined,
	request: {
		method: 'GET',
		url: '/chat',
		headers: { host: 'localhost' },
		rawHeaders: ['host', 'localhost'],
		socket: { remoteAddress: '127.0.0.1' }
	}
};

/** A peer on a fake socket. */
export function fakePeer(hub: PeerHub<Peer>): { peer: Peer; socket: FakeSocket } {
	const socket = new FakeSocket();
	return { peer: new Peer(socket, hub, identity), socket };
}
