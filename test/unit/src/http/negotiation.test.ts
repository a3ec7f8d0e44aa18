import { describe, expect, it } from 'vitest';
import { matchesEtag, Negotiation, parseRange } from '../../../../src/server/http/negotiation.ts';

const both = { br: 10, gz: 20 };

const negotiation = new Negotiation();

const chooseVariant = (...[header, asset]: Parameters<Negotiation['choose']>) => {
	const chosen = negotiation.choose(header, asset);
	// what is remembered is the same, whatever was asked in between
	for (let count = 0; count < 150; count += 1) negotiation.choose(`gzip;q=0.${count}`, both);
	expect(negotiation.choose(header, asset)).toBe(chosen);
	expect(negotiation.choose(header, asset)).toBe(chosen);
	return chosen;
};

describe('Negotiation', () => {
	it('prefers brotli where the client has no preference', () => {
		expect(chooseVariant('gzip, deflate, br, zstd', both)).toBe('br');
		expect(chooseVariant('gzip;q=0.7, br;q=0.7', both)).toBe('br');
	});

	it('follows the weights of the client', () => {
		expect(chooseVariant('br;q=0.1, gzip;q=0.2', both)).toBe('gz');
		expect(chooseVariant('br;q=0.2, gzip;q=0.1', both)).toBe('br');
	});

	it('gives nothing that the client refuses', () => {
		expect(chooseVariant('br;q=0', both)).toBeUndefined();
		expect(chooseVariant('*, br;q=0', both)).toBe('gz');
		expect(chooseVariant('*;q=0, gzip', both)).toBe('gz');
		expect(chooseVariant('*;q=0', both)).toBeUndefined();
	});

	it('gives only what exists', () => {
		expect(chooseVariant('br, gzip;q=0.1', { gz: 20 })).toBe('gz');
		expect(chooseVariant('gzip, br;q=0.1', { br: 10 })).toBe('br');
		expect(chooseVariant('gzip, br', {})).toBeUndefined();
	});

	it('gives the file itself to a client that asks for no coding', () => {
		expect(chooseVariant(undefined, both)).toBeUndefined();
		expect(chooseVariant('', both)).toBeUndefined();
		expect(chooseVariant('identity', both)).toBeUndefined();
	});

	it('reads any case and any space', () => {
		expect(chooseVariant(' GZIP ; Q=1 ,\tBR ; q = 0.5', both)).toBe('gz');
	});

	it('takes a weight that is no number as a refusal', () => {
		expect(chooseVariant('br;q=high, gzip', both)).toBe('gz');
		expect(chooseVariant('br;q=', both)).toBeUndefined();
	});
});

describe('matchesEtag', () => {
	it.each(['"a"', 'W/"a"', '*', ' * ', '"b", "a"', '"b",W/"a"', ' "a" '])(
		'is true for %s',
		(value) => {
			expect(matchesEtag(value, '"a"')).toBe(true);
		}
	);

	it.each([undefined, '', 'a', '"b"', 'w/"a"', '"a', '"A"', '**', '*, "b"'])(
		'is false for %s',
		(value) => {
			expect(matchesEtag(value, '"a"')).toBe(false);
		}
	);
});

const parse = (range: string | undefined, ifRange?: string) =>
	parseRange(range, ifRange, '"a"', 100);

describe('parseRange', () => {
	it.each([
		['bytes=0-', { start: 0, end: 99 }],
		['bytes=0-0', { start: 0, end: 0 }],
		['bytes=99-99', { start: 99, end: 99 }],
		['bytes=50-1000', { start: 50, end: 99 }],
		['bytes=-1', { start: 99, end: 99 }],
		['bytes=-100', { start: 0, end: 99 }],
		['bytes=-101', { start: 0, end: 99 }]
	])('reads %s', (range, parsed) => {
		expect(parse(range)).toEqual(parsed);
	});

	it.each(['bytes=100-', 'bytes=100-200', 'bytes=2-1', 'bytes=-0'])(
		'cannot satisfy %s',
		(range) => {
			expect(parse(range)).toBe('unsatisfiable');
		}
	);

	it.each([
		undefined,
		'',
		'bytes=-',
		'bytes=',
		'bytes=0-1,2-3',
		'chars=0-1',
		'bytes=a-',
		'bytes=0-1 '
	])('ignores %s', (range) => {
		expect(parse(range)).toBeUndefined();
	});

	it('can satisfy no range of an empty file', () => {
		for (const range of ['bytes=0-', 'bytes=-1', 'bytes=0-0']) {
			expect(parseRange(range, undefined, '"a"', 0)).toBe('unsatisfiable');
		}
	});

	it('ignores the range of another version of the file', () => {
		expect(parse('bytes=0-1', '"a"')).toEqual({ start: 0, end: 1 });
		for (const ifRange of ['"b"', 'W/"a"', 'Wed, 21 Oct 2015 07:28:00 GMT']) {
			expect(parse('bytes=0-1', ifRange)).toBeUndefined();
			expect(parse('bytes=100-', ifRange)).toBeUndefined();
		}
	});
});
