import { execFile } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectClient, refusal, type ConnectOptions } from '../support/client.ts';
import { editableApp, type EditableApp, type Files } from '../support/dev-app.ts';
import { kit2Folder } from '../support/kit2.ts';
import { runApp } from '../support/server.ts';
import { createApp, toKit3 } from '../support/sv.ts';
import { readmeSteps } from './readme.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Packages of an app that are installed together. */
export interface Packages {
	/** SvelteKit's major version. */
	kit: 2 | 3;
	/** The folder that has them in its `node_modules`. */
	home: string;
	/** Where svelte-check is. */
	tools: string;
	/** SvelteKit is so old that it has its options in `svelte.config`, and Svelte that it does not know all that `sv` writes. */
	isOld?: boolean;
}

/** Those of this project. */
export const ownPackages: Record<2 | 3, Packages> = {
	2: { kit: 2, home: kit2Folder, tools: root },
	3: { kit: 3, home: root, tools: root }
};

/** What the README says of an app with a `svelte.config`. */
const oldConfig: Files = {
	'svelte.config.js': `
		import adapterWs from 'svelte-adapter-ws';
		export default { kit: { adapter: adapterWs() } };`,
	'vite.config.ts': `
		import { sveltekit } from '@sveltejs/kit/vite';
		import { websockets } from 'svelte-adapter-ws/vite';
		import { defineConfig } from 'vite';
		export default defineConfig({ plugins: [sveltekit(), websockets()] });`
};

/** What somebody does in the first minutes, with an app of `npx sv create`. */
export function newcomerSuite({ kit, home, tools, isOld = false }: Packages): void {
	let fresh: Files;
	let steps: Files[];
	let app: EditableApp;

	const paste = async (files: Files = {}) => {
		const all = { ...files, ...(isOld && oldConfig) };
		for (const [file, content] of Object.entries(all)) await app.write(file, content);
	};

	/** `npm run check` */
	const check = async () => {
		const node = (script: string) =>
			promisify(execFile)(process.execPath, script.split(' '), { cwd: app.folder });
		await node(`${join(home, 'node_modules/@sveltejs/kit/svelte-kit.js')} sync`);
		await node(
			`${join(tools, 'node_modules/svelte-check/bin/svelte-check')} --tsconfig ./tsconfig.json --fail-on-warnings`
		).catch(({ stdout }: { stdout: string }) => expect.fail(stdout));
	};

	beforeAll(async () => {
		const created = await createApp();
		fresh = kit === 2 ? created : toKit3(created);
		steps = await readmeSteps();
		app = await editableApp(fresh, home);
	});

	afterAll(() => app?.[Symbol.asyncDispose]());

	// each of them builds, checks and serves an app
	describe(`a fresh app of SvelteKit ${kit}`, { timeout: 240_000 }, () => {
		test.skipIf(isOld)(
			'has a chat in dev and in production once adapter and plugin stand in the config that it came with',
			async () => {
				const config = (fresh['vite.config.ts'] ?? '')
					.replace(
						"'@sveltejs/adapter-auto';",
						"'svelte-adapter-ws';\nimport { websockets } from 'svelte-adapter-ws/vite';"
					)
					.replace('plugins: [', 'plugins: [websockets(), ');
				expect(config).toContain('adapter: adapter()');
				await paste({ ...steps[0], 'vite.config.ts': config });
				await using dev = await app.vite('dev');
				await expectChat(dev.url);
				expect(await app.build()).toContain('done');
				await using server = await runApp({ args: ['build'], cwd: app.folder });
				await expectChat(server.url);
			}
		);

		test('has what the README shows first: it type-checks and chats, in production and in preview', async () => {
			await paste(steps[0]);
			await check();
			expect(await app.build()).toContain('done');
			await using server = await runApp({ args: ['build'], cwd: app.folder });
			await expectChat(server.url);
			await using preview = await app.vite('preview');
			await expectChat(preview.url);
		});

		test('has what the README shows next: who may come in, and an endpoint that publishes', async () => {
			for (const step of steps) await paste(step);
			await check();
			await using dev = await app.vite('dev');
			expect(await refusal(`${dev.url}/chat/lobby`)).toMatchObject({ status: 401 });
			await expectChat(dev.url, { headers: { cookie: 'name=Ada' } }, 'Ada');
			await using client = await connectClient(`${dev.url}/chat/lobby`, {
				headers: { cookie: 'name=Grace' }
			});
			const announcement = { method: 'POST', body: 'hear, hear', headers: { origin: dev.url } };
			expect(await fetch(`${dev.url}/announce`, announcement)).toMatchObject({ status: 204 });
			expect(await client.json()).toEqual({ from: 'system', text: 'hear, hear' });
		});
	});
}

/** The page is there, and two plain clients are in one room: what one says both hear. */
async function expectChat(url: string, options: ConnectOptions = {}, from = 'somebody') {
	expect(await (await fetch(url)).text()).toContain('<p>connecting</p>');
	await using speaker = await connectClient(`${url}/chat/lobby`, options);
	await using listener = await connectClient(`${url}/chat/lobby`, options);
	speaker.send('hello');
	for (const client of [speaker, listener]) {
		expect(await client.json()).toEqual({ from, text: 'hello' });
	}
}
