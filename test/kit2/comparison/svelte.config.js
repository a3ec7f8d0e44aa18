import process from 'node:process';
import adapterNode from '@sveltejs/adapter-node';
import adapterWs from 'svelte-adapter-ws';
import { variants } from '../../comparison/fixtures/app/variants.js';

const { ADAPTER = 'ws', VARIANT = 'default' } = process.env;

const variant = variants[VARIANT];
if (!variant) throw new Error(`There is no variant ${VARIANT}`);
const options = { out: `build/${ADAPTER}-${VARIANT}`, ...variant.adapter };

export default {
	kit: {
		adapter: ADAPTER === 'node' ? adapterNode(options) : adapterWs(options),
		outDir: `.svelte-kit/${ADAPTER}-${VARIANT}`,
		paths: variant.paths,
		files: { assets: variant.assets ?? 'build/static' },
		csrf: { trustedOrigins: ['https://trusted.example'] },
		// What SvelteKit 3 has without being asked.
		experimental: {
			explicitEnvironmentVariables: true,
			instrumentation: { server: true },
			remoteFunctions: true
		},
		version: { name: 'comparison' },
		prerender: { handleHttpError: 'warn', handleMissingId: 'ignore' }
	}
};
