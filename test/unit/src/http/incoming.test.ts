import { expect, it } from 'vitest';
import { platformRequest } from '../../../../src/server/http/incoming.ts';
import { FakeExchange } from '../../support/exchange.ts';

it('is what Node would say of the request', () => {
	const exchange = new FakeExchange({
		method: 'POST',
		target: '/a?b',
		address: '1.2.3.4',
		headers: { host: 'h', cookie: 'a=1' }
	});
	const req = platformRequest(exchange);
	expect(req.method).toBe('POST');
	expect(req.url).toBe('/a?b');
	expect(req.headers).toEqual({ host: 'h', cookie: 'a=1' });
	expect(req.rawHeaders).toEqual(['host', 'h', 'cookie', 'a=1']);
	expect(req.socket.remoteAddress).toBe('1.2.3.4');
});

it('joins what was said twice, but for cookies that are set, as Node does', () => {
	const exchange = new FakeExchange({
		headers: [
			['accept', 'a'],
			['set-cookie', 'a=1'],
			['accept', 'b'],
			['set-cookie', 'b=2, c']
		]
	});
	expect(platformRequest(exchange).headers).toEqual({
		accept: 'a, b',
		'set-cookie': ['a=1', 'b=2, c']
	});
});
