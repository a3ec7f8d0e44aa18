import { error } from '@sveltejs/kit';
import { defineTopics, defineWebSocket, websockets, type Peer } from 'svelte-adapter-ws/server';
import { Incoming, MAX_TEXT_LENGTH, Outgoing, type Info } from '#lib/protocol.ts';
import { ANNOUNCEMENTS, isRoom, roomTopic } from '#lib/rooms.ts';
import { visits } from '#lib/server/visits.ts';

/** What is remembered, so that a page that was away misses nothing; rooms know who is there, too. */
export const topics = defineTopics({
	'room:*': { history: { size: 200 }, presence: true },
	[ANNOUNCEMENTS]: { history: true }
});

export const websocket = defineWebSocket({
	'/chat/[room]': {
		incoming: Incoming,
		outgoing: Outgoing,

		upgrade(event) {
			if (!event.locals.user) error(401, 'Choose a name first');
			if (!isRoom(event.params.room)) error(404, 'There is no such room');
			return { name: event.locals.user.name };
		},

		open(peer) {
			visits.count += 1;
			enter(peer, { isTyping: false });
			peer.subscribe(ANNOUNCEMENTS);
		},

		message(peer, { value }) {
			if ('isTyping' in value) return enter(peer, value);
			const { name } = peer.data;
			// `peer.publish` leaves its own peer out; in a chat you see your own words too.
			const said = { type: 'message', from: name, text: value.text, at: Date.now() } as const;
			websockets.publish(roomTopic(peer.params.room), said);
			return said.at; // whoever has asked knows now that it was said
		},

		error(peer) {
			const text = `Send JSON: { "text": "…" } with 1 to ${MAX_TEXT_LENGTH} characters.`;
			peer.send({ type: 'problem', text });
		}
	}
});

/** Be seen in the room, once however many tabs somebody has. */
function enter(peer: Peer<{ name: string }, { room: string }>, info: Info): void {
	const presence = { id: peer.data.name, info };
	peer.subscribe(roomTopic(peer.params.room), { replay: 50, presence });
}
