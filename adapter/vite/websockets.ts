import { VERSION, type Adapter } from '@sveltejs/kit';
import type { Plugin } from 'vite';
import type { ResolvedOptions } from '../options.ts';
import type { AppContext } from './context.ts';
import { vitePlugins } from './index.ts';
import { findKitOptions, flatten, toKitContext, type KitOptions } from './kit-options.ts';
import { adapterMissing } from './missing.ts';

/** Where an adapter keeps its options for `websockets`, which another copy of this module may look for. */
const optionsKey = Symbol.for('svelte-adapter-ws:options');

const pluginName = 'svelte-adapter-ws:options';

/** The adapter itself, with its options where `websockets` finds them. */
export function rememberOptions(adapter: Adapter, options: ResolvedOptions): Adapter {
	return Object.assign(adapter, { [optionsKey]: options });
}

function optionsOf(adapter: KitOptions['adapter']): ResolvedOptions | undefined {
	return (adapter as { [optionsKey]?: ResolvedOptions } | undefined)?.[optionsKey];
}

/**
 * For `vite.config` in SvelteKit 2, which lets no adapter bring plugins: `plugins: [sveltekit(), websockets()]`, in any
 * order. It finds the adapter and its options where SvelteKit has them. In SvelteKit 3 the adapter brings the plugins by
 * itself, and this changes nothing.
 * @param _given is not looked at: it may be what `sveltekit` is given
 */
export function websockets(_given?: object): Plugin[] {
	const isKit2 = VERSION.startsWith('2.');
	let app: AppContext | undefined;
	/** What to say if sockets are off though this plugin is there. */
	let problem: string | undefined;
	const complain = (logger: { warn(message: string): void }) => {
		if (problem !== undefined) logger.warn(problem);
	};
	const setup: Plugin = {
		name: pluginName,
		config: {
			order: 'pre',
			async handler({ plugins }) {
				const all = await flatten(plugins);
				const { adapter, ...kit } = await findKitOptions(all);
				const options = optionsOf(adapter);
				problem = options ? undefined : adapterMissing(adapter);
				// Who adds it twice has it once.
				const isFirst = all.find(({ name }) => name === pluginName) === setup;
				app =
					options && isFirst && isKit2
						? { websocket: options.websocket, kit: toKitContext(kit), major: 2 }
						: undefined;
			}
		},
		configureServer: ({ config }) => complain(config.logger),
		configurePreviewServer: ({ config }) => complain(config.logger),
		buildStart() {
			const { config, logger } = this.environment;
			if (config.consumer === 'server') complain(logger);
		}
	};
	return isKit2 ? [setup, ...vitePlugins(() => app)] : [setup];
}
