import { createWebSocket } from 'svelte-adapter-ws/client';
import { resolve } from '$app/paths';
import type { ClientMessage, ServerMessage } from './protocol.ts';

/** What stands in the log: everything the server sends but the list of who is here. */
export type Entry = Exclude<ServerMessage, { type: 'present' }>;

/** The browser's end of one room: its socket, and who is there. When the slug changes it moves. */
export function createRoom(slug: () => string) {
	const socket = createWebSocket<ServerMessage, ClientMessage>(
		() => resolve('/chat/[room]', { room: slug() }),
		{ history: 200 }
	);
	const entries = $derived(socket.messages.filter((message) => message.type !== 'present'));
	let names = $state.raw<string[]>([]);
	let doubtful = $state.raw<string[]>([]);

	socket.on('message', (message) => {
		if (message.type === 'present') names = message.names;
	});
	socket.on('close', ({ unconfirmed }) => {
		names = [];
		doubtful = [...doubtful, ...unconfirmed.map(({ text }) => text)];
	});

	return {
		socket,
		get entries(): Entry[] {
			return entries;
		},
		get names() {
			return names;
		},
		/** What was said just before the connection broke, and may not have been heard. */
		get doubtful() {
			return doubtful;
		},
		/** @param isRepeated say it again, or else let it be */
		settle(isRepeated: boolean): void {
			const texts = doubtful;
			doubtful = [];
			if (isRepeated) for (const text of texts) socket.send({ text });
		},
		/** @returns false if nobody will hear it */
		send: (text: string): boolean => socket.send({ text })
	};
}
