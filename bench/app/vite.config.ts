import process from 'node:process';
import adapterNode from '@sveltejs/adapter-node';
import { sveltekit } from '@sveltejs/kit/vite';
import adapterWs from 'svelte-adapter-ws';
import { defineConfig } from 'vite';

const { ADAPTER = 'ws' } = process.env;
const options = { out: `build/${ADAPTER}`, precompress: false };

export default defineConfig({
	logLevel: 'warn',
	plugins: [
		sveltekit({
			adapter: ADAPTER === 'node' ? adapterNode(options) : adapterWs(options),
			outDir: `.svelte-kit/${ADAPTER}`
		})
	]
});
