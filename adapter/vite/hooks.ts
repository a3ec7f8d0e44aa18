import type { Plugin } from 'vite';
import { AdapterError } from '../../src/shared/errors.ts';
import type { FindSockets } from './context.ts';
import { filesFolder } from './files.ts';

const original = 'export async function get_hooks()';

/** Where Kit keeps the request that it answers; before SvelteKit 2.31 only the event can be had, from `$app/server`. */
const internal = '@sveltejs/kit/internal/server';

/** Where Kit writes the module. */
const generated = /\/generated\/.*\/?(?:server|internal)\.js$/;

/**
 * Wraps Kit's generated `get_hooks`, so that a request to upgrade runs through the app's `handle`. The module is
 * `server.js` below `<outDir>/generated`, in SvelteKit 2 `internal.js`, written by Kit's `core/sync/write_server.js`.
 */
export function hooksPlugin(find: FindSockets): Plugin {
	let isBuild = false;
	let isWrapped = false;
	return {
		name: 'svelte-adapter-ws:hooks',
		configResolved(config) {
			isBuild = config.command === 'build';
		},
		applyToEnvironment: (environment) =>
			find() !== undefined && environment.config.consumer === 'server',
		transform: {
			filter: { id: generated, code: original },
			async handler(code, id) {
				// Vite before 6.3 knows no filters.
				if (!generated.test(id) || !code.includes(original)) return null;
				isWrapped = true;
				const exists = await this.resolve(internal, id).catch(() => null);
				return { code: wrapHooks(code, exists ? internal : '$app/server'), map: null };
			}
		},
		buildEnd(error) {
			if (error === undefined && isBuild && this.environment.name === 'ssr' && !isWrapped)
				throw notFound();
		}
	};
}

/** @param requests the module that knows which request Kit is answering */
function wrapHooks(code: string, requests: string): string {
	const renamed = code.replace(original, 'async function get_app_hooks()');
	return `import { withUpgrades } from ${JSON.stringify(`${filesFolder()}/hooks.js`)};
import * as requests from '${requests}';
${renamed}
export async function get_hooks() {
	return withUpgrades(await get_app_hooks(), requests);
}
`;
}

function notFound(): AdapterError {
	return new AdapterError('hooks_not_found', {
		what: 'SvelteKit has changed where it keeps its hooks, so sockets cannot run through handle',
		value: `no module of the server build contains "${original}"`,
		todo: 'Use the SvelteKit version that CHANGELOG.md names, or set websocket: false in the adapter options.'
	});
}
