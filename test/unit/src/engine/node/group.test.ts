import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { SocketGroup } from '../../../../../src/server/engine/node/group.ts';

const member = (isOpen = true) => ({ isOpen, close() {} });

describe('a group of sockets', () => {
	it('holds handshakes and sockets until their connection is gone', async () => {
		const group = new SocketGroup();
		const [handshake, socket] = [new PassThrough(), new PassThrough()];
		group.add(handshake);
		group.add(socket);
		const opened = member();
		group.opened(socket, opened);
		expect([group.size, [...group.open()]]).toEqual([2, [opened]]);
		socket.destroy();
		await once(socket, 'close');
		expect([group.size, [...group.open()]]).toEqual([1, []]);
		handshake.destroy();
		await once(handshake, 'close');
		expect(group.size).toBe(0);
	});

	it('names those that have not begun to close', () => {
		const group = new SocketGroup();
		const [closing, open] = [new PassThrough(), new PassThrough()];
		group.add(closing);
		group.opened(closing, member(false));
		group.add(open);
		const opened = member();
		group.opened(open, opened);
		expect([...group.open()]).toEqual([opened]);
	});

	it('is cut as a whole, handshakes too', () => {
		const group = new SocketGroup();
		const connections = [new PassThrough(), new PassThrough()];
		for (const connection of connections) group.add(connection);
		group.opened(connections[0] as PassThrough, member());
		group.cut();
		expect(connections.map(({ destroyed }) => destroyed)).toEqual([true, true]);
	});
});
