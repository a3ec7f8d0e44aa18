import process from 'node:process';
import { sveltekit } from '@sveltejs/kit/vite';
import adapterWs from 'svelte-adapter-ws';
import { defineConfig } from 'vite';

// `node build` on your own machine speaks plain http, but the server assumes https, as behind a proxy. Without this the
// form would be refused as coming from another site. Build with the HOST and PORT that the server gets.
const { HOST = 'localhost', PORT = '3000' } = process.env;
const trustedOrigins = [HOST, 'localhost', '127.0.0.1', '[::1]']
	.map((host) => `http://${host}:${PORT}`)
	.filter((url) => URL.canParse(url))
	.map((url) => new URL(url).origin);

export default defineConfig({
	plugins: [sveltekit({ adapter: adapterWs(), csrf: { trustedOrigins } })]
});
