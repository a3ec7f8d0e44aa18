import { describe, expect, it } from 'vitest';
import { HostCheck } from '../../../../src/server/host.ts';
import { requestOrigin, type OriginOptions } from '../../../../src/server/http/origin.ts';
import { adapterError } from '../../support/errors.ts';
import { FakeExchange } from '../../support/exchange.ts';

const none: OriginOptions = {
	pinned: undefined,
	protocolHeader: '',
	hostHeader: '',
	portHeader: ''
};
const proxied: OriginOptions = {
	pinned: undefined,
	protocolHeader: 'x-forwarded-proto',
	hostHeader: 'x-forwarded-host',
	portHeader: 'x-forwarded-port'
};

const origin = (headers: Record<string, string>, options: OriginOptions = none) =>
	requestOrigin(new FakeExchange({ headers }), options, new HostCheck());

describe('requestOrigin', () => {
	it('is the pinned one, whatever the request says', () => {
		const pinned = { ...proxied, pinned: 'https://pinned.example' };
		expect(origin({ host: 'a', 'x-forwarded-proto': 'a:b' }, pinned)).toBe(
			'https://pinned.example'
		);
		expect(origin({}, pinned)).toBe('https://pinned.example');
	});

	it('is https on the host of the request, with its port', () => {
		expect(origin({ host: 'example.com' })).toBe('https://example.com');
		expect(origin({ host: 'example.com:8080' })).toBe('https://example.com:8080');
		expect(origin({ host: '[::1]:3000' })).toBe('https://[::1]:3000');
	});

	it('trusts no header that it was not told to trust', () => {
		const headers = {
			host: 'example.com',
			'x-forwarded-proto': 'http',
			'x-forwarded-host': 'evil.example',
			'x-forwarded-port': '1'
		};
		expect(origin(headers)).toBe('https://example.com');
	});

	it('follows the trusted headers', () => {
		const headers = {
			host: 'internal:3000',
			'x-forwarded-proto': 'http',
			'x-forwarded-host': 'example.com',
			'x-forwarded-port': '8443'
		};
		expect(origin(headers, proxied)).toBe('http://example.com:8443');
	});

	it.each([
		['wss', 'https'],
		['ws', 'http'],
		['WSS', 'https']
	])('is that of the pages where a proxy says %s, of a handshake', (given, protocol) => {
		const headers = { host: 'a.example', 'x-forwarded-proto': given };
		const handshake = { ...headers, connection: 'Upgrade', upgrade: 'websocket' };
		expect(new URL(origin(handshake, proxied)).origin).toBe(`${protocol}://a.example`);
		expect(origin(headers, proxied)).toBe(`${given}://a.example`);
	});

	it('does without trusted headers that are absent or empty', () => {
		expect(origin({ host: 'example.com' }, proxied)).toBe('https://example.com');
		const headers = {
			host: 'example.com',
			'x-forwarded-proto': '',
			'x-forwarded-host': '',
			'x-forwarded-port': ''
		};
		expect(origin(headers, proxied)).toBe('https://example.com');
	});

	it('decodes the protocol, and takes no colon in it', () => {
		expect(origin({ host: 'a', 'x-forwarded-proto': 'htt%70' }, proxied)).toBe('http://a');
		for (const protocol of ['https://evil.example', 'https%3A//evil.example', 'https:']) {
			const run = () => origin({ host: 'a', 'x-forwarded-proto': protocol }, proxied);
			expect(adapterError(run, 'bad_value').message).toContain('The header x-forwarded-proto');
		}
	});

	it('fails for a protocol that cannot be decoded', () => {
		const run = () => origin({ host: 'a', 'x-forwarded-proto': '%' }, proxied);
		expect(adapterError(run, 'bad_value').message).toContain('The header x-forwarded-proto');
	});

	it('shows a part of a value that is long', () => {
		const run = () => origin({ host: 'a', 'x-forwarded-port': 'x'.repeat(16_000) }, proxied);
		expect(adapterError(run, 'bad_value').message.length).toBeLessThan(300);
	});

	it('fails without a host', () => {
		for (const options of [none, proxied]) {
			expect(() => origin({}, options)).toThrow(/names no host/);
			expect(() => origin({ host: '' }, options)).toThrow(/names no host/);
		}
	});

	it.each(['a/b', 'a b', 'a?b', 'a#b', 'user@a', 'a\\b', 'a, b', 'a:', 'a%2fb'])(
		'fails for the host %j, wherever it is named',
		(host) => {
			const direct = adapterError(() => origin({ host }), 'bad_value');
			expect(direct.message).toContain('The header host');
			const headers = { host: 'a', 'x-forwarded-host': host };
			const forwarded = adapterError(() => origin(headers, proxied), 'bad_value');
			expect(forwarded.message).toContain('The header x-forwarded-host');
		}
	);

	it('fails for a port that is no number', () => {
		const headers = { host: 'a', 'x-forwarded-port': '80@evil' };
		const { message } = adapterError(() => origin(headers, proxied), 'bad_value');
		expect(message).toContain('The header x-forwarded-port');
		expect(message).toContain('"80@evil"');
	});
});
