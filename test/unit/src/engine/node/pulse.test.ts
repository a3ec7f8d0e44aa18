import type { Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { looksPerPing, Pulse } from '../../../../../src/server/engine/node/pulse.ts';

/** The pulse of a socket of `ws`, as far as it looks at one. */
function create(patience = 8) {
	const connection = { bytesRead: 0 };
	const ws = { readyState: 1, OPEN: 1, ping: vi.fn() };
	const onSilent = vi.fn();
	const pulse = new Pulse(ws as unknown as WebSocket, connection as Socket, patience, onSilent);
	return { pulse, connection, ws, onSilent };
}

describe('the pulse of a socket', () => {
	it('is lost when it has been silent for so many looks, and it is pinged before that', () => {
		const { pulse, ws, onSilent } = create();
		// whatever came before the first look has come
		for (let look = 0; look < 8; look += 1) pulse.beat();
		expect(ws.ping).toHaveBeenCalledTimes(8 / looksPerPing);
		expect(onSilent).not.toHaveBeenCalled();
		pulse.beat();
		expect(onSilent).toHaveBeenCalledOnce();
	});

	it('goes on while one large message takes its time to arrive', () => {
		const { pulse, connection, onSilent } = create();
		for (let look = 0; look < 100; look += 1) {
			if (look % 7 === 0) connection.bytesRead += 1;
			pulse.beat();
		}
		expect(onSilent).not.toHaveBeenCalled();
	});

	it('is never lost where nobody is dropped, and pings go out all the same', () => {
		const { pulse, ws, onSilent } = create(Infinity);
		for (let look = 0; look < 1000; look += 1) pulse.beat();
		expect(onSilent).not.toHaveBeenCalled();
		expect(ws.ping).toHaveBeenCalledTimes(1000 / looksPerPing);
	});

	it('pings nobody who closes', () => {
		const { pulse, ws } = create();
		ws.readyState = 2;
		for (let look = 0; look < 8; look += 1) pulse.beat();
		expect(ws.ping).not.toHaveBeenCalled();
	});
});
