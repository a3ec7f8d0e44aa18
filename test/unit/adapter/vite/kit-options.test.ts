import type { Plugin, PluginOption } from 'vite';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import {
	findKitOptions,
	flatten,
	toCsrf,
	toKitContext
} from '../../../../adapter/vite/kit-options.ts';
import { tempFolder } from '../../support/folder.ts';

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

describe('the options of SvelteKit 2', () => {
	it('are those of the app, or the defaults of Kit', () => {
		expect(toKitContext({})).toMatchObject({
			paths: { base: '' },
			csrf: { trustedOrigins: [] },
			router: { type: 'pathname' },
			files: { params: 'src/params' },
			outDir: `${process.cwd()}/.svelte-kit`
		});
		expect(
			toKitContext({
				paths: { base: '/base' },
				csrf: { trustedOrigins: ['https://trusted.example'] },
				router: { type: 'hash' },
				files: { params: 'src/matchers' },
				outDir: '/elsewhere'
			})
		).toMatchObject({
			paths: { base: '/base' },
			csrf: { trustedOrigins: ['https://trusted.example'] },
			router: { type: 'hash' },
			files: { params: 'src/matchers' },
			outDir: '/elsewhere'
		});
	});

	it('trust every origin where none is checked', () => {
		const trustedOrigins = ['https://trusted.example'];
		expect(toCsrf({ trustedOrigins, checkOrigin: false }).trustedOrigins).toEqual([
			...trustedOrigins,
			'*'
		]);
		expect(toCsrf({ trustedOrigins, checkOrigin: true }).trustedOrigins).toEqual(trustedOrigins);
		expect(toCsrf().trustedOrigins).toEqual([]);
	});
});

describe('the param matchers of SvelteKit 2', () => {
	type Validate = (value: unknown) => unknown;

	/** What the module of these files exports. */
	async function matchersOf(files: Record<string, string>) {
		using folder = tempFolder(
			Object.fromEntries(Object.entries(files).map(([name, code]) => [`params/${name}`, code]))
		);
		const code = toKitContext({}).files.exportMatchers?.(folder.path, 'params') ?? '';
		const url = pathToFileURL(`${folder.path}/`).href;
		const bundled = code.replaceAll(`"${folder.path}/`, `"${url}`);
		const module = (await import(
			/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(bundled)}`
		)) as { matchers: Record<string, { '~standard': { validate: Validate } }> };
		return (name: string): Validate | undefined => module.matchers[name]?.['~standard'].validate;
	}

	it('are each a file, and say yes or no as a schema does', async () => {
		const find = await matchersOf({
			'integer.js': 'export const match = (param) => /^\\d+$/.test(param);',
			'word.js': "export const match = (param) => param === 'word';",
			'integer.test.js': 'throw new Error();',
			'notes.md': 'no matcher'
		});
		expect(find('integer')?.('7')).toEqual({ value: '7' });
		expect(find('integer')?.('x')).toEqual({ issues: [{ message: 'no match' }] });
		expect(find('word')?.('word')).toEqual({ value: 'word' });
		expect(find('notes')).toBeUndefined();
	});

	it('say yes where they are async, and may reject', async () => {
		const unheard = vi.fn();
		process.on('unhandledRejection', unheard);
		const find = await matchersOf({
			'slow.js': "export const match = async () => { throw new Error('The database is away'); };"
		});
		expect(find('slow')?.('7')).toEqual({ value: '7' });
		await new Promise((resolve) => void setImmediate(resolve));
		process.off('unhandledRejection', unheard);
		expect(unheard).not.toHaveBeenCalled();
	});

	it('are none without their folder', async () => {
		expect(toKitContext({}).files.exportMatchers?.('/nowhere', 'params')).toContain(
			'export const matchers = {  };'
		);
	});
});
