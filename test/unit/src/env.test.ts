import { describe, expect, it } from 'vitest';
import { createReaders, Env, type EnvName } from '../../../src/server/env.ts';
import { adapterError } from '../support/errors.ts';

const env = (variables: Record<string, string | undefined>) => new Env('', variables);
const port = (value: string | undefined) => env({ PORT: value }).integer('PORT', 3000, 0, 65535);
const limit = (value: string | undefined) =>
	env({ BODY_SIZE_LIMIT: value }).bytes('BODY_SIZE_LIMIT', 7);

const names: EnvName[] = [
	'ADDRESS_HEADER',
	'BODY_SIZE_LIMIT',
	'ENGINE',
	'HOST',
	'HOST_HEADER',
	'PORT',
	'PORT_HEADER',
	'PROTOCOL_HEADER',
	'SHUTDOWN_TIMEOUT',
	'WORKERS',
	'XFF_DEPTH'
];

describe('a prefix', () => {
	it.each(names)('applies to %s', (name) => {
		const prefixed = new Env('MY_', { [`MY_${name}`]: 'mine', [name]: 'another' });
		expect(prefixed.text(name)).toBe('mine');
		expect(prefixed.name(name)).toBe(`MY_${name}`);
	});

	it.each(names)('hides %s without it', (name) => {
		expect(new Env('MY_', { [name]: 'another' }).text(name)).toBeUndefined();
	});

	it('refuses a variable that has it but is not one of ours, as adapter-node does', () => {
		const variables = { MY_PORT: '1', MY_DATABASE: 'x' };
		const { message } = adapterError(() => new Env('MY_', variables), 'bad_env');
		expect(message).toContain('The environment variable MY_DATABASE has the prefix');
		expect(message).toContain('envPrefix "MY_"');
	});

	it('refuses a variable that is only the prefix', () => {
		adapterError(() => new Env('MY_', { MY_: 'x' }), 'bad_env');
	});

	it('leaves other variables alone', () => {
		const variables = { MY: '1', my_database: '2', NOT_MY_DATABASE: '3', DATABASE: '4' };
		expect(new Env('MY_', variables).text('HOST')).toBeUndefined();
	});

	it('that is empty leaves all other variables alone', () => {
		expect(env({ DATABASE: 'x', HOST: 'here' }).text('HOST')).toBe('here');
	});

	it('stands in the message about a bad value', () => {
		const prefixed = new Env('MY_', { MY_PORT: 'x' });
		const { message } = adapterError(() => prefixed.integer('PORT', 1, 0), 'bad_env');
		expect(message).toContain('environment variable MY_PORT has');
	});
});

describe('text', () => {
	it('is the value as it is', () => {
		expect(env({ HOST: ' ::1 ' }).text('HOST', 'fallback')).toBe(' ::1 ');
	});

	it.each([undefined, ''])('is the fallback for %j', (value) => {
		expect(env({ HOST: value }).text('HOST', 'fallback')).toBe('fallback');
		expect(env({ HOST: value }).text('HOST')).toBeUndefined();
	});
});

describe('integer', () => {
	it.each([
		['0', 0],
		['1', 1],
		['0080', 80],
		['65535', 65535]
	])('reads %j', (text, value) => {
		expect(port(text)).toBe(value);
	});

	it.each([undefined, ''])('is the fallback for %j', (value) => {
		expect(port(value)).toBe(3000);
	});

	it.each(['-1', '65536', '80.5', '1e3', '0x50', ' 80', '80 ', 'http', 'NaN', 'Infinity', '８０'])(
		'refuses %j',
		(text) => {
			expect(adapterError(() => port(text), 'bad_env').message).toBe(
				'[svelte-adapter-ws] The environment variable PORT has a value that cannot be used ' +
					`(${JSON.stringify(text)}). Set it to a whole number from 0 to 65535.`
			);
		}
	);

	it('says that there is no upper end where there is none', () => {
		const { message } = adapterError(
			() => env({ XFF_DEPTH: '0' }).integer('XFF_DEPTH', 1, 1),
			'bad_env'
		);
		expect(message).toMatch(/Set it to a whole number from 1 up\.$/);
	});

	it('refuses a number that JavaScript cannot hold exactly', () => {
		adapterError(
			() => env({ XFF_DEPTH: '9007199254740993' }).integer('XFF_DEPTH', 1, 1),
			'bad_env'
		);
	});
});

describe('bytes', () => {
	it.each([
		['0', 0],
		['524288', 524288],
		['1K', 1024],
		['512k', 524288],
		['10M', 10485760],
		['1m', 1048576],
		['2G', 2147483648],
		['1g', 1073741824],
		['1.5K', 1536],
		['0.5M', 524288],
		['Infinity', Infinity]
	])('reads %j', (text, value) => {
		expect(limit(text)).toBe(value);
	});

	it.each([undefined, ''])('is the fallback for %j', (value) => {
		expect(limit(value)).toBe(7);
	});

	it.each(['-1', '-Infinity', 'unlimited', '1KB', '1 K', 'K', '1T', 'NaN', '1..5', '.', '0x10'])(
		'refuses %j',
		(text) => {
			expect(adapterError(() => limit(text), 'bad_env').message).toBe(
				'[svelte-adapter-ws] The environment variable BODY_SIZE_LIMIT has a value that cannot be used ' +
					`(${JSON.stringify(text)}). ` +
					'Set it to a number of bytes such as 524288, 512K, 10M or 1G, or to Infinity.'
			);
		}
	);
});

const choose = (value: string | undefined) =>
	env({ ENGINE: value }).oneOf('ENGINE', ['auto', 'uws'], 'auto');

describe('oneOf', () => {
	it.each([
		['uws', 'uws'],
		['auto', 'auto'],
		['', 'auto'],
		[undefined, 'auto']
	] as const)('reads %j as %j', (text, choice) => {
		expect(choose(text)).toBe(choice);
	});

	it.each(['UWS', 'deno', 'uws '])('refuses %j with the choices', (text) => {
		expect(adapterError(() => choose(text), 'bad_env').message).toBe(
			'[svelte-adapter-ws] The environment variable ENGINE has a value that cannot be used ' +
				`(${JSON.stringify(text)}). Set it to auto or uws.`
		);
	});
});

describe('header', () => {
	it.each([
		['X-Forwarded-For', 'x-forwarded-for'],
		['', ''],
		[undefined, '']
	])('reads %j as %j', (text, header) => {
		expect(env({ ADDRESS_HEADER: text }).header('ADDRESS_HEADER')).toBe(header);
	});
});

describe('an origin', () => {
	const origin = (value: string | undefined) => env({ ORIGIN: value }).origin('ORIGIN');

	it.each([
		['https://example.com', 'https://example.com'],
		['http://localhost:3000/', 'http://localhost:3000'],
		['https://example.com/path?x', 'https://example.com'],
		['', undefined],
		[undefined, undefined]
	])('%s is %s', (value, expected) => {
		expect(origin(value)).toBe(expected);
	});

	it.each(['example.com', 'ftp://example.com', 'https://'])('cannot be %s', (value) => {
		const { message } = adapterError(() => origin(value), 'bad_env');
		expect(message).toContain('The environment variable ORIGIN');
	});

	it('is one of ours with a prefix in SvelteKit 2 only', () => {
		const variables = { MY_ORIGIN: 'https://example.com' };
		expect(new Env('MY_', variables, true).origin('ORIGIN')).toBe('https://example.com');
		adapterError(() => new Env('MY_', variables), 'bad_env');
	});
});

describe('createReaders, as in adapter-node 5', () => {
	const variables = {
		MY_HOST: 'here',
		MY_PORT: '',
		MY_IDLE_TIMEOUT: '7',
		LISTEN_FDS: '1',
		HOST: 'x'
	};
	const { env: read, timeout_env } = createReaders('MY_', variables, false);

	it('reads variables with their prefix, but for those of systemd', () => {
		expect(read('HOST', 'elsewhere')).toBe('here');
		expect(read('PORT', 3000)).toBe('');
		expect(read('SOCKET_PATH', 'fallback')).toBe('fallback');
		expect(read('SOCKET_PATH')).toBeUndefined();
		expect(read('LISTEN_FDS')).toBe('1');
	});

	it('reads seconds', () => {
		expect(timeout_env('IDLE_TIMEOUT', 1)).toBe(7);
		expect(timeout_env('SHUTDOWN_TIMEOUT', 30)).toBe(30);
		expect(timeout_env('SHUTDOWN_TIMEOUT')).toBeUndefined();
		adapterError(() => timeout_env('HOST'), 'bad_env');
	});

	it('knows a variable with the prefix that is none of ours', () => {
		adapterError(() => createReaders('MY_', { MY_OWN: 'x' }, false), 'bad_env');
		expect(createReaders('MY_', { MY_ORIGIN: 'x' }, true).env('ORIGIN')).toBe('x');
	});
});
