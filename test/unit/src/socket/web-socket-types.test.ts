import type { WebSocket } from 'ws';
import { expect, it } from 'vitest';
import { asWebSocket } from '../../../../src/server/socket/as-web-socket.ts';
import { fakePeer } from '../../support/peers.ts';
import { Registry } from '../../../../src/server/registry/registry.ts';

it('a peer as a socket is one where a library says WebSocket of ws', () => {
	const take = (socket: WebSocket) => socket.readyState;
	expect(take(asWebSocket(fakePeer(new Registry()).peer))).toBe(1);
});
