import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createLog, describeError, type Log } from '../../../src/server/log.ts';

interface Line {
	level: 'log' | 'warn' | 'error';
	text: string;
}

/** The lines that `write` causes. */
function lines(write: (log: Log) => void): Line[] {
	const written: Line[] = [];
	const at = (level: Line['level']) => (text: string) => void written.push({ level, text });
	write(createLog(undefined, { log: at('log'), warn: at('warn'), error: at('error') }));
	return written;
}

/** The one line that `write` causes. */
function line(write: (log: Log) => void): string {
	const written = lines(write);
	expect(written).toHaveLength(1);
	return written[0]?.text ?? '';
}

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const control = /[\u0000-\u001f\u007f-\u009f]/;

const forged = 'a\nGET /forged 200\r\n\u001b[2Jb\u009b31m\u0000\u007f\u0085c';

describe('a line of the log', () => {
	it('goes where it belongs', () => {
		expect(
			lines((log) => {
				log.info('Listening');
				log.warn('A client left', 'GET /');
				log.error('It failed', 'a string');
			})
		).toEqual([
			{ level: 'log', text: 'Listening' },
			{ level: 'warn', text: '[svelte-adapter-ws] A client left (GET /).' },
			{ level: 'error', text: '[svelte-adapter-ws] It failed (a string).' }
		]);
	});

	it('does without a value', () => {
		expect(line((log) => log.warn('A client left'))).toBe('[svelte-adapter-ws] A client left.');
	});

	it('holds no control character of a value', () => {
		expect(line((log) => log.warn('It failed', forged))).not.toMatch(control);
	});

	it('holds no control character of an error message', () => {
		expect(line((log) => log.error('It failed', new Error(forged)))).not.toMatch(control);
	});

	it('holds no control character of what happened, which names the target of a request', () => {
		expect(line((log) => log.error(`GET /${forged} failed`, new Error('x')))).not.toMatch(control);
		expect(line((log) => log.warn(`GET /${forged} failed`))).not.toMatch(control);
	});

	it('names the place that an error is mapped to', () => {
		const written: string[] = [];
		const log = createLog(
			(error) => Object.assign(error as Error, { stack: 'Error: x\n    at open (src/a.ts:1:2)' }),
			{ ...console, error: (text: string) => void written.push(text) }
		);
		log.error('It failed', new Error('x'));
		expect(written).toEqual(['[svelte-adapter-ws] It failed (Error: x at open (src/a.ts:1:2)).']);
	});

	it('says the name, the message and the first place of an error', () => {
		const text = line((log) => log.error('It failed', new TypeError('x is not a function')));
		expect(text).toMatch(
			/^\[svelte-adapter-ws\] It failed \(TypeError: x is not a function at .*log\.test\.ts:\d+:\d+\)?\)\.$/
		);
	});
});

describe('describeError', () => {
	it('does without a place where an error has none', () => {
		const error = new RangeError('too far');
		error.stack = undefined;
		expect(describeError(error)).toBe('RangeError: too far');
	});

	it('says where in the own code of the app it was, not where in Node', () => {
		const error = new Error('too far');
		error.stack = [
			'Error: too far',
			'    at node:internal/fs:1:2',
			'    at new Promise (<anonymous>)',
			'    at handle (file:///app/build/server/chunks/hooks.js:3:4)',
			'    at other (file:///app/build/server/chunks/other.js:5:6)'
		].join('\n');
		expect(describeError(error)).toBe(
			'Error: too far at handle (file:///app/build/server/chunks/hooks.js:3:4)'
		);
	});

	it('says where in the app it was, not where in a package, unless it was nowhere else', () => {
		const error = new Error('too far');
		const inPackage = 'at parse (node_modules/valibot/dist/index.mjs:5:6)';
		error.stack = `Error: too far\n    ${inPackage}\n    at message (src/websocket.ts:3:4)`;
		expect(describeError(error)).toBe('Error: too far at message (src/websocket.ts:3:4)');
		error.stack = `Error: too far\n    at node:internal/fs:1:2\n    ${inPackage}`;
		expect(describeError(error)).toBe(`Error: too far ${inPackage}`);
	});

	it('says where in Node it was if it was nowhere else', () => {
		const error = new Error('too far');
		error.stack = 'Error: too far\n    at node:internal/fs:1:2';
		expect(describeError(error)).toBe('Error: too far at node:internal/fs:1:2');
	});

	it('keeps a message of several lines readable', () => {
		const error = new Error('first\nsecond');
		error.stack = undefined;
		expect(describeError(error)).toBe('Error: first second');
	});

	it.each([
		['a string', 'a string'],
		[7, '7'],
		[undefined, 'undefined'],
		[null, 'null'],
		[Symbol('s'), 'Symbol(s)'],
		['two\nlines', 'two lines']
	])('describes %o, which is no error', (thrown, described) => {
		expect(describeError(thrown)).toBe(described);
	});

	it('describes what cannot be made a string', () => {
		expect(describeError(Object.create(null))).toEqual(expect.any(String));
	});
});

/** Values that an app may throw, and that fail whoever looks at them. */
const hostile: [string, unknown][] = [
	['without a prototype', Object.create(null)],
	['a symbol', Symbol('x')],
	['an error whose message throws', thrower(new Error('x'), 'message')],
	['an error whose stack throws', thrower(new Error('x'), 'stack')],
	['an error whose name throws', thrower(new Error('x'), 'name')],
	['an error whose name is a symbol', Object.assign(new Error('x'), { name: Symbol('x') })],
	['an error whose stack is a number', Object.assign(new Error('x'), { stack: 5 })],
	['an object whose tag throws', thrower({}, Symbol.toStringTag)],
	['an object that shows itself by throwing', { [inspect.custom]: () => fail() }],
	['a proxy that throws', new Proxy(new Error('x'), { get: fail, getPrototypeOf: fail })],
	['a revoked proxy', revoked()]
];

function fail(): never {
	throw new Error('looked at');
}

function thrower<T extends object>(value: T, property: PropertyKey): T {
	return Object.defineProperty(value, property, { get: fail });
}

function revoked(): unknown {
	const { proxy, revoke } = Proxy.revocable({}, {});
	revoke();
	return proxy;
}

describe('what was thrown', () => {
	it.each(hostile)('is a line of the log, also %s', (_, value) => {
		expect(line((log) => log.error('It failed', value))).toMatch(
			/^\[svelte-adapter-ws\] It failed \(.+\)\.$/
		);
	});
});
