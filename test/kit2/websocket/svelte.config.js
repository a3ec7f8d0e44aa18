import process from 'node:process';
import adapterWs from 'svelte-adapter-ws';
import { variants } from '../../conformance/websocket/fixtures/app/variants.js';

const { VARIANT = 'default' } = process.env;

const variant = variants[VARIANT];
if (!variant) throw new Error(`There is no variant ${VARIANT}`);

// What SvelteKit 3 calls `paths.origin` is the variable ORIGIN.
const { origin: _, ...paths } = variant.kit?.paths ?? {};

export default {
	kit: {
		...variant.kit,
		paths,
		outDir: `.svelte-kit/${VARIANT}`,
		files: { ...variant.kit?.files, params: 'params' },
		adapter: adapterWs({
			out: `build/${VARIANT}`,
			precompress: false,
			websocket: variant.websocket
		}),
		csrf: { trustedOrigins: ['https://trusted.example'] },
		experimental: { remoteFunctions: true }
	}
};
