import { PassThrough } from 'node:stream';
import { once } from 'node:events';
import { expect, it, vi } from 'vitest';
import { Connections } from '../../../../../src/server/engine/node/connections.ts';

it('tells every request that waits on a connection when that is gone', async () => {
	const connections = new Connections();
	const [gone, other] = [new PassThrough(), new PassThrough()];
	const waiting = () => ({ settle: vi.fn() });
	const [first, second, answered, elsewhere] = [waiting(), waiting(), waiting(), waiting()];
	for (const request of [first, second, answered]) connections.add(gone, request);
	connections.add(other, elsewhere);
	connections.remove(gone, answered);
	gone.destroy();
	await once(gone, 'close');
	expect(
		[first, second, answered, elsewhere].map(({ settle }) => settle.mock.calls.length)
	).toEqual([1, 1, 0, 0]);
});

it('leaves nothing on a connection whose requests are answered', () => {
	const connections = new Connections();
	const connection = new PassThrough();
	const before = connection.listenerCount('close');
	for (let count = 0; count < 3; count += 1) {
		const requests = [{ settle() {} }, { settle() {} }];
		for (const request of requests) connections.add(connection, request);
		expect(connection.listenerCount('close')).toBe(before + 1);
		for (const request of requests) connections.remove(connection, request);
		expect(connection.listenerCount('close')).toBe(before);
	}
});
