import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { editableApp } from '../../../support/dev-app.ts';

/** Bytes, with partysocket. */
const limit = 9 * 1024;

/** A page, in runes mode, that shows messages, wherever they come from. */
const page = (script: string) => `<script>
	import { page } from '$app/state';
	let { data } = $props();
	${script}
</script>
<p>{page.url.pathname} {data} {chat.status}</p>
{#each chat.messages as message}<p>{message}</p>{/each}`;

/** Bytes of all the JavaScript that the page of an app is made of, as adapters compress it. */
async function sizeOf(script: string): Promise<number> {
	await using app = await editableApp({ 'src/routes/+page.svelte': page(script) });
	await app.build();
	const files = globSync(join(app.folder, 'build/client/_app/immutable/**/*.js'));
	expect(files.length).toBeGreaterThan(3);
	return files
		.map((file) => gzipSync(readFileSync(file), { level: constants.Z_BEST_COMPRESSION }))
		.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

it('createWebSocket brings little into a page', async () => {
	const without = await sizeOf(`let chat = $state({ status: 'open', messages: [] });`);
	const withSocket = await sizeOf(`
		import { createWebSocket } from 'svelte-adapter-ws/client';
		const chat = createWebSocket('/chat');`);
	expect(withSocket - without).toBeGreaterThan(1000);
	expect(withSocket - without).toBeLessThan(limit);
});
