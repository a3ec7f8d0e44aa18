import { describe, expect, it } from 'vitest';
import { nativeRequest } from '../../../../../src/server/engine/bun/request.ts';
import { FakeExchange } from '../../../support/exchange.ts';

function native(init: RequestInit = {}, url = 'https://example.com/b') {
	const exchange = new FakeExchange({});
	const request = nativeRequest(url, new Request('http://internal/a', init), exchange);
	return { exchange, request };
}

describe("Bun's own request", () => {
	it('has the method and the headers, and the URL that it was made to', () => {
		const { request } = native({ method: 'DELETE', headers: { 'x-name': 'value' } });
		expect(request.method).toBe('DELETE');
		expect(request.url).toBe('https://example.com/b');
		expect(request.headers.get('x-name')).toBe('value');
		expect(request.body).toBeNull();
	});

	it('has a signal that aborts when the exchange does, and says why', () => {
		const { exchange, request } = native();
		const { signal } = request;
		expect(signal.aborted).toBe(false);
		const reason = new Error('cut');
		exchange.cut(reason);
		expect([signal.aborted, signal.reason]).toEqual([true, reason]);
	});

	it('is not made for a URL that is none', () => {
		expect(() => native({}, 'https://a b/')).toThrow(TypeError);
	});
});
