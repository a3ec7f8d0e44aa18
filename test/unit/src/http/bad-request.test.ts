import { expect, it } from 'vitest';
import { whyBad } from '../../../../src/server/http/bad-request.ts';
import { AdapterError } from '../../../../src/shared/errors.ts';
import { FakeExchange } from '../../support/exchange.ts';

const target = `/page?token=secret&${'a'.repeat(14_000)}`;

it('is what our own error says', () => {
	const error = new AdapterError('bad_value', { what: 'It names no host', todo: 'Name one.' });
	expect(whyBad(error, new FakeExchange())).toBe('It names no host. Name one.');
});

it('is the header that cannot be one, without its value', () => {
	const exchange = new FakeExchange({ target, headers: { host: 'a', 'x-key': 'secret\u0000' } });
	expect(whyBad(new TypeError('secret'), exchange)).toBe(
		'Its header x-key holds what none may hold.'
	);
});

it('is nothing of an error that quotes what the client has sent', () => {
	const error = new TypeError(`Failed to parse URL from https://h${target}`);
	expect(whyBad(error, new FakeExchange({ target, headers: { host: 'a' } }))).toBe(
		'Its method, scheme, host and target make no Request.'
	);
});
