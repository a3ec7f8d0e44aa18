import { defineTopics, defineWebSocket } from 'svelte-adapter-ws/server';

export const topics = defineTopics({ remembered: { history: true } });

/** Who speaks is heard by all. */
const room = (topic: string) =>
	defineWebSocket({
		open(peer) {
			peer.subscribe(topic);
		},
		message(peer, message) {
			peer.publish(topic, message.data);
			peer.send(message.data);
		}
	});

export const websocket = defineWebSocket({
	'/echo': {
		message(peer, message) {
			peer.send(message.data);
		}
	},
	'/room': room('room'),
	'/ten': {
		open(peer) {
			peer.subscribe('ten');
		},
		message(peer, message) {
			for (let count = 0; count < 10; count += 1) {
				peer.publish('ten', message.data);
				peer.send(message.data);
			}
		}
	},
	'/remembered': room('remembered'),
	/** The peer is on as many topics as it asks for, and says to which of them a message goes. */
	'/topics': {
		open(peer) {
			const count = Number(peer.url.searchParams.get('count'));
			for (let topic = 0; topic < count; topic += 1) peer.subscribe(`topic:${topic}`);
		},
		message(peer, message) {
			peer.publish(`topic:${Number(message.text())}`, message.data);
			peer.send(message.data);
		}
	}
});
