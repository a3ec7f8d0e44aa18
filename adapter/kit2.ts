import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import process from 'node:process';
import type { Builder } from '@sveltejs/kit';
import { mimes } from 'mrmime';
import { compressedFiles } from './assets.ts';
import type { ResolvedOptions } from './options.ts';
import { inputMaps, rebaseMaps } from './source-maps.ts';
import { externals } from './vite/build.ts';
import { serverEntries, startEntry } from './vite/entries.ts';
import { findFile } from './vite/hook-file.ts';
import { toCsrf } from './vite/kit-options.ts';
import { pluginMissing } from './vite/missing.ts';

/** The builder of SvelteKit 2, as far as it differs from that of SvelteKit 3: `core/adapt/builder.js` there. */
interface Builder2 {
	config: { kit: Builder['config'] };
	compress(directory: string): Promise<void>;
	copy: Builder['copy'];
	generateManifest(options: { relativePath: string }): string;
	getBuildDirectory(name: string): string;
	getServerDirectory(): string;
	/** Since 2.31. */
	hasServerInstrumentationFile?(): boolean;
	instrument(options: object): void;
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
		copy: (from: string, to: string) => {
			const files = old.copy(from, to);
			rebaseMaps(from, to);
			return files;
		},
		getServerDirectory: () => folder,
		generateServerInstance: () => {},
		hasServerInstrumentationFile: () => old.hasServerInstrumentationFile?.() ?? false,
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
	const server = builder.getServerDirectory();
	if (websocket && (findFile(root, websocket.entry) || usesSockets(server))) throw pluginMissing();
	const { build } = await import('vite');
	const outDir = builder.getBuildDirectory('svelte-adapter-ws');
	const input: Record<string, string> = {
		...serverEntries(),
		server: join(server, 'server.js')
	};
	const instrumentation = join(server, 'instrumentation.server.js');
	if (existsSync(instrumentation)) input['instrumentation.server'] = instrumentation;
	const external = externals(root, []);
	await build({
		root,
		configFile: false,
		logLevel: 'warn',
		plugins: [inputMaps(server)],
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

/** In code that was built without our plugin: the import, or what it stands for where the package is linked. */
const ourServer = /["']svelte-adapter-ws\/server["']|Symbol\.for\(["']svelte-adapter-ws["']\)/;

/** Whether an app without a hook file makes sockets in its endpoints, loads and actions. */
function usesSockets(server: string): boolean {
	const files = readdirSync(server, { recursive: true, encoding: 'utf8' });
	return files.some(
		(file) => file.endsWith('.js') && ourServer.test(readFileSync(join(server, file), 'utf8'))
	);
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
