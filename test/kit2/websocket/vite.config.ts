import process from 'node:process';
import { sveltekit } from '@sveltejs/kit/vite';
import { websockets } from 'svelte-adapter-ws/vite';
import { defineConfig } from 'vite';

export default defineConfig({
	cacheDir: `.svelte-kit/${process.env.VARIANT}/vite`,
	plugins: [sveltekit(), websockets()]
});
