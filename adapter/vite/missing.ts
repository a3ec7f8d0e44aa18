import { AdapterError, sentence } from '../../src/shared/errors.ts';

/** SvelteKit 2 has the adapter and the app has a hook file, but nothing of this package runs inside of Vite. */
export function pluginMissing(): AdapterError {
	return new AdapterError('plugin_missing', {
		what: 'SvelteKit 2 lets no adapter bring plugins of its own, and the one of this adapter is missing',
		value: 'vite.config',
		todo: "Add it there: import { websockets } from 'svelte-adapter-ws/vite', and plugins: [sveltekit(), websockets()]."
	});
}

/**
 * Our plugin is in `vite.config`, but it has nothing to do.
 * @param adapter the one that Kit was given
 */
export function adapterMissing(adapter: { name: string } | undefined): string {
	return sentence(
		'Sockets are off: websockets() is in vite.config, but SvelteKit does not use the adapter of svelte-adapter-ws',
		adapter ? `its adapter is ${adapter.name}` : 'it has no adapter',
		"Give it this one: import adapterWs from 'svelte-adapter-ws', and adapter: adapterWs() among the options of SvelteKit."
	);
}
