import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { Builder } from '@sveltejs/kit';
import type { AssetTable } from '../src/shared/handoff.ts';
import { AdapterError } from '../src/shared/errors.ts';
import { assetTable, measureFiles, prerenderedTable, withEncodedPercents } from './assets.ts';
import { describeOldNode } from '../src/shared/node-version.ts';
import {
	envModule,
	exported,
	handlerModule,
	handoffData,
	handoffModule,
	indexModule,
	serveModule,
	shimsModule
} from './handoff.ts';
import { copyAddon } from './native.ts';
import type { ResolvedOptions } from './options.ts';
import { websocketEntry } from './vite/entries.ts';

/** By which files are found. */
interface Tables {
	assets: AssetTable;
	prerendered: AssetTable;
}

/**
 * From Kit's output to a folder that runs on its own: copy, compress, measure, hand off, write entries.
 * @param isKit2 the variable ORIGIN pins the origin, and names with a percent sign are found
 * @throws {AdapterError} `uws_missing` if the options insist on uWebSockets.js
 */
export async function adapt(
	builder: Builder,
	options: ResolvedOptions,
	isKit2 = false
): Promise<void> {
	const { out } = options;
	const warning = describeOldNode(process.versions.node);
	if (warning !== undefined) builder.log.warn(warning);
	rmSync(out, { recursive: true, force: true });
	const written = await writeFiles(builder, options);
	const tables = isKit2 ? withPercents(written) : written;

	builder.generateServerInstance(join(builder.getServerDirectory(), 'server.js'));
	builder.copy(builder.getServerDirectory(), join(out, 'server'));
	const hasWebSocketEntry = existsSync(join(out, 'server', `${websocketEntry}.js`));
	const data = handoffData(builder, options, tables, isKit2);
	writeModules(out, {
		'handoff.js': handoffModule(data, hasWebSocketEntry),
		'index.js': indexModule(data),
		'serve.js': serveModule(),
		'handler.js': handlerModule(),
		'env.js': envModule(data),
		'shims.js': shimsModule,
		'package.json': '{ "private": true, "type": "module" }\n'
	});
	if (builder.hasServerInstrumentationFile()) instrument(builder, out);

	bringAddon(builder, options);
}

function writeModules(out: string, modules: Record<string, string>): void {
	for (const [name, content] of Object.entries(modules)) writeFileSync(join(out, name), content);
}

function withPercents({ assets, prerendered }: Tables): Tables {
	return { assets: withEncodedPercents(assets), prerendered: withEncodedPercents(prerendered) };
}

/** Without the addon a server that may choose runs on Node, and says so at every start. */
function bringAddon(builder: Builder, { engine, out }: ResolvedOptions): void {
	if (engine === 'node' || engine === 'bun') return;
	builder.log.minor('Copying uWebSockets.js');
	try {
		copyAddon(process.cwd(), out);
	} catch (error) {
		if (engine === 'uws' || !(error instanceof AdapterError)) throw error;
		builder.log.warn(
			`${error.message} Until then the server runs on Node, or on Bun where Bun starts it.`
		);
	}
}

/** Client assets and prerendered pages, with their variants, and the tables by which they are found. */
async function writeFiles(
	builder: Builder,
	{ out, precompress }: ResolvedOptions
): Promise<Tables> {
	const { base } = builder.config.paths;
	const client = `${out}/client${base}`;
	const prerendered = `${out}/prerendered${base}`;
	builder.log.minor('Copying assets');
	const clientFiles = builder.writeClient(client);
	const prerenderedFiles = builder.writePrerendered(prerendered);

	builder.log.minor(precompress ? 'Compressing and hashing assets' : 'Hashing assets');
	const compress = (folder: string) => (precompress ? builder.compress(folder) : []);
	const [clientCompressed, prerenderedCompressed] = await Promise.all([
		compress(client),
		compress(prerendered)
	]);
	return {
		assets: assetTable(base, measureFiles(client, clientFiles, clientCompressed)),
		prerendered: prerenderedTable(
			base,
			measureFiles(prerendered, prerenderedFiles, prerenderedCompressed),
			builder.prerendered
		)
	};
}

/** `instrumentation.server` is to run before anything of the app is loaded, whichever way in is taken. */
function instrument(builder: Builder, out: string): void {
	const serverDirectory = `${out}/server`;
	const initializer = builder.createInstrumentationInitializer({
		outputDirectory: out,
		serverDirectory
	});
	for (const name of ['serve', 'handler'] as const) {
		builder.instrument({
			entrypoint: `${out}/${name}.js`,
			instrumentation: `${serverDirectory}/instrumentation.server.js`,
			start: `${out}/${name}-instrumented.js`,
			initializer,
			module: { exports: [...exported[name]] }
		});
	}
}
