import { resolveConfig, type Plugin } from 'vite';
import { expect, it } from 'vitest';
import adapterWs from '../../../../adapter/index.ts';
import { websockets } from '../../../../adapter/vite/websockets.ts';

it('adds nothing to an app of SvelteKit 3, which has the plugins from its adapter', async () => {
	const setup: Plugin = {
		name: 'vite-plugin-sveltekit-setup',
		api: { options: { adapter: adapterWs() } }
	};
	const load = (plugins: unknown[]) =>
		resolveConfig({ configFile: false, plugins: plugins as Plugin[] }, 'build');
	const [without, given] = [await load([setup]), await load([websockets(), setup])];
	const names = given.plugins.map(({ name }) => name);
	expect(names.filter((name) => name.startsWith('svelte-adapter-ws'))).toEqual([
		'svelte-adapter-ws:options'
	]);
	expect(given.build.rolldownOptions).toEqual(without.build.rolldownOptions);
});
