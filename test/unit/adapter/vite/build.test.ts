import { resolveConfig, type InlineConfig, type ResolvedConfig } from 'vite';
import { describe, expect, it } from 'vitest';
import type { AdapterOptions } from '../../../../adapter/options.ts';
import { buildPlugin } from '../../../../adapter/vite/build.ts';
import { hookModule } from '../../../../adapter/vite/hook-file.ts';
import { appContext } from '../../support/app.ts';
import { tempFolder, type TempFolder } from '../../support/folder.ts';

/** What Vite makes of an app's config with the plugin in it. */
function resolveApp(
	folder: TempFolder,
	options: AdapterOptions = {},
	config: InlineConfig = {},
	command: 'build' | 'serve' = 'build'
): Promise<ResolvedConfig> {
	const plugins = [buildPlugin(() => appContext(options))];
	return resolveConfig(
		{ root: folder.path, configFile: false, logLevel: 'silent', plugins, ...config },
		command
	);
}

const inputs = ({ environments }: ResolvedConfig) =>
	environments['ssr']?.build.rolldownOptions.input;

const withDependencies = (...names: string[]) => ({
	'package.json': JSON.stringify({
		dependencies: Object.fromEntries(names.map((name) => [name, '*'])),
		devDependencies: { development: '*' }
	})
});

describe('the inputs of the server build', () => {
	it('get the entries of the server, of what leads several, of the handler and of what all need', async () => {
		using folder = tempFolder();
		const input = inputs(await resolveApp(folder));
		expect(input).toEqual({
			'adapter-lead': expect.stringMatching(/\/files\/lead\.js$/),
			'adapter-start': expect.stringMatching(/\/files\/start\.js$/),
			'adapter-handler': expect.stringMatching(/\/files\/handler\.js$/),
			'adapter-env': expect.stringMatching(/\/files\/env\.js$/),
			'adapter-node-version': expect.stringMatching(/\/files\/node-version\.js$/)
		});
	});

	it('get the hook file, where there is one', async () => {
		using folder = tempFolder({ 'src/websocket.ts': '' });
		const input = inputs(await resolveApp(folder));
		expect(input).toHaveProperty('adapter-websocket', hookModule);
	});

	it('get no hook file where sockets are off', async () => {
		using folder = tempFolder({ 'src/websocket.ts': '' });
		expect(inputs(await resolveApp(folder, { websocket: false }))).not.toHaveProperty(
			'adapter-websocket'
		);
	});

	it('stay as they are in the dev server', async () => {
		using folder = tempFolder({ 'src/websocket.ts': '' });
		expect(inputs(await resolveApp(folder, {}, {}, 'serve'))).toBeUndefined();
	});
});

describe('what stays outside of the server build', () => {
	it('is what the app depends on in production, and the addon', async () => {
		using folder = tempFolder(withDependencies('postgres', '@scope/package'));
		const { ssr } = await resolveApp(folder);
		expect(ssr.external).toEqual(['postgres', '@scope/package', 'uWebSockets.js']);
		expect(ssr.noExternal).toBe(true);
	});

	it('is the addon for the bundler too', async () => {
		using folder = tempFolder();
		const { environments } = await resolveApp(folder);
		expect(environments['ssr']?.build.rolldownOptions.external).toContain('uWebSockets.js');
	});

	it('is not this package: the app and the server share its modules', async () => {
		using folder = tempFolder(withDependencies('svelte-adapter-ws', 'postgres'));
		const { ssr } = await resolveApp(folder);
		expect(ssr.external).toEqual(['postgres', 'uWebSockets.js']);
	});

	it('is not what has to be compiled', async () => {
		using folder = tempFolder(withDependencies('svelte', 'svelte-toast', '@ui/kit', 'postgres'));
		const noExternal = ['svelte', /^svelte-/, /^@ui\//];
		const { ssr } = await resolveApp(folder, {}, { ssr: { noExternal } });
		expect(ssr.external).toEqual(['postgres', 'uWebSockets.js']);
	});

	it('is the addon alone for an app without a manifest', async () => {
		using folder = tempFolder();
		expect((await resolveApp(folder)).ssr.external).toEqual(['uWebSockets.js']);
	});
});
