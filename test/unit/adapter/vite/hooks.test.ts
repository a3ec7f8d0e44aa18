import { build, type Rolldown } from 'vite';
import { describe, expect, it } from 'vitest';
import type { FindSockets } from '../../../../adapter/vite/context.ts';
import { hooksPlugin } from '../../../../adapter/vite/hooks.ts';
import { AdapterError } from '../../../../src/shared/errors.ts';
import { findSockets } from '../../support/app.ts';
import { tempFolder, type TempFolder } from '../../support/folder.ts';

/** As Kit's `core/sync/write_server.js` writes it. */
const generated = `
export const options = { app_template_contains_nonce: false };

export async function get_hooks() {
	let handle;
	({ handle } = await import("../../src/hooks.server.js"));
	return { handle };
}
`;

const app = {
	'.svelte-kit/generated/server.js': generated,
	'src/hooks.server.js': 'export const handle = () => "the handle of the app";',
	'src/entry.js': "export { get_hooks, options } from '../.svelte-kit/generated/server.js';"
};

const kitModules = ['@sveltejs/kit/internal/server'];

interface How {
	ssr?: boolean;
	codeSplitting?: boolean;
	find?: FindSockets;
	/** Modules of Kit that are there, besides those in a folder. */
	external?: string[];
}

/** The code of `src/entry.js`, built for the server with the plugin. */
async function buildApp(
	folder: TempFolder,
	{ ssr = true, codeSplitting = true, find = findSockets, external = kitModules }: How = {}
): Promise<string> {
	const result = await build({
		root: folder.path,
		configFile: false,
		logLevel: 'silent',
		plugins: [hooksPlugin(find)],
		build: {
			ssr: ssr && 'src/entry.js',
			write: false,
			rolldownOptions: {
				external: [/\/files\/hooks\.js$/, ...external],
				output: { codeSplitting }
			}
		}
	});
	const outputs = (Array.isArray(result) ? result : [result]) as Rolldown.RolldownOutput[];
	const chunks = outputs.flatMap(({ output }) => output);
	return chunks.map((chunk) => ('code' in chunk ? chunk.code : '')).join('\n');
}

describe('hooksPlugin', () => {
	it('wraps what Kit calls to get the hooks, and leaves the rest of the module', async () => {
		using folder = tempFolder(app);
		const code = await buildApp(folder);
		expect(code).toMatch(/import \{ withUpgrades \} from ".*\/files\/hooks\.js"/);
		expect(code).toMatch(/return withUpgrades\(await get_app_hooks\(\), \w+\)/);
		expect(code).toMatch(/async function get_app_hooks\(\)/);
		expect(code).toMatch(/export \{[^}]*\bget_hooks\b[^}]*\}/);
		expect(code).toMatch(/app_template_contains_nonce: false/);
	});

	it('makes a module that gives the wrapped hooks', async () => {
		using folder = tempFolder(app);
		const code = await buildApp(folder, { codeSplitting: false });
		const standIn = 'const withUpgrades = (hooks) => ({ wrapped: hooks.handle() });';
		const runnable = code
			.replace(/^import \{ withUpgrades \}.*$/m, standIn)
			.replace(/^import \* as requests .*$/m, 'const requests = {};');
		const module = `data:text/javascript,${encodeURIComponent(runnable)}`;
		const { get_hooks } = (await import(/* @vite-ignore */ module)) as {
			get_hooks: () => Promise<unknown>;
		};
		expect(await get_hooks()).toEqual({ wrapped: 'the handle of the app' });
	});

	it.each([
		['@sveltejs/kit/internal/server', kitModules],
		['$app/server', ['$app/server']]
	])('hands over what knows the request that Kit answers: %s', async (module, external) => {
		using folder = tempFolder({
			...app,
			'node_modules/@sveltejs/kit/package.json': '{ "name": "@sveltejs/kit", "exports": {} }'
		});
		const code = await buildApp(folder, { external });
		expect(code).toContain(`import * as requests from "${module}"`);
	});

	it('stops a server build in which no module has the text', async () => {
		using folder = tempFolder({
			...app,
			'.svelte-kit/generated/server.js': generated.replace('get_hooks', 'load_hooks'),
			'src/entry.js': "export { load_hooks } from '../.svelte-kit/generated/server.js';"
		});
		const error: unknown = await buildApp(folder).catch((reason: unknown) => reason);
		expect(adapterCode(error)).toBe('hooks_not_found');
		expect(String(error)).toContain('SvelteKit has changed where it keeps its hooks');
		expect(String(error)).toContain('export async function get_hooks()');
	});

	it('leaves the hooks of an app without sockets, or with another adapter, as they are', async () => {
		using folder = tempFolder(app);
		const code = await buildApp(folder, { find: () => undefined });
		expect(code).toContain('get_hooks');
		expect(code).not.toContain('withUpgrades');
	});

	it('touches no module of the app that has the same text', async () => {
		using folder = tempFolder({
			...app,
			'src/lib/server.js': 'export async function get_hooks() { return "mine"; }',
			'src/entry.js': `${app['src/entry.js']}\nexport { get_hooks as mine } from './lib/server.js';`
		});
		const code = await buildApp(folder);
		expect(code.match(/withUpgrades\(/g)).toHaveLength(1);
		expect(code).toMatch(/return "mine"/);
	});

	it('leaves a client build alone', async () => {
		using folder = tempFolder({
			...app,
			'index.html': '<script type="module" src="/src/entry.js"></script>'
		});
		const code = await buildApp(folder, { ssr: false });
		expect(code).not.toContain('withUpgrades');
	});

	it('gives way to the error that a build has of its own', async () => {
		using folder = tempFolder({ ...app, 'src/entry.js': "import './missing.js';" });
		const error: unknown = await buildApp(folder).catch((reason: unknown) => reason);
		expect(adapterCode(error)).toBeUndefined();
		expect(String(error)).toContain('missing.js');
	});

	it('is not run for the text in a file of another name', async () => {
		using folder = tempFolder({
			...app,
			'src/entry.js': app['.svelte-kit/generated/server.js'].replace('../../src/', './')
		});
		const error: unknown = await buildApp(folder).catch((reason: unknown) => reason);
		expect(adapterCode(error)).toBe('hooks_not_found');
	});
});

/** The bundler collects errors, and moves the `code` of a plugin's error to `pluginCode`. */
function adapterCode(error: unknown): unknown {
	if (typeof error !== 'object' || error === null) return undefined;
	if (error instanceof AdapterError) {
		return 'pluginCode' in error ? error.pluginCode : error.code;
	}
	const inner = 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
	return inner.map(adapterCode).find((code) => code !== undefined);
}
