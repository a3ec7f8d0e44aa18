import { describe, expect, it } from 'vitest';
import {
	resolveOptions,
	type AdapterOptions,
	type WebSocketOptions
} from '../../../adapter/options.ts';
import { adapterError } from '../support/errors.ts';

/** As from a config in JavaScript, where nobody has checked the types. */
const untyped = (options: unknown) => resolveOptions(options as AdapterOptions);
const websocket = (options: WebSocketOptions) => resolveOptions({ websocket: options }).websocket;

const undefinedOnes = (names: object) =>
	Object.fromEntries(Object.keys(names).map((name) => [name, undefined]));

const defaults = {
	out: 'build',
	precompress: true,
	envPrefix: '',
	engine: 'auto',
	websocket: {
		entry: 'src/websocket',
		allowedOrigins: 'same-origin',
		maxPayload: 524288,
		idleTimeout: 120,
		maxBackpressure: 1048576,
		closeOnBackpressureLimit: false,
		rateLimit: undefined,
		maxConnections: undefined,
		upgradeTimeout: 10,
		compression: false
	}
};

describe('defaults', () => {
	it.each([undefined, {}, { websocket: {} }])('are those of the manual for %j', (given) => {
		expect(resolveOptions(given)).toEqual(defaults);
	});

	it('stand in for every option that is undefined', () => {
		expect(untyped(undefinedOnes(defaults))).toEqual(defaults);
		expect(untyped({ websocket: undefinedOnes(defaults.websocket) })).toEqual(defaults);
	});
});

describe('options', () => {
	it('are taken as they are given', () => {
		const given: AdapterOptions = {
			out: 'dist',
			precompress: false,
			envPrefix: 'MY_',
			engine: 'uws',
			websocket: {
				entry: 'src/live',
				allowedOrigins: ['https://example.com', 'http://localhost:5173'],
				maxPayload: 1,
				idleTimeout: 8,
				maxBackpressure: 2,
				closeOnBackpressureLimit: true,
				rateLimit: { messages: 4, per: 5 },
				maxConnections: 3,
				upgradeTimeout: 0.5,
				compression: true
			}
		};
		expect(resolveOptions(given)).toEqual(given);
	});

	it('turn sockets off with websocket: false', () => {
		expect(resolveOptions({ websocket: false }).websocket).toBe(false);
	});

	it.each([0, 8, 9, 120, 959, 960])('allow an idleTimeout of %i', (idleTimeout) => {
		expect(websocket({ idleTimeout })).toMatchObject({ idleTimeout });
	});

	const origins: WebSocketOptions[] = [
		{ allowedOrigins: 'same-origin' },
		{ allowedOrigins: '*' },
		{ allowedOrigins: [] },
		{ allowedOrigins: ['http://[::1]:8080', 'capacitor://localhost', 'null'] }
	];
	it.each(origins)('allow %j', (options) => {
		expect(websocket(options)).toMatchObject(options);
	});
});

/** The option, a value that is not allowed, and how the message shows it. */
const bad: [option: string, value: unknown, shown: string][] = [
	['out', '', '""'],
	['out', 7, '7'],
	['out', null, 'null'],
	['precompress', 'yes', '"yes"'],
	['precompress', { brotli: true }, '{"brotli":true}'],
	['envPrefix', false, 'false'],
	['engine', 'deno', '"deno"'],
	['engine', true, 'true'],
	['websocket', true, 'true'],
	['websocket', null, 'null'],
	['websocket', [], '[]'],
	['websocket', 'src/websocket', '"src/websocket"'],
	['websocket.entry', '', '""'],
	['websocket.entry', ['src/websocket'], '["src/websocket"]'],
	['websocket.allowedOrigins', 'https://example.com', '"https://example.com"'],
	['websocket.allowedOrigins', ['example.com'], '["example.com"]'],
	['websocket.allowedOrigins', ['https://example.com/'], '["https://example.com/"]'],
	['websocket.allowedOrigins', ['https://example.com/chat'], '["https://example.com/chat"]'],
	['websocket.allowedOrigins', ['*'], '["*"]'],
	['websocket.allowedOrigins', [/example/], '[{}]'],
	['websocket.maxPayload', 0, '0'],
	['websocket.maxPayload', 1.5, '1.5'],
	['websocket.maxPayload', Infinity, 'Infinity'],
	['websocket.maxPayload', '512K', '"512K"'],
	['websocket.idleTimeout', -1, '-1'],
	['websocket.idleTimeout', 1, '1'],
	['websocket.idleTimeout', 7, '7'],
	['websocket.idleTimeout', 961, '961'],
	['websocket.idleTimeout', 8.5, '8.5'],
	['websocket.idleTimeout', NaN, 'NaN'],
	['websocket.maxBackpressure', -1, '-1'],
	['websocket.closeOnBackpressureLimit', 1, '1'],
	['websocket.maxBackpressure', 10n, '10'],
	['websocket.rateLimit', 20, '20'],
	['websocket.rateLimit', null, 'null'],
	['websocket.rateLimit', {}, '{}'],
	['websocket.rateLimit', { messages: 20 }, '{"messages":20}'],
	['websocket.rateLimit', { messages: 20, window: 1000 }, '{"messages":20,"window":1000}'],
	['websocket.rateLimit', { messages: 0, per: 1000 }, '{"messages":0,"per":1000}'],
	['websocket.rateLimit', { messages: 20, per: '1s' }, '{"messages":20,"per":"1s"}'],
	['websocket.rateLimit', { messages: 1, per: 1, burst: 2 }, '{"messages":1,"per":1,"burst":2}'],
	['websocket.maxConnections', -1, '-1'],
	['websocket.maxConnections', 'many', '"many"'],
	['websocket.upgradeTimeout', 0, '0'],
	['websocket.upgradeTimeout', -5, '-5'],
	['websocket.upgradeTimeout', Infinity, 'Infinity'],
	['websocket.compression', 1, '1'],
	['websocket.compression', () => true, 'a function']
];

const allowed: Record<string, RegExp> = {
	out: /Allowed is a string that is not empty\.$/,
	precompress: /Allowed is true or false\.$/,
	envPrefix: /Allowed is a string\.$/,
	engine: /Allowed is 'auto'.* or .*'\.$/,
	websocket: /Allowed is false or an object with options\.$/,
	'websocket.entry': /Allowed is a string that is not empty\.$/,
	'websocket.allowedOrigins': /Allowed is 'same-origin', '\*', or a list of origins .*\.$/,
	'websocket.maxPayload': /Allowed is a whole number of bytes from 1 up\.$/,
	'websocket.idleTimeout': /Allowed is 0 or a whole number of seconds from 8 to 960\.$/,
	'websocket.closeOnBackpressureLimit': /Allowed is true or false\.$/,
	'websocket.rateLimit': /Allowed is { messages, per }, both whole numbers .* in milliseconds\.$/,
	'websocket.maxBackpressure': /Allowed is a whole number of bytes from \d up\.$/,
	'websocket.maxConnections': /Allowed is a whole number of .* from \d up\.$/,
	'websocket.upgradeTimeout': /Allowed is a number of seconds above 0, up to 2147483\.$/,
	'websocket.compression': /Allowed is true or false\.$/
};

describe('a value that is not allowed', () => {
	it.each(bad)('stops the build: %s = %o', (option, value, shown) => {
		const name = option.replace('websocket.', '');
		const given = option === name ? { [name]: value } : { websocket: { [name]: value } };
		const { message } = adapterError(() => untyped(given), 'bad_option');
		expect(message).toContain(`The option ${option} has a value that is not allowed (${shown})`);
		expect(message).toMatch(allowed[option] ?? /never/);
	});

	it('stops the build with what to write instead, if that can be told', () => {
		const given = { websocket: { allowedOrigins: ['https://a.example', 'https://example.com/'] } };
		const { message } = adapterError(() => untyped(given), 'bad_option');
		expect(message).toContain(
			'Instead of "https://example.com/" browsers send "https://example.com"'
		);
	});

	it('is covered here for every option', () => {
		const names = [
			...Object.keys(defaults),
			...Object.keys(defaults.websocket).map((name) => `websocket.${name}`)
		];
		expect(new Set(bad.map(([option]) => option))).toEqual(new Set(names));
	});

	it.each([['hello'], [7], [[]], [null]])('stops the build if all options are %j', (given) => {
		const { message } = adapterError(() => untyped(given), 'bad_option');
		expect(message).toContain(JSON.stringify(given));
	});
});

describe('an unknown option', () => {
	it('stops the build with the options that exist', () => {
		const { message } = adapterError(() => untyped({ outDir: 'dist' }), 'bad_option');
		expect(message).toBe(
			'[svelte-adapter-ws] The option outDir does not exist ("dist"). ' +
				'Known are out, precompress, envPrefix, engine, websocket.'
		);
	});

	it('stops the build inside websocket too', () => {
		const { message } = adapterError(() => untyped({ websocket: { path: '/ws' } }), 'bad_option');
		expect(message).toContain('The option websocket.path does not exist ("/ws")');
		for (const name of Object.keys(defaults.websocket)) {
			expect(message).toContain(`websocket.${name}`);
		}
	});

	it.each(['constructor', 'toString'])('stops the build if it has the name %s', (name) => {
		adapterError(() => untyped({ [name]: 'x' }), 'bad_option');
	});

	it('stops the build with its own message if JSON cannot hold its value', () => {
		const circular: { self?: object } = {};
		circular.self = circular;
		adapterError(() => untyped({ server: circular }), 'bad_option');
	});

	it('is refused even if it is undefined', () => {
		adapterError(() => untyped({ outDir: undefined }), 'bad_option');
	});
});
