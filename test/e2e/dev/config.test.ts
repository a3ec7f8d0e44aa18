import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { connectClient } from '../../support/client.ts';
import { editableApp, type EditableApp, type Files } from '../../support/dev-app.ts';
import { kit2Folder } from '../../support/kit2.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const hook: Files = {
	'src/websocket.ts': `export const websocket = {
		'/echo': { message: (peer, message) => peer.send('echo ' + message.text()) }
	};`,
	'src/routes/+page.svelte': `
		<script>
			import { createWebSocket } from 'svelte-adapter-ws/client';
			const socket = createWebSocket('/echo');
		</script>
		<p>the socket is {socket.status}</p>`
};

/** A `vite.config` with this as what it exports. */
const viteConfig = (exported: string) => `
	import { sveltekit } from '@sveltejs/kit/vite';
	import adapterWs from 'svelte-adapter-ws';
	import { websockets } from 'svelte-adapter-ws/vite';
	const config = { adapter: adapterWs(), paths: { base: '/base' } };
	const other = { adapter: { name: 'another adapter', adapt() {} } };
	export default ${exported};`;

const svelteConfig = (base: string) => `
	import adapterWs from 'svelte-adapter-ws';
	export default { kit: { adapter: adapterWs(), paths: { base: '${base}' } } };`;

const app = (exported: string, files: Files = {}, home?: string): Promise<EditableApp> =>
	editableApp({ ...hook, 'vite.config.ts': viteConfig(exported), ...files }, home ?? kit2Folder);

const off =
	/Sockets are off: websockets\(\) is in vite\.config, but SvelteKit does not use the adapter/g;
const missing =
	/SvelteKit 2 lets no adapter bring plugins of its own.*vite\.config.*Until then sockets are off/g;

const count = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].length;

async function expectEcho(url: string): Promise<void> {
	await using client = await connectClient(`${url}/base/echo`);
	client.send('hello');
	expect(await client.message()).toBe('echo hello');
}

describe('websockets() in the dev server of SvelteKit 2 finds the options', () => {
	it.each<{ where: string; exported: string; files?: Files }>([
		{
			where: 'that sveltekit() was given, without an argument of its own',
			exported: '{ plugins: [sveltekit(config), websockets()] }'
		},
		{
			where: 'though it stands first, in lists, twice, and in a config that is a function',
			exported:
				'async () => ({ plugins: [websockets(), [Promise.resolve([false, sveltekit(config)])], [websockets(config)]] })'
		},
		{
			where: 'that stand in svelte.config.ts',
			exported: '{ plugins: [sveltekit(), websockets()] }',
			files: { 'svelte.config.ts': svelteConfig('/base') }
		},
		{
			where: 'of vite.config where a svelte.config is there too, as SvelteKit does',
			exported: '{ plugins: [websockets(), sveltekit(config)] }',
			files: { 'svelte.config.js': svelteConfig('/ignored') }
		}
	])('$where', async ({ exported, files }) => {
		await using created = await app(exported, files);
		await using server = await created.vite('dev');
		await expectEcho(server.url);
		expect(await (await fetch(`${server.url}/base`)).text()).toContain('the socket is connecting');
		expect(server.output()).not.toContain('svelte-adapter-ws]');
	});
});

describe('the first lines of the dev server of SvelteKit 2', () => {
	it('say that SvelteKit uses another adapter', async () => {
		await using created = await app('{ plugins: [sveltekit(other), websockets()] }');
		await using server = await created.vite('dev');
		expect(count(server.output(), off)).toBe(1);
		expect(server.output()).toContain('(its adapter is another adapter)');
	});

	it('say that it uses none', async () => {
		await using created = await app('{ plugins: [sveltekit({}), websockets()] }');
		await using server = await created.vite('dev');
		expect(server.output()).toContain('(it has no adapter)');
	});

	it.each<[string, Files]>([
		['sveltekit(config)', {}],
		['sveltekit()', { 'svelte.config.js': svelteConfig('/base') }]
	])('say that the plugin is missing beside %s', async (plugin, files) => {
		await using created = await app(`{ plugins: [${plugin}] }`, files);
		await using server = await created.vite('dev');
		expect(count(server.output(), missing)).toBe(1);
	});

	it('say nothing of it where there is no hook file, or sockets are off', async () => {
		await using created = await app('{ plugins: [sveltekit(config)] }');
		await created.remove('src/websocket.ts');
		await using server = await created.vite('dev');
		expect(server.output()).not.toContain('svelte-adapter-ws]');
		await created.write('src/websocket.ts', hook['src/websocket.ts'] ?? '');
		await created.write(
			'vite.config.ts',
			viteConfig('{ plugins: [sveltekit({ adapter: adapterWs({ websocket: false }) })] }')
		);
		await using restarted = await created.vite('dev');
		expect(restarted.output()).not.toContain('svelte-adapter-ws]');
	});

	it('say so anew when the plugin is taken out of the config, until it is back', async () => {
		const right = '{ plugins: [sveltekit(config), websockets()] }';
		await using created = await app(right);
		await using server = await created.vite('dev');
		await created.write('vite.config.ts', viteConfig('{ plugins: [sveltekit(config)] }'));
		await server.printed(new RegExp(`${missing.source}[^]*server restarted`));
		await created.write('vite.config.ts', viteConfig(right));
		await expect
			.poll(() =>
				expectEcho(server.url).then(
					() => true,
					() => false
				)
			)
			.toBe(true);
		expect(count(server.output(), missing)).toBe(1);
	});
});

describe('websockets() in the dev server of SvelteKit 3, where the adapter brings the plugin', () => {
	it('changes nothing', async () => {
		await using created = await app('{ plugins: [websockets(), sveltekit(config)] }', {}, root);
		await using server = await created.vite('dev');
		await expectEcho(server.url);
		expect(server.output()).not.toContain('svelte-adapter-ws]');
	});

	it('says that SvelteKit uses another adapter', async () => {
		await using created = await app('{ plugins: [sveltekit(other), websockets()] }', {}, root);
		await using server = await created.vite('dev');
		expect(count(server.output(), off)).toBe(1);
	});
});

it('a preview and a build with another adapter say so too, once', async () => {
	await using created = await app('{ plugins: [websockets(), sveltekit(other)] }');
	const output = await created.build();
	expect(count(output, off)).toBe(1);
	expect(output).toContain('Using another adapter');
	await using server = await created.vite('preview');
	expect(count(server.output(), off)).toBe(1);
});
