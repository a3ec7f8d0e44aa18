import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { VERSION, type Adapter, type Builder } from '@sveltejs/kit';
import { mimes } from 'mrmime';
import type { Plugin } from 'vite';
import { AdapterError } from '../src/shared/errors.ts';
import { compressedFiles } from './assets.ts';
import type { ResolvedOptions } from './options.ts';
import type { KitContext } from './vite/context.ts';
import { externals } from './vite/build.ts';
import { handlerEntry, startEntry } from './vite/entries.ts';
import { filesFolder } from './vite/files.ts';
import { findFile } from './vite/hook-file.ts';
import { vitePlugins } from './vite/index.ts';

/** Where an adapter keeps its options for `websockets`, which another copy of this module may look for. */
const optionsKey = Symbol.for('svelte-adapter-ws:options');

/** The builder of SvelteKit 2, as far as it differs from that of SvelteKit 3: `core/adapt/builder.js` there. */
interface Builder2 {
	config: { kit: Builder['config'] };
	compress(directory: string): Promise<void>;
	generateManifest(options: { relativePath: string }): string;
	getBuildDirectory(name: string): string;
	getServerDirectory(): string;
	instrument(options: object): void;
}

interface Csrf2 {
	trustedOrigins?: string[];
	checkOrigin?: boolean;
}

/** SvelteKit's options, as far as they matter to sockets. */
type KitOptions = Partial<Omit<KitContext, 'csrf'>> & { adapter?: object; csrf?: Csrf2 };

/** What `svelte.config` exports. */
interface SvelteConfig {
	kit?: KitOptions;
}

/** Whether a builder comes from SvelteKit 2. */
export function isBuilder2(builder: Builder): boolean {
	return !('generateServerInstance' in builder);
}

/**
 * A builder with the methods of SvelteKit 3, whichever version it comes from.
 * @throws {AdapterError} `plugin_missing` if an app with a hook file has been built without `websockets()`
 */
export async function toBuilder(builder: Builder, options: ResolvedOptions): Promise<Builder> {
	if (!isBuilder2(builder)) return builder;
	const old = builder as unknown as Builder2;
	const serverDirectory = old.getServerDirectory();
	writeServer(old);
	const hasPlugin = existsSync(join(serverDirectory, `${startEntry}.js`));
	const folder = hasPlugin ? serverDirectory : await bundle(old, options);
	return Object.assign(Object.create(old) as Builder, {
		config: { ...old.config.kit, csrf: toCsrf(old.config.kit.csrf) },
		mimeTypes: Object.fromEntries(Object.entries(mimes).map(([name, type]) => [`.${name}`, type])),
		compress: async (directory: string) => {
			await old.compress(directory);
			return compressedFiles(directory);
		},
		getServerDirectory: () => folder,
		generateServerInstance: () => {},
		createInstrumentationInitializer: () => '',
		instrument: (given: object) => old.instrument(given)
	});
}

/**
 * An app without sockets needs no plugin: then the server that Vite has built and ours are bundled once more, as
 * adapter-node 5 does.
 * @returns the folder of the bundle
 */
async function bundle(builder: Builder2, { websocket }: ResolvedOptions): Promise<string> {
	const root = process.cwd();
	if (websocket && findFile(root, websocket.entry)) throw pluginMissing();
	const { build } = await import('vite');
	const server = builder.getServerDirectory();
	const outDir = builder.getBuildDirectory('svelte-adapter-ws');
	const input: Record<string, string> = {
		[startEntry]: `${filesFolder()}/start.js`,
		[handlerEntry]: `${filesFolder()}/handler.js`,
		server: join(server, 'server.js')
	};
	const instrumentation = join(server, 'instrumentation.server.js');
	if (existsSync(instrumentation)) input['instrumentation.server'] = instrumentation;
	const external = externals(root, []);
	await build({
		root,
		configFile: false,
		logLevel: 'warn',
		build: {
			ssr: true,
			outDir: resolve(outDir),
			emptyOutDir: true,
			copyPublicDir: false,
			minify: false,
			sourcemap: true,
			rollupOptions: {
				input,
				external,
				output: {
					entryFileNames: '[name].js',
					chunkFileNames: 'chunks/[name]-[hash].js',
					// Vite's own chunks stay apart: joined they may import each other in a circle (SvelteKit issue 16092).
					manualChunks: (id) => (id.startsWith(server) ? relative(server, id) : undefined)
				}
			}
		},
		ssr: { noExternal: true, external }
	});
	return outDir;
}

function pluginMissing(): AdapterError {
	return new AdapterError('plugin_missing', {
		what: 'SvelteKit 2 lets no adapter bring plugins of its own, and the one of this adapter is missing',
		value: 'vite.config',
		todo: "Add it there: import { websockets } from 'svelte-adapter-ws/vite', and plugins: [sveltekit(), websockets()]. Where sveltekit is given options, give the same to websockets."
	});
}

/** What SvelteKit 3 writes by itself. */
function writeServer(builder: Builder2): void {
	writeFileSync(
		join(builder.getServerDirectory(), 'server.js'),
		`import { Server } from './index.js';
const manifest = ${builder.generateManifest({ relativePath: '.' })};
export const server = new Server(manifest);
`
	);
}

/** The adapter itself, with its options where `websockets` finds them. */
export function rememberOptions(adapter: Adapter, options: ResolvedOptions): Adapter {
	return Object.assign(adapter, { [optionsKey]: options });
}

/**
 * For `vite.config` in SvelteKit 2, which lets no adapter bring plugins: `plugins: [sveltekit(), websockets()]`. It takes the
 * options of the adapter in `svelte.config`. In SvelteKit 3 the adapter brings the plugins by itself, and this adds none.
 * @param given the options that `sveltekit` is given, for an app that keeps them in `vite.config`
 */
export async function websockets(given?: KitOptions): Promise<Plugin[]> {
	if (!VERSION.startsWith('2.')) return [];
	const { adapter, ...kit } = given ?? (await readKitOptions());
	const options = (adapter as { [optionsKey]?: ResolvedOptions } | undefined)?.[optionsKey];
	return options === undefined ? [] : vitePlugins(options, withDefaults(kit), 2);
}

async function readKitOptions(): Promise<KitOptions> {
	const names = ['svelte.config.js', 'svelte.config.ts'];
	const file = names.map((name) => resolve(process.cwd(), name)).find((path) => existsSync(path));
	if (file === undefined) return {};
	// Read anew when Vite restarts, as Kit does it: `core/config/index.js`.
	const url = `${pathToFileURL(file).href}?ts=${Date.now()}`;
	const { default: config } = (await import(url)) as { default: SvelteConfig };
	return config.kit ?? {};
}

/** SvelteKit 2 has another word for a star in the list, which it takes for the same. */
function toCsrf({ trustedOrigins = [], checkOrigin }: Csrf2 = {}): KitContext['csrf'] {
	return { trustedOrigins: checkOrigin === false ? [...trustedOrigins, '*'] : trustedOrigins };
}

/** What matters to sockets, with the defaults of `core/config/options.js`. */
function withDefaults({ paths, csrf, router, files, outDir }: KitOptions): KitContext {
	return {
		paths: { base: '', ...paths },
		csrf: toCsrf(csrf),
		router: { type: 'pathname', ...router },
		files: { params: files?.params ?? 'src/params', exportMatchers },
		outDir: resolve(outDir ?? '.svelte-kit')
	};
}

/**
 * SvelteKit 2 has a file per matcher, each with a `match` that says yes or no: `core/sync/create_manifest_data`. Here they
 * take the form of SvelteKit 3, a Standard Schema.
 */
function exportMatchers(root: string, params: string): string {
	const folder = resolve(root, params);
	const files = existsSync(folder) ? readdirSync(folder) : [];
	const found = files.flatMap((file) => {
		const name = /^(\w+)\.[jt]s$/.exec(file)?.[1];
		return name === undefined ? [] : [{ name, path: join(folder, file).replaceAll('\\', '/') }];
	});
	const imports = found.map(
		({ path }, index) => `import { match as match${index} } from ${JSON.stringify(path)};`
	);
	const entries = found.map(({ name }, index) => `${name}: toSchema(match${index})`);
	return `${imports.join('\n')}
const toSchema = (match) => ({
	'~standard': { validate: (value) => (match(value) ? { value } : { issues: [{ message: 'no match' }] }) }
});
export const matchers = { ${entries.join(', ')} };`;
}
