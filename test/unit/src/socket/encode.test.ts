import { describe, expect, it } from 'vitest';
import { runInNewContext } from 'node:vm';
import { encode as encodeFor } from '../../../../src/server/socket/encode.ts';
import { adapterError } from '../../support/errors.ts';

const encode = (value: unknown) => encodeFor(value, encode);

/** The ways in which JSON makes nothing of something, each with what the error calls it. */
class Account {
	readonly #balance = 7;
	get balance(): number {
		return this.#balance;
	}
}

/** Some query builders wait for `then` before they do anything. */
// oxlint-disable-next-line unicorn/no-thenable -- that is what it is
const lazy = (own: object) => Object.assign(own, { then: () => {} });

const lost: [value: unknown, name: string][] = [
	[Promise.resolve(1), 'a Promise'],
	[runInNewContext('Promise.resolve(1)'), 'a Promise'],
	[lazy({}), 'a Promise'],
	[lazy({ rows: [] }), 'a Promise'],
	[lazy(() => {}), 'a Promise'],
	[new Map([[1, 2]]), 'Map'],
	[runInNewContext('new Map([[1, 2]])'), 'Map'],
	[Object.assign(new Map([[1, 2]]), { name: 'a field' }), 'Map'],
	[new Set([1]), 'Set'],
	[new WeakMap(), 'WeakMap'],
	[new WeakSet(), 'WeakSet'],
	[new WeakRef({}), 'WeakRef'],
	[/x/, 'RegExp'],
	[new Error('x'), 'Error'],
	[Object.assign(new TypeError('x'), { code: 'E' }), 'TypeError'],
	[new Response('x'), 'Response'],
	[new Headers({ a: 'b' }), 'Headers'],
	[new URLSearchParams('a=b'), 'URLSearchParams'],
	[new FormData(), 'FormData'],
	[new ReadableStream(), 'ReadableStream'],
	[[1, 2].values(), 'Iterator'],
	[new Account(), 'Account'],
	[new (class extends Map {})(), 'object'],
	[Object.create(Object.create(Object.create(null) as object) as object), 'object'],
	[Object(Symbol('s')), 'Symbol'],
	[NaN, 'NaN'],
	[Infinity, 'Infinity'],
	[-Infinity, '-Infinity'],
	[Object(NaN), 'Number'],
	[new Date(NaN), 'Date']
];

describe('encode', () => {
	it.each(['', 'hello', '{"a":1}', '日本 😀'])('leaves the text %j as it is', (text) => {
		expect(encode(text)).toBe(text);
	});

	it('mends a text that is no Unicode, over which a browser ends the connection', () => {
		expect(encode('a\ud83db')).toBe('a\ufffdb');
		expect(encode('\ude00')).toBe('\ufffd');
	});

	it('sends bytes as bytes, of every kind', () => {
		const buffer = new Uint8Array([0, 1, 2, 3, 4, 5, 6, 7]).buffer;
		const shared = new SharedArrayBuffer(3);
		new Uint8Array(shared).set([7, 8, 9]);
		const expected: [unknown, number[]][] = [
			[new Uint8Array([1, 2]), [1, 2]],
			[new Uint8Array(0), []],
			[Buffer.from('hi'), [104, 105]],
			[buffer, [0, 1, 2, 3, 4, 5, 6, 7]],
			[shared, [7, 8, 9]],
			[new Uint8Array(buffer, 2, 3), [2, 3, 4]],
			[new DataView(buffer, 1, 2), [1, 2]],
			[new Uint16Array(buffer, 2, 2), [2, 3, 4, 5]],
			[new Uint8ClampedArray([300, 1]), [255, 1]]
		];
		for (const [value, bytes] of expected) {
			const encoded = encode(value);
			expect(encoded).toBeInstanceOf(Uint8Array);
			expect([...(encoded as Uint8Array)]).toEqual(bytes);
		}
	});

	it('sends what a buffer that grows or shrinks holds now', () => {
		const buffer = new ArrayBuffer(2, { maxByteLength: 8 });
		const whole = new Uint8Array(buffer);
		const view = new DataView(buffer);
		buffer.resize(3);
		whole.set([1, 2, 3]);
		for (const value of [buffer, whole, view])
			expect(encode(value)).toEqual(Uint8Array.of(1, 2, 3));
		buffer.resize(0);
		expect(encode(whole)).toHaveLength(0);
	});

	it('refuses bytes that are gone, which would be sent as none', () => {
		const transferred = (value: ArrayBuffer | ArrayBufferView<ArrayBuffer>) => {
			const buffer = ArrayBuffer.isView(value) ? value.buffer : value;
			structuredClone(buffer, { transfer: [buffer] });
			return value;
		};
		const shrunk = new ArrayBuffer(8, { maxByteLength: 8 });
		const views = [new Uint8Array(shrunk, 4, 4), new DataView(shrunk, 4, 4)];
		shrunk.resize(6);
		for (const value of [
			...views,
			transferred(new ArrayBuffer(4)),
			transferred(new Uint8Array(4)),
			transferred(new Float64Array(4)),
			transferred(new DataView(new ArrayBuffer(4))),
			new Proxy(Uint8Array.of(1), {})
		])
			adapterError(() => encode(value), 'bad_value');
	});

	it.each<[unknown, string]>([
		[{ a: 1, b: undefined }, '{"a":1}'],
		[[1, 'two', null], '[1,"two",null]'],
		[null, 'null'],
		[true, 'true'],
		[0, '0'],
		[-0, '0'],
		[new Date(0), '"1970-01-01T00:00:00.000Z"'],
		[new URL('https://example.com/a'), '"https://example.com/a"'],
		[{ toJSON: () => 'other' }, '"other"'],
		[{ toJSON: () => null }, 'null'],
		[Object.assign(new Map(), { toJSON: () => [] }), '[]'],
		[Object.assign(() => {}, { toJSON: () => 'called' }), '"called"'],
		[JSON.parse('{"then":"later"}'), '{"then":"later"}'],
		[{}, '{}'],
		[{ a: undefined, b: () => {} }, '{}'],
		[Object.create(null), '{}'],
		[runInNewContext('({})'), '{}'],
		[[], '[]'],
		[[NaN, new Map()], '[null,{}]'],
		[Object('boxed'), '"boxed"'],
		[Object(5), '5'],
		[
			new (class Point {
				x = 1;
			})(),
			'{"x":1}'
		],
		[
			new (class Draft {
				text: string | undefined = undefined;
			})(),
			'{}'
		]
	])('sends %o as JSON', (value, json) => {
		expect(encode(value)).toBe(json);
	});

	it.each(lost)('refuses what JSON would lose without a word: %o', (value, name) => {
		const error = adapterError(() => encode(value), 'bad_value');
		expect(error.message).toContain(`(${name})`);
	});

	it('says of a promise what to do', () => {
		expect(adapterError(() => encode(Promise.resolve()), 'bad_value').message).toContain(
			'Await it'
		);
	});

	it('takes bytes of another realm for bytes', () => {
		const buffer: unknown = runInNewContext('Uint8Array.of(1, 2).buffer');
		expect(encode(buffer)).toEqual(Uint8Array.of(1, 2));
	});

	it('sends JSON that is Unicode, whatever is in it', () => {
		const json = encode({ text: '\ud83d' });
		expect(typeof json === 'string' && json.isWellFormed()).toBe(true);
	});

	it.each<[string, unknown]>([
		['undefined', undefined],
		['function', () => {}],
		['symbol', Symbol('s')],
		['object', { toJSON: () => undefined }]
	])('refuses what JSON leaves out: %s', (type, value) => {
		expect(adapterError(() => encode(value), 'bad_value').message).toContain(`(${type})`);
	});

	it('refuses a Blob and says how to send it', () => {
		const { message } = adapterError(() => encode(new Blob(['x'])), 'bad_value');
		expect(message).toContain('(a Blob)');
		expect(message).toContain('await blob.bytes()');
	});

	it('refuses what JSON cannot hold, with the cause', () => {
		const circular: { self?: object } = {};
		circular.self = circular;
		const throwing = {
			toJSON() {
				throw new RangeError('no json');
			}
		};
		for (const value of [circular, 1n, { deep: [1n] }, throwing]) {
			const error = adapterError(() => encode(value), 'bad_value');
			expect(error.cause).toBeInstanceOf(Error);
			expect(error.message).not.toContain('\n');
		}
	});
});
