import { expect, it } from 'vitest';
import { connectClient, refusal } from '../../support/client.ts';
import { editableApp, type Files } from '../../support/dev-app.ts';
import { kit2Folder } from '../../support/kit2.ts';

/** Seconds. Everything below takes longer to load. */
const upgradeTimeout = 0.2;

const slowly = (what: string) =>
	`await new Promise((resolve) => setTimeout(resolve, 2000 * ${upgradeTimeout}));\n${what}`;

const greet = (text: string) => `
	export const init = () => new Promise((resolve) => setTimeout(resolve, 2000 * ${upgradeTimeout}));
	export const handle = ({ event, resolve }) => {
		event.locals.greeting = '${text}';
		return resolve(event);
	};`;

const files: Files = {
	'vite.config.ts': `
		import { sveltekit } from '@sveltejs/kit/vite';
		import adapterWs from 'svelte-adapter-ws';
		import { websockets } from 'svelte-adapter-ws/vite';
		import { defineConfig } from 'vite';
		const adapter = adapterWs({ websocket: { upgradeTimeout: ${upgradeTimeout} } });
		export default defineConfig({ plugins: [sveltekit({ adapter }), websockets()] });`,
	'src/hooks.ts': slowly('export const reroute = () => {};'),
	'src/hooks.server.ts': slowly(greet('hello')),
	// A page that has the path of a socket is loaded before handle is called.
	'src/routes/greeting/+page.svelte': '<h1>greeting</h1>',
	'src/routes/greeting/+page.server.ts': slowly('export const load = () => ({});'),
	'src/websocket.ts': slowly(`export const websocket = {
		'/greeting': { open: (peer) => peer.send(peer.locals.greeting) },
		'/late': { upgrade: () => new Promise(() => {}) }
	};`)
};

async function greeting(url: string): Promise<string> {
	await using client = await connectClient(`${url}/greeting`);
	return String(await client.message());
}

it.each([
	{ kit: 3, home: undefined },
	{ kit: 2, home: kit2Folder }
])(
	'in dev what SvelteKit $kit loads for a handshake does not count as time of handle and upgrade',
	async ({ home }) => {
		await using app = await editableApp(files, home);
		await using server = await app.vite('dev');
		expect(await greeting(server.url)).toBe('hello');
		await app.write('src/hooks.server.ts', slowly(greet('hello again')));
		await expect.poll(() => greeting(server.url)).toBe('hello again');
		expect(await refusal(`${server.url}/late`)).toMatchObject({ status: 504 });
	}
);
