import { defineWebSocket } from 'svelte-adapter-ws/server';

export const websocket = defineWebSocket({
	'/echo': {
		message(peer, message) {
			peer.send(message.data);
		}
	},
	'/room': {
		open(peer) {
			peer.subscribe('room');
		},
		message(peer, message) {
			peer.publish('room', message.data);
			peer.send(message.data);
		}
	}
});
