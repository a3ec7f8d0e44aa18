import process from 'node:process';
import { sveltekit } from '@sveltejs/kit/vite';
import sirv from 'sirv';
import adapterWs from 'svelte-adapter-ws';
import { defineConfig, type Plugin } from 'vite';

// `node server.js` on your own machine speaks plain http, but the app assumes https, as behind a proxy. Without this the
// form would be refused as coming from another site. Build with the HOST and PORT that the server gets.
const { HOST = 'localhost', PORT = '3000' } = process.env;
const trustedOrigins = [HOST, 'localhost', '127.0.0.1', '[::1]']
	.map((host) => `http://${host}:${PORT}`)
	.filter((url) => URL.canParse(url))
	.map((url) => new URL(url).origin);

/** What `server.js` has beside the app, in dev. */
const besides: Plugin = {
	name: 'besides',
	configureServer({ middlewares }) {
		middlewares.use('/health', (_req, res) => void res.end('ok'));
		middlewares.use('/uploads', sirv('uploads', { dev: true }));
	}
};

export default defineConfig({
	plugins: [besides, sveltekit({ adapter: adapterWs(), csrf: { trustedOrigins } })]
});
