import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { BunSocket, type BunSocketData } from '../../../../../src/server/engine/bun/socket.ts';
import { BunSockets } from '../../../../../src/server/engine/bun/sockets.ts';
import type { BunWebSocket } from '../../../../../src/server/engine/bun/runtime.ts';
import { Dispatcher } from '../../../../../src/server/engine/dispatch.ts';

/** A socket of Bun that keeps what is done with it. */
class WebSocket {
	readonly done: string[] = [];
	readonly data: BunSocketData = {
		events: { open() {}, message() {}, drain() {}, overflow() {}, close() {} }
	};
	binaryType = 'uint8array' as const;

	send(data: string | Uint8Array): number {
		this.done.push(String(data));
		return data.length;
	}

	cork(send: () => void): void {
		this.done.push('[');
		send();
		this.done.push(']');
	}

	getBufferedAmount(): number {
		return 0;
	}

	ping(): number {
		return 1;
	}

	close(): void {
		this.done.push('close');
	}

	terminate(): void {
		this.done.push('terminate');
	}
}

/** A socket on the topic `room`, and everybody. */
function open() {
	const dispatcher = new Dispatcher({ request() {}, upgrade() {}, error() {} });
	const options = { maxPayload: 1, idleTimeout: 0, maxBackpressure: 1, compression: false };
	const sockets = new BunSockets(options, dispatcher);
	const ws = new WebSocket();
	const socket = new BunSocket(sockets, ws as BunWebSocket<BunSocketData>);
	socket.subscribe('room');
	const publish = (text: string) => sockets.publish('room', text, false);
	return { ...ws, ws, socket, publish, [Symbol.dispose]: () => sockets.close() };
}

/** What is put off to the end of the turn has been done. */
function turn(): Promise<void> {
	return new Promise((resolve) => process.nextTick(resolve));
}

describe('what is published to a socket on Bun', () => {
	it('leaves together at the end of the turn', async () => {
		using room = open();
		for (const text of ['a', 'b', 'c']) room.publish(text);
		expect(room.done).toEqual([]);
		await turn();
		expect(room.done).toEqual(['[', 'a', 'b', 'c', ']']);
		room.publish('d');
		await turn();
		expect(room.done.slice(5)).toEqual(['d']);
	});

	it('leaves before what is sent behind it', async () => {
		using room = open();
		room.publish('a');
		room.socket.send('b', false);
		room.publish('c');
		await turn();
		expect(room.done).toEqual(['a', 'b', 'c']);
	});

	it('leaves before the socket is closed', async () => {
		using room = open();
		room.publish('a');
		room.socket.close(1000, '');
		await turn();
		expect(room.done).toEqual(['a', 'close']);
	});

	it('leaves before the socket is cut', async () => {
		using room = open();
		room.publish('a');
		room.socket.terminate();
		await turn();
		expect(room.done).toEqual(['a', 'terminate']);
	});

	it('does not wait for the end of the turn when it is a lot', () => {
		using room = open();
		for (let index = 0; index < 3; index += 1) room.publish('x'.repeat(10_000));
		expect(room.done).toHaveLength(4);
	});

	it('is forgotten when the client is gone', async () => {
		using room = open();
		room.publish('a');
		room.socket.gone();
		await turn();
		expect(room.done).toEqual([]);
	});
});
