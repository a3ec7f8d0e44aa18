import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { expect, test } from 'vitest';
import { cookiesHeader, livePath } from '../../src/shared/live.ts';
import { createCertificate } from '../support/certificate.ts';
import { editableApp } from '../support/dev-app.ts';
import { LiveClient, remotePath } from '../support/live.ts';

/** An app without `src/websocket`, on servers of Vite with a certificate, which speak HTTP/2 as well. */
const files = (certificate: { certPath: string; keyPath: string }) => ({
	'vite.config.ts': `
		import { readFileSync } from 'node:fs';
		import { sveltekit } from '@sveltejs/kit/vite';
		import adapterWs from 'svelte-adapter-ws';
		import { defineConfig } from 'vite';
		const https = { cert: readFileSync('${certificate.certPath}'), key: readFileSync('${certificate.keyPath}') };
		export default defineConfig({
			server: { https },
			preview: { https },
			plugins: [sveltekit({
				adapter: adapterWs(),
				appDir: 'own/app',
				paths: { base: '/base' },
				experimental: { remoteFunctions: true }
			})]
		});`,
	'src/hooks.server.ts': `
		export const handle = ({ event, resolve }) => {
			event.cookies.set('seen', 'yes', { path: '/' });
			return resolve(event);
		};`,
	'src/routes/ticks.remote.ts': `
		import { query } from '$app/server';
		export const ticks = query.live(async function* () { yield 'tick'; });`,
	'src/routes/+page.svelte': `
		<script>import { ticks } from './ticks.remote.ts';</script>
		<button onclick={() => ticks()}>ask</button>`
});

test.for(['dev', 'preview'])(
	'live queries come over one socket over https, below a base and with another appDir: vite %s',
	async (command) => {
		using certificate = createCertificate();
		await using app = await editableApp(files(certificate));
		if (command === 'preview') await app.build();
		await using running = await app.vite(command);
		const url = `https://127.0.0.1:${running.port}`;
		const ask = (below: string, headers: Record<string, string> = {}) => {
			const answer = Promise.withResolvers<IncomingMessage>();
			const options = { ca: certificate.cert, headers };
			request(`${url}/base${below}`, options, answer.resolve).on('error', answer.reject).end();
			return answer.promise;
		};
		// In dev Kit knows a remote function when a page has used it.
		for await (const _ of await ask('/')) continue;
		await using live = await LiveClient.open(`${url.replace('https', 'wss')}/base`, {
			ca: certificate.cert,
			origin: url
		});
		const path = remotePath('src/routes/ticks.remote.ts', 'ticks').replace(
			'/_app',
			'/base/own/app'
		);
		const answer = live.get(path);
		expect(await answer.ended).toBe('end');
		expect(answer.body).toContain('tick');
		const { cookies = '' } = await answer.head;
		const { headers } = await ask(livePath, { [cookiesHeader]: cookies });
		expect(headers['set-cookie']).toEqual([expect.stringContaining('seen=yes')]);
	}
);
