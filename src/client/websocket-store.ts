import { readable, type Readable } from 'svelte/store';
import { onChange } from './changes.ts';
import { commandsOf } from './commands.ts';
import type { ConnectionError } from './core/errors.ts';
import type { Continuity, Present, RequestOptions, UrlSource } from './core/types.ts';
import { createConnection, type WebSocketOptions } from './create-connection.svelte.ts';
import { dispose } from './dispose.ts';
import type { InAt, OptionsAt, OutAt, Place, PlaceAlone, ReplyAt } from './typed.ts';

/** What the store pattern calls the states of a connection. */
export type StoreStatus = 'error' | 'connected' | 'disconnected';

/** A socket that comes back, as stores. */
export interface WebSocketStore<In = unknown, Out = unknown, Reply = unknown> {
	/** The browser's own socket, while it is open; else null. */
	readonly socket: Readable<WebSocket | null>;
	readonly connected: Readable<boolean>;
	/** Why the last attempt, or the last connection, failed; null while it is open. */
	readonly connectionError: Readable<ConnectionError | null>;
	/** The newest messages, up to `history` of them. */
	readonly messages: Readable<readonly In[]>;
	/** `error` as long as something has failed and it is not open again. */
	readonly status: Readable<StoreStatus>;
	/** Who is present in the topics of this connection, each once. */
	readonly presence: Readable<readonly Present[]>;
	/** Whether what topics that remember have told while there was no connection has come. */
	readonly continuity: Readable<Continuity>;
	/**
	 * Send now, or as soon as there is a connection. Strings and binary data go as they are, anything else as JSON.
	 * @returns false if it was refused: the connection is closed, or as many messages as may wait are waiting
	 * @throws {AdapterError} `bad_value` for what cannot be sent
	 */
	send(value: Out): boolean;
	/**
	 * Send, and wait for what the server's `message` returns, ten seconds at most if nothing else is said. Without a connection
	 * it waits for one, like what `send` sends.
	 * @throws {ConnectionError} `failed`, `timeout` or `closed`; the reason of the signal; `bad_value` for what cannot be sent
	 */
	request<Answer = Reply>(value: Out, options?: RequestOptions): Promise<Answer>;
	/** Connect, unless that is what it does already. */
	open(): void;
	/**
	 * Close, until `open` is called. Default: 1000 without a reason.
	 * @throws {AdapterError} `bad_value` for a code or a reason that browsers do not allow
	 */
	close(code?: number, reason?: string): void;
	/** Close it for good at the end of a block: `using store = webSocketStore(url)`. */
	[Symbol.dispose](): void;
}

/** `createWebSocket` as stores: the same connection with the same options, for the same lifetime. */
export function webSocketStore<In = unknown, Out = unknown, const Url extends UrlSource = never>(
	url: PlaceAlone<Url>
): WebSocketStore<InAt<Url, In>, OutAt<Url, Out>, ReplyAt<Url>>;
export function webSocketStore<In = unknown, Out = unknown, const Url extends UrlSource = never>(
	url: Place<Url>,
	options: OptionsAt<Url, In>
): WebSocketStore<InAt<Url, In>, OutAt<Url, Out>, ReplyAt<Url>>;
export function webSocketStore<In, Out>(
	url: UrlSource,
	options: WebSocketOptions<In> = {}
): WebSocketStore<In, Out> {
	const owned = createConnection<In, Out>(url, options);
	const { connection } = owned;
	const { send, request, open, close } = commandsOf(connection);
	const store = <T>(read: () => T): Readable<T> =>
		readable(read(), (set) => {
			set(read());
			return onChange(connection, read, () => set(read()));
		});
	const status = (): StoreStatus => {
		if (connection.state.status === 'open') return 'connected';
		return connection.state.error ? 'error' : 'disconnected';
	};
	return {
		socket: store(() => connection.socket ?? null),
		connected: store(() => connection.state.status === 'open'),
		connectionError: store(() => connection.state.error ?? null),
		messages: store(() => connection.messages),
		status: store(status),
		presence: store(() => connection.view.presence),
		continuity: store(() => connection.view.continuity),
		send,
		request,
		open,
		close,
		get [dispose]() {
			return owned.takeEnd();
		}
	};
}
