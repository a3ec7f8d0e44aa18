import { resolve } from '$app/paths';
import type { ClientMessage, ServerMessage } from './protocol.ts';

export type Status = 'connecting' | 'open' | 'closed';

/** What stands in the log: everything the server sends but the list of who is here. */
export type Entry = Exclude<ServerMessage, { type: 'present' }> & { id: number };

const HISTORY = 200;
const FIRST_DELAY = 500;
const LONGEST_DELAY = 10_000;

/** The browser's end of one room. Nothing happens before `open`, so it can be created during SSR. */
export class Room {
	status = $state<Status>('connecting');
	names = $state.raw<string[]>([]);
	entries = $state.raw<Entry[]>([]);

	#slug: string;
	#socket: WebSocket | undefined;
	#retry: ReturnType<typeof setTimeout> | undefined;
	#delay = FIRST_DELAY;
	#nextId = 0;

	constructor(slug: string) {
		this.#slug = slug;
	}

	open(): void {
		const url = new URL(resolve('/chat/[room]', { room: this.#slug }), location.href);
		url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';

		this.status = 'connecting';
		this.#socket = new WebSocket(url);
		this.#socket.onopen = () => this.#opened();
		this.#socket.onmessage = (event: MessageEvent<string>) => {
			this.#receive(JSON.parse(event.data) as ServerMessage);
		};
		this.#socket.onclose = () => this.#closed();
	}

	/** Whether the text was handed to an open connection. */
	send(text: string): boolean {
		if (this.#socket?.readyState !== WebSocket.OPEN) return false;
		const message: ClientMessage = { text };
		this.#socket.send(JSON.stringify(message));
		return true;
	}

	/** Leaves for good: no further attempt follows. */
	close(): void {
		clearTimeout(this.#retry);
		if (!this.#socket) return;
		this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
		this.#socket.close();
		this.#socket = undefined;
		this.status = 'closed';
	}

	#opened(): void {
		this.status = 'open';
		this.#delay = FIRST_DELAY;
	}

	#closed(): void {
		this.status = 'closed';
		this.names = [];
		this.#retry = setTimeout(() => this.open(), this.#delay);
		this.#delay = Math.min(this.#delay * 2, LONGEST_DELAY);
	}

	#receive(message: ServerMessage): void {
		if (message.type === 'present') {
			this.names = message.names;
		} else {
			const entry = { ...message, id: this.#nextId++ };
			this.entries = [...this.entries, entry].slice(-HISTORY);
		}
	}
}
