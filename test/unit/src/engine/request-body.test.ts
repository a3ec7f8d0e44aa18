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
