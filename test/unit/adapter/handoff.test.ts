import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import type { Builder } from '@sveltejs/kit';
import { describe, expect, it } from 'vitest';
import {
	envModule,
	exported,
	handlerModule,
	handoffData,
	handoffModule,
	indexModule,
	serveModule
} from '../../../adapter/handoff.ts';
import {
	resolveOptions,
	type AdapterOptions,
	type WebSocketOptions
} from '../../../adapter/options.ts';
import type { AssetTable, Handoff } from '../../../src/shared/handoff.ts';
import { tempFolder, type TempFolder } from '../support/folder.ts';

const nasty = `"'\`\${x}\\n\\u0000 \u2028\u2029 </script><!-- \n\r\t 日本 😀`;

const tables: { assets: AssetTable; prerendered: AssetTable } = {
	assets: {
		entries: [[`/${nasty}.html`, { file: `${nasty}.html`, size: 5, etag: 'x', gz: 4, br: 3 }]],
		aliases: [[`/${nasty}`, `/${nasty}.html`]]
	},
	prerendered: { entries: [['/', { file: 'index.html', size: 0, etag: 'y' }]], aliases: [] }
};

interface BuilderParts {
	base?: string;
	origin?: string;
	trustedOrigins?: string[];
	routerType?: 'pathname' | 'hash';
}

/** The part of Kit's builder that the hand-off reads. */
function builder({ base = '', origin, trustedOrigins = [], routerType }: BuilderParts): Builder {
	return {
		config: {
			paths: { base, origin },
			csrf: { trustedOrigins },
			router: { type: routerType ?? 'pathname' }
		},
		getAppPath: () => `${base}/_app`.slice(1),
		mimeTypes: { '.html': 'text/html', '.q"\\': 'text/"quoted\\"' }
	} as unknown as Builder;
}

const data = (parts: BuilderParts, options: AdapterOptions = {}) =>
	handoffData(builder(parts), resolveOptions(options), tables);

const load = async <T>(folder: TempFolder, file: string): Promise<T> =>
	(await import(/* @vite-ignore */ pathToFileURL(join(folder.path, file)).href)) as T;

const server = { 'server/server.js': 'export const server = { name: "the server" };' };

describe('handoffData', () => {
	it('holds what the server needs of the build', () => {
		const parts: BuilderParts = {
			base: '/base',
			origin: 'https://example.com',
			trustedOrigins: ['https://other.example'],
			routerType: 'hash'
		};
		expect(data(parts, { envPrefix: 'MY_', websocket: { maxConnections: 9 } })).toEqual({
			base: '/base',
			appPath: 'base/_app',
			origin: 'https://example.com',
			readsOrigin: false,
			envPrefix: 'MY_',
			engine: 'auto',
			mimeTypes: { '.html': 'text/html', '.q"\\': 'text/"quoted\\"' },
			...tables,
			websocket: {
				allowedOrigins: 'same-origin',
				maxPayload: 524288,
				idleTimeout: 120,
				maxBackpressure: 1048576,
				closeOnBackpressureLimit: false,
				rateLimit: undefined,
				maxConnections: 9,
				upgradeTimeout: 10,
				compression: false,
				trustedOrigins: ['https://other.example'],
				isHashRouted: true
			}
		});
	});

	it('holds each option as it was given, none of them at its default', () => {
		const websocket: Required<Omit<WebSocketOptions, 'entry'>> = {
			allowedOrigins: ['https://allowed.example'],
			maxPayload: 99,
			idleTimeout: 8,
			maxBackpressure: 77,
			closeOnBackpressureLimit: true,
			rateLimit: { messages: 3, per: 4 },
			maxConnections: 5,
			upgradeTimeout: 0.5,
			compression: true
		};
		const given = data({}, { engine: 'node', envPrefix: 'A_', websocket });
		expect(given).toMatchObject({ engine: 'node', envPrefix: 'A_' });
		expect(given.websocket).toEqual({ ...websocket, trustedOrigins: [], isHashRouted: false });
	});

	it('says that the variable ORIGIN is read, as SvelteKit 2 has it', () => {
		expect(handoffData(builder({}), resolveOptions(), tables, true).readsOrigin).toBe(true);
	});

	it('says that sockets are off', () => {
		expect(data({}, { websocket: false }).websocket).toBe(false);
	});

	it('knows an app that is not routed by the hash', () => {
		expect(data({}).websocket).toMatchObject({ isHashRouted: false });
	});
});

describe('handoffModule', () => {
	it('gives back every value as it was, whatever is in it', async () => {
		const given = data(
			{ base: `/${nasty}`, trustedOrigins: [nasty] },
			{ envPrefix: nasty, out: nasty }
		);
		using folder = tempFolder({ ...server, 'handoff.js': handoffModule(given, false) });
		const { handoff } = await load<{ handoff: Handoff }>(folder, 'handoff.js');
		const { dir, server: loaded, ...rest } = handoff;
		expect(rest).toEqual(given);
		expect(loaded).toEqual({ name: 'the server' });
		expect(dir).toBe(folder.path);
	});

	it('leaves undefined what was undefined', async () => {
		using folder = tempFolder({ ...server, 'handoff.js': handoffModule(data({}), false) });
		const { handoff } = await load<{ handoff: Handoff }>(folder, 'handoff.js');
		expect(handoff.origin).toBeUndefined();
		expect(handoff.websocket).toMatchObject({ maxPayload: 524288 });
		expect(handoff.websocket && handoff.websocket.maxConnections).toBeUndefined();
		expect(handoff.websocket && handoff.websocket.load).toBeUndefined();
	});

	it('loads src/websocket only when it is asked to', async () => {
		using folder = tempFolder({
			...server,
			'server/adapter-websocket.js':
				'globalThis.websocketEntryWasLoaded = true; export const websocket = { message() {} };',
			'handoff.js': handoffModule(data({}), true)
		});
		const { handoff } = await load<{ handoff: Handoff }>(folder, 'handoff.js');
		expect(globalThis).not.toHaveProperty('websocketEntryWasLoaded');
		const module = handoff.websocket && (await handoff.websocket.load?.());
		expect(module).toMatchObject({ websocket: { message: expect.any(Function) } });
		expect(globalThis).toHaveProperty('websocketEntryWasLoaded', true);
	});

	it('stays false where sockets are off, though the app has a hook file', async () => {
		const text = handoffModule(data({}, { websocket: false }), true);
		using folder = tempFolder({ ...server, 'handoff.js': text });
		const { handoff } = await load<{ handoff: Handoff }>(folder, 'handoff.js');
		expect(handoff.websocket).toBe(false);
	});

	it('works in a folder whose name has to be encoded in a URL', () => {
		const name = 'a b%20#?é';
		using folder = tempFolder({
			[`${name}/package.json`]: '{ "type": "module" }',
			[`${name}/server/server.js`]: server['server/server.js'],
			[`${name}/handoff.js`]: handoffModule(data({}), false),
			[`${name}/print.js`]: "import { handoff } from './handoff.js'; console.log(handoff.dir);"
		});
		const printed = execFileSync(process.execPath, [join(folder.path, name, 'print.js')]);
		expect(printed.toString()).toBe(`${join(folder.path, name)}\n`);
	});
});

/** What loads first, and says so. */
const nodeVersion = {
	'server/adapter-node-version.js':
		'globalThis.order = []; export const warnOfOldNode = () => { order.push("old Node"); };'
};
const handoffLoads = { 'handoff.js': 'order.push("app"); export const handoff = { dir: "here" };' };

declare const order: string[];

describe('indexModule', () => {
	const settings = { envPrefix: nasty, readsOrigin: true, engine: 'auto' } as const;
	const files = {
		...nodeVersion,
		...handoffLoads,
		'index.js': indexModule(settings),
		'serve.js': serveModule(),
		'server/adapter-start.js':
			'export const run = async (handoff) => ({ host: "::1", port: 7, path: false, given: handoff });'
	};

	it('leads others, and loads nothing of the app, where several are asked for', async () => {
		using folder = tempFolder({
			...files,
			'server/adapter-lead.js':
				'export const lead = async (given) => ({ host: "::", port: 8, path: false, given });'
		});
		expect({ ...(await load<object>(folder, 'index.js')) }).toMatchObject({
			server: { given: { ...settings, dir: realpathSync(folder.path) } },
			port: 8
		});
		expect(order).toEqual(['old Node']);
	});

	it('starts the server with the hand-off and exports what runs', async () => {
		using folder = tempFolder({
			...files,
			'server/adapter-lead.js': 'export const lead = async () => undefined;'
		});
		expect({ ...(await load<object>(folder, 'index.js')) }).toEqual({
			server: { host: '::1', port: 7, path: false, given: { dir: 'here' } },
			host: '::1',
			path: false,
			port: 7
		});
		expect(order).toEqual(['old Node', 'app']);
	});
});

describe('handlerModule', () => {
	it('exports the handler for the hand-off, after a word about an old Node', async () => {
		const made = exported.handler.map((name) => `${name}: handoff.dir + ' ${name}'`).join();
		using folder = tempFolder({
			...nodeVersion,
			...handoffLoads,
			'handler.js': handlerModule(),
			'server/adapter-handler.js': `export const createHandler = async (handoff) => ({ ${made} });`
		});
		expect({ ...(await load<object>(folder, 'handler.js')) }).toEqual(
			Object.fromEntries(exported.handler.map((name) => [name, `here ${name}`]))
		);
		expect(order).toEqual(['old Node', 'app']);
	});
});

describe('envModule', () => {
	it.each([
		[undefined, false],
		[false, false],
		[true, true]
	])('exports what reads variables by their names in the adapter: %s', async (given, expected) => {
		using folder = tempFolder({
			'env.js': envModule({ envPrefix: nasty, ...(given !== undefined && { readsOrigin: given }) }),
			'server/adapter-env.js': 'export const createReaders = (...given) => ({ env: given });'
		});
		expect({ ...(await load<object>(folder, 'env.js')) }).toEqual({
			dir: folder.path,
			env_prefix: nasty,
			env: [nasty, process.env, expected],
			timeout_env: undefined
		});
	});
});
