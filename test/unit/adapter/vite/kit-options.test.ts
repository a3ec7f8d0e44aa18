import type { Plugin, PluginOption } from 'vite';
import { expect, it } from 'vitest';
import { findKitOptions, flatten } from '../../../../adapter/vite/kit-options.ts';

/** What Kit adds to a config, as far as it matters here. */
const setup = (options: object): Plugin => ({
	name: 'vite-plugin-sveltekit-setup',
	api: { options }
});

it('flattens what Vite takes for plugins', async () => {
	const [a, b, c] = ['a', 'b', 'c'].map((name) => ({ name }));
	const plugins: PluginOption = [
		a,
		[Promise.resolve([b, [null]]), false],
		undefined,
		Promise.resolve(c)
	];
	expect(await flatten(plugins)).toEqual([a, b, c]);
	expect(await flatten(undefined)).toEqual([]);
});

it.each([
	{ major: 2, options: { kit: { paths: { base: '/base' } } } },
	{ major: 3, options: { paths: { base: '/base' } } }
])('finds the options in the plugin of SvelteKit $major', async ({ options }) => {
	expect(await findKitOptions([{ name: 'other' }, setup(options)])).toEqual({
		paths: { base: '/base' }
	});
});

it('finds none where there is no SvelteKit', async () => {
	expect(await findKitOptions([{ name: 'other' }])).toEqual({});
});
