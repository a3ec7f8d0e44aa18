import { defineWebSocket } from 'svelte-adapter-ws/server';

export const websocket = defineWebSocket({
	'/news': {
		open: (peer) => peer.subscribe('pictures')
	}
});
