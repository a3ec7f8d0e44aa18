import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { Dispatcher } from '../../../../../src/server/engine/dispatch.ts';
import { NodeSocket } from '../../../../../src/server/engine/node/socket.ts';
import { NodeSockets } from '../../../../../src/server/engine/node/sockets.ts';

const dispatcher = new Dispatcher({ request() {}, upgrade() {}, error() {} });

const hubOf = (idleTimeout: number) =>
	new NodeSockets(
		{ maxPayload: 1, idleTimeout, maxBackpressure: 1, compression: false },
		dispatcher
	);

/** A socket on a `ws` whose peer is silent. */
function open(idleTimeout: number) {
	const ws = {
		readyState: 1,
		OPEN: 1,
		bufferedAmount: 0,
		ping: vi.fn(),
		close() {},
		terminate: vi.fn()
	};
	const events = { open() {}, message() {}, drain() {}, overflow() {}, close() {} };
	const connection = Object.assign(new PassThrough(), { bytesRead: 0 });
	const socket = new NodeSocket(ws as unknown as WebSocket, connection, hubOf(idleTimeout), events);
	return { ws, socket };
}

describe('the pulse of a socket', () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	it.each<[string, (socket: NodeSocket) => void]>([
		['closed', (socket) => socket.close(1000, '')],
		['cut', (socket) => socket.terminate()],
		['closed by its peer', (socket) => socket.closed(1000, '')]
	])('is not taken any more when it was %s', (_, end) => {
		const { socket } = open(120);
		expect(vi.getTimerCount()).toBe(1);
		end(socket);
		expect(vi.getTimerCount()).toBe(0);
	});

	it('may stop for as long as a peer may be silent, and not for much longer', () => {
		const { ws } = open(120);
		vi.advanceTimersByTime(119_000);
		expect(ws.terminate).not.toHaveBeenCalled();
		vi.advanceTimersByTime(40_000);
		expect(ws.terminate).toHaveBeenCalled();
	});

	it('may stop for ever where nobody is dropped, who is pinged all the same', () => {
		const { ws } = open(0);
		vi.advanceTimersByTime(3_600_000);
		expect(ws.terminate).not.toHaveBeenCalled();
		expect(ws.ping.mock.calls.length).toBeGreaterThan(100);
	});
});
