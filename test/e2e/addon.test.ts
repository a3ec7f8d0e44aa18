import process from 'node:process';
import { expect, test } from 'vitest';
import { editableApp } from '../support/dev-app.ts';
import { runApp, spawnApp } from '../support/server.ts';
import { addonFiles, needsGlibc } from '../unit/support/addon.ts';
import { connectClient } from '../support/client.ts';

const needed = 'uWebSockets.js@20.70.0 needs glibc 2.99, and this system has ';

/** An app that has a package installed as uWebSockets.js of which this is the module. */
const appWith = (module: string, engine: string) =>
	editableApp({
		...addonFiles({ module }),
		'vite.config.ts': `
			import { sveltekit } from '@sveltejs/kit/vite';
			import adapterWs from 'svelte-adapter-ws';
			import { defineConfig } from 'vite';
			export default defineConfig({
				plugins: [sveltekit({ adapter: adapterWs({ engine: '${engine}' }) })]
			});`,
		'src/websocket.ts': `
			import { defineWebSocket } from 'svelte-adapter-ws/server';
			export const websocket = defineWebSocket({
				'/hello': { open: (peer) => void peer.send('hello') }
			});`
	});

test('a build says why its uWebSockets.js cannot be loaded, and so does the server, which runs on Node', async () => {
	await using app = await appWith(needsGlibc, 'auto');
	const built = await app.build();
	expect(built).toContain(`uWebSockets.js cannot be loaded here (Node ${process.versions.node}`);
	expect(built).toContain(needed);
	expect(built).toContain('Until then the server runs on Node, or on Bun where Bun starts it.');
	expect(built).toContain('done');

	await using server = await runApp({ args: ['build'], cwd: app.folder });
	const [warning = '', listening, ...rest] = server.output().trim().split('\n');
	expect(warning).toContain(`uWebSockets.js could not be loaded (Node ${process.versions.node}`);
	expect(warning).toContain(needed);
	expect(warning).toMatch(/Use a newer system, .* The server runs on Node instead/);
	expect(listening).toContain(`with Node ${process.versions.node}`);
	expect(rest).toEqual([]);
	await using client = await connectClient(`${server.url}/hello`);
	expect(await client.message()).toBe('hello');

	await using insisting = spawnApp({
		args: ['build'],
		cwd: app.folder,
		env: { ENGINE: 'uws', PORT: '0' }
	});
	expect(await insisting.exited).toBe(1);
	expect(insisting.output()).toMatch(/^\[svelte-adapter-ws\] .* needs glibc 2\.99.*\n$/);
});

test('a build that insists on a uWebSockets.js that cannot be loaded stops', async () => {
	await using app = await appWith(needsGlibc, 'uws');
	const built = await app.build();
	expect(built).toContain(needed);
	expect(built).not.toContain('done');
});

test('a uWebSockets.js that ends the process is kept from the server', async () => {
	await using app = await appWith("process.kill(process.pid, 'SIGKILL');", 'auto');
	const built = await app.build();
	expect(built).toContain('loading uWebSockets.js@20.70.0 ends the process (');
	expect(built).toContain('done');
	await using server = await runApp({ args: ['build'], cwd: app.folder });
	expect(server.output()).toContain('loading uWebSockets.js@20.70.0 ends the process (');
	expect(server.output()).toContain(`with Node ${process.versions.node}`);
});
