import { sveltekit } from '@sveltejs/kit/vite';
import adapterWs from 'svelte-adapter-ws';
import { defineConfig } from 'vite';

export default defineConfig({
	plugins: [
		sveltekit({
			adapter: adapterWs(),
			// `query.live`, and `await` in components: the list is in the page's HTML before it is live.
			experimental: { remoteFunctions: true },
			compilerOptions: { experimental: { async: true } },
			// In production the server assumes HTTPS in front of it. `node build` on your own machine has none,
			// and without this its form actions would be refused as coming from another origin.
			csrf: { trustedOrigins: ['http://localhost:3000', 'http://127.0.0.1:3000'] }
		})
	]
});
