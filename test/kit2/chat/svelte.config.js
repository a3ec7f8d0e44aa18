import adapterWs from 'svelte-adapter-ws';

export default {
	kit: {
		adapter: adapterWs(),
		// As in the twin: see the vite.config.ts of examples/chat.
		csrf: { trustedOrigins: ['http://localhost:3000', 'http://127.0.0.1:3000'] }
	}
};
