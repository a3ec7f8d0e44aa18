/** What the build decides, and the server reads: with an option that is fixed at its default, all is well by default. */
/** @typedef {import('../mutation-testing/mutations.js').Mutation} Mutation */

const tests = ['test/unit/adapter/handoff.test.ts'];
const options = ['test/unit/adapter/options.test.ts'];
const settings = ['test/unit/src/settings.test.ts'];
const config = ['test/unit/src/config.test.ts'];

/** @type {(name: string, value: string) => Mutation} */
const fixed = (name, value) => ({
	file: 'adapter/handoff.ts',
	name: `${name} is its default`,
	find: `${name}: options.${name},`,
	replace: `${name}: ${value},`,
	tests
});

/** @type {(name: string, found: string, value: string) => Mutation} */
const resolved = (name, found, value) => ({
	file: 'adapter/options.ts',
	name: `${name} is its default, whatever is given`,
	find: found,
	replace: `${name}: ${value},`,
	tests: options
});

/** @type {(file: string, name: string, found: string, value: string) => Mutation} */
const handed = (file, name, found, value) => ({
	file,
	name: `${name} is its default where sockets are let in`,
	find: `${name}: ${found},`,
	replace: `${name}: ${value},`,
	tests: settings
});

const app = 'src/server/app.ts';
const mount = 'src/server/mount.ts';

/** @type {Mutation[]} */
export default [
	fixed('allowedOrigins', "'same-origin'"),
	fixed('maxPayload', '512 * 1024'),
	fixed('idleTimeout', '120'),
	fixed('maxBackpressure', '1024 * 1024'),
	fixed('closeOnBackpressureLimit', 'false'),
	fixed('rateLimit', 'undefined'),
	fixed('maxConnections', 'undefined'),
	fixed('upgradeTimeout', '10'),
	fixed('compression', 'false'),
	fixed('envPrefix', "''"),
	fixed('engine', "'auto'"),
	{
		file: 'adapter/handoff.ts',
		name: 'csrf.trustedOrigins is empty',
		find: 'trustedOrigins: csrf.trustedOrigins',
		replace: 'trustedOrigins: []',
		tests
	},
	{
		file: 'adapter/handoff.ts',
		name: 'no app is routed by the hash',
		find: "isHashRouted: router.type === 'hash'",
		replace: 'isHashRouted: false',
		tests
	},
	{
		file: 'adapter/handoff.ts',
		name: 'no app is below a base',
		find: 'base: paths.base',
		replace: "base: ''",
		tests
	},
	{
		file: 'adapter/handoff.ts',
		name: 'no app pins its origin',
		find: 'origin: paths.origin',
		replace: 'origin: undefined',
		tests
	},
	{
		file: 'adapter/handoff.ts',
		name: 'ORIGIN is not read in SvelteKit 2',
		find: '\t\treadsOrigin,\n\t\tenvPrefix',
		replace: '\t\treadsOrigin: false,\n\t\tenvPrefix',
		tests
	},
	{
		file: 'adapter/handoff.ts',
		name: 'ORIGIN is not read in build/env.js of SvelteKit 2',
		find: 'process.env, ${readsOrigin})',
		replace: 'process.env, false)',
		tests
	},
	{
		file: 'adapter/handoff.ts',
		name: 'sockets that are off are on',
		find: 'websocket: options.websocket && webSocketSettings(options.websocket, builder.config)',
		replace: 'websocket: webSocketSettings(options.websocket || {}, builder.config)',
		tests
	},
	resolved('out', "out: given.out ?? 'build',", "'build'"),
	resolved('precompress', 'precompress: given.precompress ?? true,', 'true'),
	resolved('entry', 'entry: given.entry ?? defaultEntry,', 'defaultEntry'),
	resolved('maxPayload', 'maxPayload: given.maxPayload ?? 512 * 1024,', '512 * 1024'),
	resolved('idleTimeout', 'idleTimeout: given.idleTimeout ?? 120,', '120'),
	resolved(
		'maxBackpressure',
		'maxBackpressure: given.maxBackpressure ?? 1024 * 1024,',
		'1024 * 1024'
	),
	resolved(
		'closeOnBackpressureLimit',
		'closeOnBackpressureLimit: given.closeOnBackpressureLimit ?? false,',
		'false'
	),
	resolved('rateLimit', 'rateLimit: given.rateLimit,', 'undefined'),
	resolved('maxConnections', 'maxConnections: given.maxConnections,', 'undefined'),
	resolved('upgradeTimeout', 'upgradeTimeout: given.upgradeTimeout ?? 10,', '10'),
	{
		file: 'adapter/options.ts',
		name: 'an idleTimeout that ends the process is let through',
		find: '(value as number) <= 960',
		replace: '(value as number) <= 9600',
		tests: options
	},
	{
		file: 'adapter/options.ts',
		name: 'an option that is misspelt is ignored',
		find: 'const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;\n\t\tif (rule === undefined) {',
		replace:
			'const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;\n\t\tif (rule === undefined) continue;\n\t\tif (rule === undefined) {',
		tests: options
	},
	{
		file: 'adapter/origins.ts',
		name: 'an origin with a path is let through, and matches nobody',
		find: 'return meant === origin ? undefined',
		replace: 'return meant ? undefined',
		tests: ['test/unit/adapter/origins.test.ts']
	},
	{
		file: 'adapter/origins.ts',
		name: 'a star in a list is let through, and matches nobody',
		find: "if (origin.includes('*'))",
		replace: 'if (false)',
		tests: ['test/unit/adapter/origins.test.ts']
	},
	{
		file: 'src/server/config.ts',
		name: 'maxConnections is what the system allows, whatever was built',
		find: 'handoff.websocket.maxConnections ?? defaultMaxConnections()',
		replace: 'defaultMaxConnections()',
		tests: config
	},
	{
		file: 'src/server/config.ts',
		name: 'SHUTDOWN_TIMEOUT is not read',
		find: "shutdownTimeout: env.integer('SHUTDOWN_TIMEOUT', 30, 0, longestTimer)",
		replace: 'shutdownTimeout: 30',
		tests: config
	},
	{
		file: 'src/server/config.ts',
		name: 'BODY_SIZE_LIMIT is not read',
		find: "bodySizeLimit: env.bytes('BODY_SIZE_LIMIT', 512 * 1024)",
		replace: 'bodySizeLimit: 512 * 1024',
		tests: config
	},
	{
		file: 'src/server/config.ts',
		name: 'XFF_DEPTH is not read',
		find: "xffDepth: env.integer('XFF_DEPTH', 1, 1)",
		replace: 'xffDepth: 1',
		tests: config
	},
	{
		file: 'src/server/config.ts',
		name: 'the engine is auto, whatever was built',
		find: "env.oneOf('ENGINE', engineNames, fallback)",
		replace: "env.oneOf('ENGINE', engineNames, 'auto')",
		tests: config
	},
	handed(app, 'maxConnections', 'websocket.maxConnections', 'Infinity'),
	handed(app, 'upgradeTimeout', 'websocket.upgradeTimeout', '10'),
	handed(app, 'maxBackpressure', 'websocket.maxBackpressure', '1024 * 1024'),
	handed(app, 'maxPayload', 'websocket.maxPayload', '512 * 1024'),
	handed(app, 'closeOnBackpressureLimit', 'websocket.closeOnBackpressureLimit', 'false'),
	handed(app, 'rateLimit', 'websocket.rateLimit', 'undefined'),
	handed(app, 'isHashRouted', 'websocket.isHashRouted', 'false'),
	{
		file: app,
		name: 'a client asks at the pace of the default in production',
		find: 'idleTimeout: websocket.idleTimeout',
		replace: 'idleTimeout: 120',
		tests: settings
	},
	{
		file: app,
		name: 'a pinned origin is taken for a guess',
		find: 'isPinned: origin.pinned !== undefined',
		replace: 'isPinned: false',
		tests: settings
	},
	handed(mount, 'maxConnections', 'settings.maxConnections ?? Infinity', 'Infinity'),
	handed(mount, 'upgradeTimeout', 'settings.upgradeTimeout', '10'),
	handed(mount, 'maxBackpressure', 'settings.maxBackpressure', '1024 * 1024'),
	handed(mount, 'maxPayload', 'settings.maxPayload', '512 * 1024'),
	handed(mount, 'closeOnBackpressureLimit', 'settings.closeOnBackpressureLimit', 'false'),
	handed(mount, 'rateLimit', 'settings.rateLimit', 'undefined'),
	handed(mount, 'isHashRouted', 'settings.isHashRouted', 'false'),
	{
		file: mount,
		name: 'a client asks at the pace of the default in dev',
		find: 'idleTimeout: settings.idleTimeout',
		replace: 'idleTimeout: 120',
		tests: settings
	},
	{
		file: mount,
		name: 'a page of the pinned origin is foreign in dev',
		find: 'origin === undefined ? trustedOrigins : [...trustedOrigins, origin]',
		replace: 'trustedOrigins',
		tests: settings
	}
];
