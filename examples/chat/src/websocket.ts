import { error } from '@sveltejs/kit';
import { defineWebSocket, websockets } from 'svelte-adapter-ws/server';
import { MAX_TEXT_LENGTH, parseClientMessage, type ServerMessage } from '#lib/protocol.ts';
import { ANNOUNCEMENTS, isRoom, roomTopic } from '#lib/rooms.ts';
import { join, leave, present } from '#lib/server/presence.ts';
import { visits } from '#lib/server/visits.ts';

export const websocket = defineWebSocket({
	'/chat/[room]': {
		upgrade(event) {
			if (!event.locals.user) error(401, 'Choose a name first');
			if (!isRoom(event.params.room)) error(404, 'There is no such room');
			return { name: event.locals.user.name };
		},

		open(peer) {
			const { room } = peer.params;
			visits.count += 1;
			peer.subscribe(roomTopic(room));
			peer.subscribe(ANNOUNCEMENTS);
			join(room, peer.data.name);
			publish(room, { type: 'present', names: present(room) });
		},

		message(peer, message) {
			const received = parseClientMessage(message.text());
			if (!received) {
				const text = `Send JSON: { "text": "…" } with 1 to ${MAX_TEXT_LENGTH} characters.`;
				peer.send({ type: 'problem', text } satisfies ServerMessage);
				return;
			}
			const { name } = peer.data;
			publish(peer.params.room, {
				type: 'message',
				from: name,
				text: received.text,
				at: Date.now()
			});
		},

		close(peer) {
			const { room } = peer.params;
			leave(room, peer.data.name);
			publish(room, { type: 'present', names: present(room) });
		}
	}
});

// `peer.publish` leaves its own peer out; in a chat you see your own words too.
function publish(room: string, message: ServerMessage): void {
	websockets.publish(roomTopic(room), message);
}
