import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { editableApp } from '../../../support/dev-app.ts';

/** Bytes of what every page with a socket loads. */
const limit = 9 * 1024;

/** Bytes with requests, positions, presence and params, which are loaded when they are needed. */
const limitOfAll = 12.75 * 1024;

/** Bytes of what has live queries come over one socket. */
const limitOfLive = 4 * 1024;

/** A page, in runes mode, that shows messages, wherever they come from. */
const page = (script: string) => `<script>
	import { page } from '$app/state';
	let { data } = $props();
	${script}
</script>
<p>{page.url.pathname} {data} {chat.status}</p>
{#each chat.messages as message}<p>{message}</p>{/each}`;

/** Of Vite's manifest. */
interface Chunk {
	file: string;
	src?: string;
}

/** Bytes of the JavaScript that the page of an app is made of, as adapters compress it. */
interface Sizes {
	/** What is loaded with the page. */
	atOnce: number;
	/** With what is loaded when it is needed. */
	all: number;
}

async function sizesOf(script: string): Promise<Sizes> {
	await using app = await editableApp({ 'src/routes/+page.svelte': page(script) });
	const said = await app.build();
	// Node's own lines begin with a parenthesis.
	expect(said.replace(/^\(.*$/gm, '')).not.toMatch(/warn/i);
	const client = join(app.folder, '.svelte-kit/output/client');
	const manifest = JSON.parse(readFileSync(join(client, '.vite/manifest.json'), 'utf8')) as Record<
		string,
		Chunk
	>;
	const lazy = Object.values(manifest)
		.filter(({ src }) => /\/(dialogue|route-path)\.js$/.test(src ?? ''))
		.map(({ file }) => file);
	const sizes = { atOnce: 0, all: 0 };
	for (const file of globSync(join(client, '_app/immutable/**/*.js'))) {
		const code = readFileSync(file);
		const { byteLength } = gzipSync(code, { level: constants.Z_BEST_COMPRESSION });
		sizes.all += byteLength;
		if (!lazy.some((name) => file.endsWith(name))) sizes.atOnce += byteLength;
	}
	return sizes;
}

it('createWebSocket brings little into a page, and not much more into one that uses all of it', async () => {
	const without = await sizesOf(`let chat = $state({ status: 'open', messages: [] });`);
	const withSocket = await sizesOf(`
		import { createWebSocket } from 'svelte-adapter-ws/client';
		const chat = createWebSocket('/chat');`);
	const withLive = await sizesOf(`
		import { liveOverWebSocket } from 'svelte-adapter-ws/client';
		liveOverWebSocket();
		let chat = $state({ status: 'open', messages: [] });`);
	const live = withLive.atOnce - without.atOnce;
	expect(live).toBeGreaterThan(1000);
	expect(live).toBeLessThan(limitOfLive);
	expect(without.all).toBe(without.atOnce);
	const atOnce = withSocket.atOnce - without.atOnce;
	expect(atOnce).toBeGreaterThan(1000);
	expect(atOnce).toBeLessThan(limit);
	const all = withSocket.all - without.all;
	expect(all).toBeGreaterThan(atOnce);
	expect(all).toBeLessThan(limitOfAll);
});
