import { describe, expect, it } from 'vitest';
import { validateHeaderName, validateHeaderValue } from 'node:http';
import {
	areSendable,
	checkAccept,
	checkHeaders,
	declaredLength,
	statusLine
} from '../../../../src/server/engine/headers.ts';
import { adapterError } from '../../support/errors.ts';

describe('areSendable', () => {
	it.each<[boolean, [string, string][]]>([
		[true, []],
		[
			true,
			[
				['set-cookie', 'a=1'],
				['content-length', '5'],
				['x-tab', 'a\tb'],
				['x-latin', 'gr\u00fc\u00df']
			]
		],
		[
			false,
			[
				['x-a', '1'],
				['date', 'yesterday']
			]
		],
		[false, [['connection', 'close']]],
		[false, [['keep-alive', 'timeout=1']]],
		[false, [['transfer-encoding', 'gzip']]],
		[false, [['x-a', 'x\u0001y']]],
		[false, [['x-a', '\u010d']]]
	])('is %s for %j', (expected, headers) => {
		expect(areSendable(headers)).toBe(expected);
	});
});

describe('checkHeaders', () => {
	it('leaves plain headers as they are, in their order, repeated ones too', () => {
		const headers: [string, string][] = [
			['Set-Cookie', 'a=1'],
			['content-type', 'text/html;charset=utf-8'],
			['Set-Cookie', 'b=2'],
			['x-empty', ''],
			['x-tab', 'a\tb']
		];
		expect(checkHeaders(headers)).toEqual(headers);
	});

	it('reads a Headers object', () => {
		const headers = new Headers([
			['set-cookie', 'a=1'],
			['set-cookie', 'b=2']
		]);
		expect(checkHeaders(headers)).toEqual([
			['set-cookie', 'a=1'],
			['set-cookie', 'b=2']
		]);
	});

	it.each(['date', 'Connection', 'KEEP-ALIVE', 'transfer-encoding', 'Content-Length'])(
		'leaves out %s, which the engine writes itself',
		(name) => {
			expect(checkHeaders([[name, 'x']])).toEqual([]);
		}
	);

	it('leaves values in latin1, as they are in Headers', () => {
		expect(checkHeaders([['x-name', 'é\u00ff']])).toEqual([['x-name', 'é\u00ff']]);
	});

	it.each(['a\nb', 'a\rb', 'a\r\nset-cookie: b=1', 'a\u0000b', 'é\n', '\n'])(
		'refuses the value %j',
		(value) => {
			adapterError(() => checkHeaders([['x-name', value]]), 'bad_value');
		}
	);

	it.each(['', 'a\nb', 'a\r', '\u0000', 'a b', 'a:', 'é'])('refuses the name %j', (name) => {
		adapterError(() => checkHeaders([[name, 'x']]), 'bad_value');
	});

	// U+010D and U+010A end in the bytes of CR and LF, U+0100 in NUL.
	it.each(['\u010d\u010aset-cookie: a=1', '\u010a', '\u0100', '日本', '\u{1f60d}\u{1f60a}'])(
		'refuses the value %j, which latin1 cannot hold: its low bytes may be a line break',
		(value) => {
			adapterError(() => checkHeaders([['location', value]]), 'bad_value');
		}
	);

	it.each([
		['set-cookie', 'session=secret\n', 'set-cookie, character 15: U+000A'],
		['location', `/${'a'.repeat(20_000)}\u65e5`, 'location, character 20002: U+65E5'],
		['a\nb', 'secret', 'the name "a b"'],
		['\n'.repeat(20_000), 'secret', `the name ${JSON.stringify(' \u2026')}`]
	])('says where it is in %j, and nothing of the value', (name, value, place) => {
		const { message } = adapterError(() => checkHeaders([[name, value]]), 'bad_value');
		expect(message).toContain(`(${place})`);
	});
});

describe('what Node would send', () => {
	const accepts = (run: () => unknown) => {
		try {
			run();
			return true;
		} catch {
			return false;
		}
	};
	const characters = Array.from({ length: 0x180 }, (_, code) => String.fromCharCode(code));

	it('is what is sent in a value, and nothing else', () => {
		for (const character of characters) {
			const value = `a${character}b`;
			const byNode = accepts(() => validateHeaderValue('x', value));
			expect([value, accepts(() => checkHeaders([['x', value]]))]).toEqual([value, byNode]);
		}
	});

	it('is what is sent as a name, and nothing else', () => {
		for (const character of characters) {
			const name = `a${character}b`;
			const byNode = accepts(() => validateHeaderName(name));
			expect([name, accepts(() => checkHeaders([[name, 'x']]))]).toEqual([name, byNode]);
		}
	});

	it('is what Headers let through, but for control characters', () => {
		const headers = new Headers([['x', 'a\u0001b']]);
		adapterError(() => checkHeaders(headers), 'bad_value');
	});
});

describe('checkAccept', () => {
	it('checks headers as those of any answer', () => {
		expect(checkAccept({ headers: [['set-cookie', 'a=1']] })).toEqual([['set-cookie', 'a=1']]);
		adapterError(() => checkAccept({ headers: [['x', 'a\u001bb']] }), 'bad_value');
	});

	it('takes a subprotocol that is a token', () => {
		expect(checkAccept({ headers: [], protocol: 'v1.chat' })).toEqual([]);
		expect(checkAccept({ headers: [], protocol: '' })).toEqual([]);
		for (const protocol of ['a b', 'a,b', 'a\r\nx: y', 'caf\u00e9']) {
			adapterError(() => checkAccept({ headers: [], protocol }), 'bad_value');
		}
	});
});

describe('declaredLength', () => {
	it.each([
		[[['content-length', '12']], 12],
		[[['Content-Length', '0']], 0],
		[
			[
				['x', '1'],
				['CONTENT-LENGTH', '7']
			],
			7
		],
		[[['content-length', '']], undefined],
		[[['content-length', '-1']], undefined],
		[[['content-length', '1.5']], undefined],
		[[['content-length', '0x10']], undefined],
		[[['content-type', '12']], undefined],
		[[], undefined]
	] satisfies [[string, string][], number | undefined][])('of %j is %j', (headers, length) => {
		expect(declaredLength(headers)).toBe(length);
	});
});

describe('statusLine', () => {
	it.each([
		[200, '200 OK'],
		[101, '101 Switching Protocols'],
		[308, '308 Permanent Redirect'],
		[418, "418 I'm a Teapot"]
	])('of %i is %s', (status, line) => {
		expect(statusLine(status)).toBe(line);
	});

	it('has some reason for a status that has none', () => {
		expect(statusLine(599)).toMatch(/^599 \S+$/);
	});
});
