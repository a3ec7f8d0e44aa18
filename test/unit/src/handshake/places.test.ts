import { expect, it } from 'vitest';
import { Places } from '../../../../src/server/handshake/places.ts';
import { FakeExchange } from '../../support/exchange.ts';

it('are taken until they are given back, each once', () => {
	const places = new Places();
	const release = places.take(new FakeExchange());
	places.take(new FakeExchange());
	expect(places.taken).toBe(2);
	release();
	release();
	expect(places.taken).toBe(1);
});

it('are given back in the moment in which a client leaves, once', () => {
	const places = new Places();
	const exchange = new FakeExchange();
	const release = places.take(exchange);
	places.take(new FakeExchange());
	exchange.abort();
	expect(places.taken).toBe(1);
	release();
	expect(places.taken).toBe(1);
});
