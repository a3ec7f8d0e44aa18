import process from 'node:process';
import adapterWs from 'svelte-adapter-ws';

const { VARIANT = 'default' } = process.env;

/** Those of `test/conformance/websocket/fixtures/app`, in the words of SvelteKit 2. What it calls `paths.origin` is ORIGIN. */
const variants = {
	default: {},
	base: {
		kit: { paths: { base: '/base' }, files: { hooks: { server: 'src/absent' } } },
		websocket: {
			maxConnections: 3,
			maxPayload: 1000,
			maxBackpressure: 64 * 1024,
			upgradeTimeout: 0.3
		}
	},
	hash: { kit: { router: { type: 'hash' }, files: { routes: 'src/hash-routes' } } },
	single: { websocket: { entry: 'src/single', allowedOrigins: ['https://friend.example'] } }
};

const variant = variants[VARIANT];
if (!variant) throw new Error(`There is no variant ${VARIANT}`);

export default {
	kit: {
		...variant.kit,
		outDir: `.svelte-kit/${VARIANT}`,
		files: { ...variant.kit?.files, params: 'params' },
		adapter: adapterWs({
			out: `build/${VARIANT}`,
			precompress: false,
			websocket: variant.websocket
		}),
		csrf: { trustedOrigins: ['https://trusted.example'] }
	}
};
