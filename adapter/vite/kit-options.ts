import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import type { Plugin, PluginOption } from 'vite';
import type { KitContext } from './context.ts';

/** What SvelteKit 2 calls that of `KitContext`. */
interface Csrf2 {
	trustedOrigins?: string[];
	checkOrigin?: boolean;
}

/** SvelteKit's options, as far as they matter to sockets: as the app gives them, or with Kit's defaults. */
export interface KitOptions extends Partial<Omit<KitContext, 'csrf'>> {
	adapter?: { name: string };
	csrf?: Csrf2;
}

/** What `svelte.config` exports. In SvelteKit 3 the options stand at the top. */
interface SvelteConfig extends KitOptions {
	kit?: KitOptions;
}

/** A list of plugins as Vite takes it, which may hold lists and promises. */
export async function flatten(plugins: PluginOption): Promise<Plugin[]> {
	const found = await plugins;
	if (Array.isArray(found)) return (await Promise.all(found.map(flatten))).flat();
	return found ? [found] : [];
}

/** The options that Kit itself has, wherever the app keeps them. */
export async function findKitOptions(plugins: Plugin[]): Promise<KitOptions> {
	const setup = plugins.find(({ name }) => name === 'vite-plugin-sveltekit-setup');
	if (setup === undefined) return {};
	const { options } = (setup.api ?? {}) as { options?: SvelteConfig };
	// Before 2.62 Kit does not hand them out, and reads them from nowhere else.
	const config = options ?? (await importSvelteConfig());
	return config.kit ?? config;
}

async function importSvelteConfig(): Promise<SvelteConfig> {
	const names = ['svelte.config.js', 'svelte.config.ts'];
	const file = names.map((name) => resolve(process.cwd(), name)).find((path) => existsSync(path));
	if (file === undefined) return {};
	// Read anew when Vite restarts, as Kit does it: `core/config/index.js`.
	const url = `${pathToFileURL(file).href}?ts=${Date.now()}`;
	const { default: config } = (await import(url)) as { default: SvelteConfig };
	return { kit: config.kit ?? {} };
}

/** The options of SvelteKit 2 that matter to sockets, with the defaults of `core/config/options.js`. */
export function toKitContext(options: KitOptions): KitContext {
	const { appDir = '_app', paths, csrf, router, files, outDir } = options;
	return {
		appDir,
		paths: { base: '', ...paths },
		csrf: toCsrf(csrf),
		router: { type: 'pathname', ...router },
		files: { params: files?.params ?? 'src/params', exportMatchers },
		outDir: resolve(outDir ?? '.svelte-kit')
	};
}

/** SvelteKit 2 has another word for a star in the list, which it takes for the same. */
export function toCsrf({ trustedOrigins = [], checkOrigin }: Csrf2 = {}): KitContext['csrf'] {
	return { trustedOrigins: checkOrigin === false ? [...trustedOrigins, '*'] : trustedOrigins };
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
	'~standard': {
		validate(value) {
			const isMatch = match(value);
			// SvelteKit 2 takes an async matcher for one that says yes; what it rejects with must not end the process.
			if (isMatch instanceof Promise) isMatch.catch(() => {});
			return isMatch ? { value } : { issues: [{ message: 'no match' }] };
		}
	}
});
export const matchers = { ${entries.join(', ')} };`;
}
