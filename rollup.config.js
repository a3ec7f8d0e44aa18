import { createRequire } from 'node:module';
import path from 'node:path';
import commonjsModule from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import typescript from 'typescript';

const kit = path.dirname(createRequire(import.meta.url).resolve('@sveltejs/kit/package.json'));

/** Its types describe the CommonJS form of the package. */
const commonjs = /** @type {(options: object) => import('rollup').Plugin} */ (
	/** @type {unknown} */ (commonjsModule)
);

/** Kit's routing is not exported; bundled from here it stays Kit's own. `src/server/routing/kit-routing.d.ts` types it. */
/** @type {Record<string, string>} */
export const kitModules = {
	'kit:routing': path.join(kit, 'src/utils/routing.js'),
	'kit:conflict': path.join(kit, 'src/core/sync/create_manifest_data/conflict.js'),
	'kit:sort': path.join(kit, 'src/core/sync/create_manifest_data/sort.js')
};

/**
 * Bundles the adapter for the build, and the entries of `src` that land in an app's build. What is external is the app's
 * own copy.
 */
export default {
	input: {
		adapter: 'adapter/index.ts',
		vite: 'adapter/vite.ts',
		lead: 'src/server/workers/lead.ts',
		start: 'src/server/start.ts',
		handler: 'src/server/handler.ts',
		env: 'src/server/env.ts',
		'node-version': 'src/server/node-version.ts',
		server: 'src/server/index.ts',
		hooks: 'src/server/handshake/hooks.ts',
		// what `files/client` imports: svelte-package writes that, file by file
		'shared/errors': 'src/shared/errors.ts',
		'shared/heartbeat': 'src/shared/heartbeat.ts',
		'shared/live': 'src/shared/live.ts',
		'shared/json': 'src/shared/json.ts',
		'shared/probe': 'src/shared/probe.ts',
		'shared/protocol': 'src/shared/protocol.ts'
	},
	output: { dir: 'files', format: 'esm', chunkFileNames: '[name].js', sourcemap: true },
	external: [/^node:/, /^@sveltejs\/kit($|\/)/, 'uWebSockets.js', 'vite'],
	plugins: [
		resolveKit(),
		stripTypes(),
		nodeResolve({ preferBuiltins: true }),
		commonjs({ ignore: ['bufferutil', 'utf-8-validate'] })
	]
};

/** @returns {import('rollup').Plugin} */
function resolveKit() {
	return {
		name: 'kit-modules',
		resolveId: (source) => kitModules[source] ?? null
	};
}

/** Types were checked by `tsc`; here they only go away. @returns {import('rollup').Plugin} */
function stripTypes() {
	/** @type {typescript.CompilerOptions} */
	const compilerOptions = {
		target: typescript.ScriptTarget.ES2023,
		module: typescript.ModuleKind.ESNext,
		verbatimModuleSyntax: true,
		sourceMap: true
	};
	return {
		name: 'strip-types',
		transform(code, id) {
			if (!id.endsWith('.ts')) return null;
			const { outputText, sourceMapText } = typescript.transpileModule(code, {
				compilerOptions,
				fileName: id
			});
			return { code: outputText, map: sourceMapText };
		}
	};
}
