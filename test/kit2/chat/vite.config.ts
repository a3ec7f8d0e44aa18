import { sveltekit } from '@sveltejs/kit/vite';
import { websockets } from 'svelte-adapter-ws/vite';
import { defineConfig } from 'vite';
export default defineConfig({ plugins: [sveltekit(), websockets()] });
