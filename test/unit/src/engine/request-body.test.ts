import { describe, expect, it, vi } from 'vitest';
import { RequestBody } from '../../../../src/server/engine/request-body.ts';

describe('what waits of a request body', () => {
	it.each([
		['large', 16 * 1024, 4],
		['tiny', 1, 256]
	])('makes the connection wait, if its pieces are %s', async (_, bytes, most) => {
		const flow = { pause: vi.fn(), resume: vi.fn() };
		const body = new RequestBody(flow);
		let count = 0;
		while (flow.pause.mock.calls.length === 0) {
			body.receive(new Uint8Array(bytes));
			count += 1;
		}
		expect(count).toBeLessThanOrEqual(most);
		const reader = body.stream.getReader();
		await reader.read();
		expect(flow.resume).toHaveBeenCalled();
	});
});

describe('a request body that is wanted at once', () => {
	const flow = () => ({ pause: vi.fn(), resume: vi.fn() });
	const bytes = (...values: number[]) => new Uint8Array(values);

	it('is all that has come, before and after it was asked for', async () => {
		const body = new RequestBody(flow());
		body.receive(bytes(1, 2));
		const all = body.bytes();
		body.receive(bytes(3));
		body.end();
		expect([...(await all)]).toEqual([1, 2, 3]);
	});

	it('is what has come where it is complete already, or nothing', async () => {
		const body = new RequestBody(flow());
		body.receive(bytes(1));
		body.end();
		expect([...(await body.bytes())]).toEqual([1]);
		const empty = new RequestBody(flow());
		empty.end();
		expect([...(await empty.bytes())]).toEqual([]);
	});

	it('lets the connection go on that had to wait, and never makes it wait', async () => {
		const connection = flow();
		const body = new RequestBody(connection);
		while (connection.pause.mock.calls.length === 0) body.receive(new Uint8Array(16 * 1024));
		const all = body.bytes();
		expect(connection.resume).toHaveBeenCalledOnce();
		for (let count = 0; count < 20; count += 1) body.receive(new Uint8Array(16 * 1024));
		body.end();
		expect((await all).byteLength).toBe(24 * 16 * 1024);
		expect(connection.pause).toHaveBeenCalledOnce();
	});

	it('fails with the connection, before and after it was asked for', async () => {
		const body = new RequestBody(flow());
		const all = body.bytes();
		body.abort(new Error('left'));
		await expect(all).rejects.toThrow('left');
		const gone = new RequestBody(flow());
		gone.receive(bytes(1));
		gone.abort(new Error('left'));
		await expect(gone.bytes()).rejects.toThrow('left');
	});

	it('fails when the answer is complete before it is', async () => {
		const body = new RequestBody(flow());
		const all = body.bytes();
		body.release();
		await expect(all).rejects.toThrow('before the request body was read');
	});
});

describe('a request body as a stream', () => {
	it('has what came before it was asked for, and its end or its failure', async () => {
		const body = new RequestBody({ pause() {}, resume() {} });
		body.receive(new Uint8Array([1]));
		body.receive(new Uint8Array([2]));
		body.end();
		const chunks: number[] = [];
		for await (const chunk of body.stream) chunks.push(...chunk);
		expect(chunks).toEqual([1, 2]);
		const gone = new RequestBody({ pause() {}, resume() {} });
		gone.abort(new Error('left'));
		await expect(gone.stream.getReader().read()).rejects.toThrow('left');
	});
});
