import { describe, expect, it } from 'vitest';
import { Message } from '../../../../src/server/socket/message.ts';

const binary = (text: string) => new Message(new TextEncoder().encode(text));

describe('a text message', () => {
	it('is text, bytes and JSON', () => {
		const message = new Message('{"a":"é"}');
		expect(message.isBinary).toBe(false);
		expect(message.data).toBe('{"a":"é"}');
		expect(message.text()).toBe('{"a":"é"}');
		expect(message.json<{ a: string }>().a).toBe('é');
		expect(message.bytes()).toEqual(new TextEncoder().encode('{"a":"é"}'));
	});

	it.each(['', 'a', 'gr\u00fc\u00df', '\u65e5\u672c'.repeat(1000)])(
		'gives bytes that own their buffer: %#',
		(text) => {
			const bytes = new Message(text).bytes();
			expect([bytes.byteOffset, bytes.buffer.byteLength]).toEqual([0, Buffer.byteLength(text)]);
		}
	);

	it('may be empty', () => {
		const message = new Message('');
		expect(message.isBinary).toBe(false);
		expect(message.text()).toBe('');
		expect(message.bytes()).toEqual(new Uint8Array(0));
	});
});

describe('a binary message', () => {
	it('is bytes, text and JSON', () => {
		const message = binary('[1,"é"]');
		expect(message.isBinary).toBe(true);
		expect(message.data).toEqual(new TextEncoder().encode('[1,"é"]'));
		expect(message.bytes()).toEqual(new TextEncoder().encode('[1,"é"]'));
		expect(message.text()).toBe('[1,"é"]');
		expect(message.json()).toEqual([1, 'é']);
	});

	it('shows bytes that are no UTF-8 as replacement characters', () => {
		expect(new Message(new Uint8Array([0x61, 0xff])).text()).toBe('a\ufffd');
	});

	it('reads the part of a buffer that it was given', () => {
		const all = new TextEncoder().encode('abcdef');
		expect(new Message(all.subarray(2, 4)).text()).toBe('cd');
	});
});

describe('a message that is no JSON', () => {
	it.each(['', 'hello', '{', 'undefined'])('throws a SyntaxError for %j', (text) => {
		expect(() => new Message(text).json()).toThrow(SyntaxError);
		expect(() => binary(text).json()).toThrow(SyntaxError);
	});
});

describe('the value of a message', () => {
	it.each<[data: string | Uint8Array, value: unknown]>([
		['{"a":[1]}', { a: [1] }],
		['1.10', 1.1],
		['null', null],
		['"hi"', 'hi'],
		['hi', 'hi'],
		['', ''],
		['{"a":', '{"a":'],
		[new Uint8Array([49]), new Uint8Array([49])]
	])('of %j is what JSON stands for, and else what has arrived', (data, value) => {
		expect(new Message(data).value).toEqual(value);
	});

	it('is the same object each time', () => {
		const message = new Message('{"a":[1]}');
		expect(message.value).toBe(message.value);
	});
});
