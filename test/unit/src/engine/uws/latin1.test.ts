import { describe, expect, it } from 'vitest';
import { decodeValue, encodeValue } from '../../../../../src/server/engine/uws/latin1.ts';

describe('decodeValue', () => {
	it.each([
		['', ''],
		['plain', 'plain'],
		['a\tb\u007f', 'a\tb\u007f'],
		['é', 'Ã©'],
		['日', 'æ\u0097¥']
	])('gives each byte of %j as one character', (value, decoded) => {
		expect(decodeValue(value)).toBe(decoded);
	});
});

describe('encodeValue', () => {
	it('leaves ASCII as it is', () => {
		expect(encodeValue('a\tb')).toBe('a\tb');
	});

	it('gives each character of latin1 as one byte', () => {
		expect(encodeValue('é\u00ff')).toEqual(Buffer.from([0xe9, 0xff]));
	});

	it('undoes decodeValue', () => {
		const bytes = encodeValue(decodeValue('日本 é'));
		expect(bytes).toEqual(Buffer.from('日本 é', 'utf8'));
	});
});
