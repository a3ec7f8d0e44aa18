import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { Heartbeat } from '../../../../../src/server/engine/node/heartbeat.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A socket of `ws` on its connection, as far as a heartbeat looks at them. */
function beating(idleTimeout = 8) {
	const heartbeat = new Heartbeat(idleTimeout);
	const connection = { bytesRead: 0 };
	const ws = { readyState: 1, OPEN: 1, ping: vi.fn(), terminate: vi.fn() };
	heartbeat.add(ws as unknown as WebSocket, connection as Socket);
	return { heartbeat, connection, ws };
}

describe('a heartbeat', () => {
	it('drops a socket that has been silent for the timeout, and pings it before that', () => {
		const { ws } = beating();
		vi.advanceTimersByTime(7900);
		expect(ws.ping).toHaveBeenCalled();
		expect(ws.terminate).not.toHaveBeenCalled();
		vi.advanceTimersByTime(100);
		expect(ws.terminate).toHaveBeenCalledOnce();
	});

	it('keeps a socket on which one large message takes longer than the timeout to arrive', () => {
		const { ws, connection } = beating();
		for (let second = 0; second < 60; second += 1) {
			connection.bytesRead += 1;
			vi.advanceTimersByTime(1000);
		}
		expect(ws.terminate).not.toHaveBeenCalled();
	});

	it('leaves no timer when the last socket is gone, or where it is off', () => {
		const { heartbeat, ws } = beating();
		expect(vi.getTimerCount()).toBe(1);
		heartbeat.remove(ws as unknown as WebSocket);
		expect(vi.getTimerCount()).toBe(0);
		beating(0);
		expect(vi.getTimerCount()).toBe(0);
	});
});
