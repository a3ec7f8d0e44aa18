import { sveltekit } from '@sveltejs/kit/vite';
import { websockets } from 'svelte-adapter-ws/vite';
import { defineConfig } from 'vite';

// adapter-node is to get what it gets from its users: `websockets` adds nothing without our adapter.
export default defineConfig({ logLevel: 'warn', plugins: [sveltekit(), websockets()] });
