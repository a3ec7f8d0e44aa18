import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { editableApp, type Files } from '../support/dev-app.ts';

const hook = `
	import { defineWebSocket } from 'svelte-adapter-ws/server';
	export const websocket = defineWebSocket({ '/echo': { open() {} } });`;

interface Leak {
	name: string;
	files: Files;
	/** The client's module that is asked for in dev. */
	module: string;
	chain: string;
}

const page = (line: string) => `<script lang="ts">${line}</script><h1>hello</h1>`;

const leaks: Leak[] = [
	{
		name: 'the hook file, from a page',
		files: {
			'src/websocket.ts': hook,
			'src/routes/+page.svelte': page("import { websocket } from '../websocket'; void websocket;")
		},
		module: '/src/websocket.ts',
		chain: 'src/routes/+page.svelte imports src/websocket.ts'
	},
	{
		name: 'svelte-adapter-ws/server, by way of another module',
		files: {
			'src/lib/chat.ts': `import { websockets } from 'svelte-adapter-ws/server'; export const size = () => websockets.size;`,
			'src/routes/+page.svelte': page("import { size } from '../lib/chat'; void size();")
		},
		module: '/@fs' + fileURLToPath(new URL('../../files/server.js', import.meta.url)),
		chain: 'src/routes/+page.svelte imports src/lib/chat.ts imports svelte-adapter-ws/server'
	}
];

describe.each(leaks)('code for the browser that imports $name', ({ files, module, chain }) => {
	test('stops the build, with the chain of imports', async () => {
		await using app = await editableApp(files);
		const output = await app.build();
		expect(output).toContain('was imported into code that runs in the browser');
		expect(output).toContain(chain);
	});

	test('is refused by the dev server, with the chain of imports', async () => {
		await using app = await editableApp(files);
		await using server = await app.vite('dev');
		expect((await fetch(server.url)).status).toBe(200);
		await fetch(`${server.url}/src/routes/+page.svelte`);
		await fetch(`${server.url}/src/lib/chat.ts`);
		const response = await fetch(server.url + module);
		expect(response.status).toBe(500);
		expect(await response.text()).toContain(chain);
	});
});

test('a type is no import', async () => {
	await using app = await editableApp({
		'src/websocket.ts': hook,
		'src/routes/+page.svelte': page(
			"import type { Message } from 'svelte-adapter-ws/server'; import type * as hook from '../websocket';" +
				' export type Both = [Message, typeof hook];'
		)
	});
	expect(await app.build()).toContain('done');
});

describe('the hook file', () => {
	test('may export nothing else than websocket: a warning names the rest', async () => {
		await using app = await editableApp({
			'src/websocket.ts': `${hook}\nexport const helper = 1;\nexport const handle = 2;`
		});
		const output = await app.build();
		expect(output).toContain('src/websocket exports what nobody reads (handle, helper)');
		expect(output).toContain('done');
	});

	test('may be missing, and sockets may be off, without a word', async () => {
		await using app = await editableApp();
		expect(await app.build()).not.toContain('svelte-adapter-ws]');
		await app.write('src/websocket.ts', hook);
		await app.write(
			'vite.config.ts',
			`import { sveltekit } from '@sveltejs/kit/vite';
			import adapterWs from 'svelte-adapter-ws';
			import { defineConfig } from 'vite';
			export default defineConfig({ plugins: [sveltekit({ adapter: adapterWs({ websocket: false }) })] });`
		);
		expect(await app.build()).not.toContain('svelte-adapter-ws]');
	});
});
