import { describe, expect, it } from 'vitest';
import { clientAddress, type AddressOptions } from '../../../../src/server/http/address.ts';
import { FakeExchange, type Asked } from '../../support/exchange.ts';

const options = (header: string, xffDepth = 1): AddressOptions => ({
	header,
	variable: 'ADDRESS_HEADER',
	depthVariable: 'XFF_DEPTH',
	xffDepth
});

const address = (headers: Asked['headers'], given: AddressOptions) =>
	clientAddress(new FakeExchange({ headers, address: '10.0.0.1' }), given);

describe('clientAddress', () => {
	it('is that of the connection where no header is trusted', () => {
		expect(address({ 'x-forwarded-for': '1.1.1.1' }, options(''))).toBe('10.0.0.1');
	});

	it('is the whole value of any other trusted header', () => {
		expect(address({ 'true-client-ip': '1.1.1.1, 2.2.2.2' }, options('true-client-ip', 2))).toBe(
			'1.1.1.1, 2.2.2.2'
		);
	});

	it.each([
		[1, '3.3.3.3'],
		[2, '2.2.2.2'],
		[3, '1.1.1.1']
	])('counts %i from the right of x-forwarded-for', (depth, expected) => {
		const headers = { 'x-forwarded-for': '1.1.1.1,2.2.2.2 , 3.3.3.3' };
		expect(address(headers, options('x-forwarded-for', depth))).toBe(expected);
	});

	it('counts over all x-forwarded-for headers', () => {
		const headers: [string, string][] = [
			['x-forwarded-for', '1.1.1.1'],
			['x-forwarded-for', '2.2.2.2']
		];
		expect(address(headers, options('x-forwarded-for', 2))).toBe('1.1.1.1');
	});

	it('fails where the header is absent: somebody went around the proxy', () => {
		expect(() => address({}, options('x-real-ip'))).toThrow(
			/^Address header was specified with ADDRESS_HEADER=x-real-ip but is absent from request$/
		);
	});

	it('fails where there are fewer addresses than trusted proxies', () => {
		expect(() => address({ 'x-forwarded-for': '1.1.1.1' }, options('x-forwarded-for', 2))).toThrow(
			/XFF_DEPTH is 2, but only found 1 addresses$/
		);
	});

	it('is empty where the header is, as in adapter-node', () => {
		expect(address({ 'x-real-ip': '' }, options('x-real-ip'))).toBe('');
		expect(address({ 'x-forwarded-for': '' }, options('x-forwarded-for'))).toBe('');
	});
});
