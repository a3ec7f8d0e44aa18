import { error } from '@sveltejs/kit';
import { setupWSConnection } from '@y/websocket-server/utils';
import { asWebSocket, defineWebSocket } from 'svelte-adapter-ws/server';

export const websocket = defineWebSocket({
	'/documents/[room]': {
		upgrade({ locals }) {
			if (!locals.user) error(401, 'Tell us your name first.');
		},
		// Yjs does the rest: it has a server for sockets of `ws`.
		open(peer) {
			setupWSConnection(asWebSocket(peer), peer.request, { docName: peer.params.room });
		}
	}
});
