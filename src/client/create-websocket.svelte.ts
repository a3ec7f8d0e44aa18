import { commandsOf } from './commands.ts';
import type { ConnectionError } from './core/errors.ts';
import type { Status } from './core/state.ts';
import type {
	ConnectionEvents,
	Continuity,
	Present,
	RequestOptions,
	UrlSource
} from './core/types.ts';
import {
	createConnection,
	type OwnedConnection,
	type WebSocketOptions
} from './create-connection.svelte.ts';
import { dispose } from './dispose.ts';
import type { InAt, OptionsAt, OutAt, Place, PlaceAlone, ReplyAt } from './typed.ts';

/**
 * A socket that comes back, readable in templates, `$derived` and `$effect`. Each value wakes those who read it, and nobody
 * else, when it has changed.
 */
export interface ReactiveWebSocket<In = unknown, Out = unknown, Reply = unknown> {
	/** `connecting` at first, `reconnecting` after something has failed, `closed` when nothing more is tried. */
	readonly status: Status;
	/** Why the last attempt, or the last connection, failed; undefined while it is open. */
	readonly error: ConnectionError | undefined;
	/** How many attempts have failed since it was open last. */
	readonly attempts: number;
	/** The newest messages, up to `history` of them. */
	readonly messages: readonly In[];
	/** The newest message. */
	readonly last: In | undefined;
	/** Who is present in the topics of this connection, each once. */
	readonly presence: readonly Present[];
	/** Whether what topics that remember have told while there was no connection has come. */
	readonly continuity: Continuity;
	/** The browser's own socket, while it is open. */
	readonly socket: WebSocket | undefined;
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
	/** Leave the connection, if there is one, and make another at once. */
	reconnect(): void;
	/** @returns stops it */
	on<Type extends keyof ConnectionEvents<In, Out>>(
		type: Type,
		listener: (event: ConnectionEvents<In, Out>[Type]) => void
	): () => void;
	/** Close it for good at the end of a block: `using socket = createWebSocket(url)`. */
	[Symbol.dispose](): void;
}

/**
 * A socket for a component, from its mount to its end, or for a module, from its first import on. Made in an event handler, or
 * after an `await`, it belongs to neither: then give it a `signal`, or say `using`. Nothing happens on the server.
 * @param url a path below `paths.base`, a URL, or a function: what the function reads is watched, and when the URL has changed
 * the socket moves. It is asked again before every attempt, and may return a promise. `null` is no connection.
 */
export function createWebSocket<In = unknown, Out = unknown, const Url extends UrlSource = never>(
	url: PlaceAlone<Url>
): ReactiveWebSocket<InAt<Url, In>, OutAt<Url, Out>, ReplyAt<Url>>;
export function createWebSocket<In = unknown, Out = unknown, const Url extends UrlSource = never>(
	url: Place<Url>,
	options: OptionsAt<Url, In>
): ReactiveWebSocket<InAt<Url, In>, OutAt<Url, Out>, ReplyAt<Url>>;
export function createWebSocket<In, Out>(
	url: UrlSource,
	options: WebSocketOptions<In> = {}
): ReactiveWebSocket<In, Out> {
	return toReactive(createConnection<In, Out>(url, options));
}

function toReactive<In, Out>(owned: OwnedConnection<In, Out>): ReactiveWebSocket<In, Out> {
	const { connection } = owned;
	// Each wakes its own readers, and not where it is set to what it is.
	let status = $state.raw(connection.state.status);
	let error = $state.raw(connection.state.error);
	let attempts = $state.raw(connection.state.attempts);
	let messages = $state.raw(connection.messages);
	let socket = $state.raw(connection.socket);
	let presence = $state.raw(connection.view.presence);
	let continuity = $state.raw(connection.view.continuity);
	/** A message is a new one though it may be equal. */
	let count = $state.raw(0);
	const look = () => {
		({ status, error, attempts } = connection.state);
		({ messages, socket } = connection);
		({ presence, continuity } = connection.view);
		({ count } = connection.inbox);
	};
	for (const type of ['state', 'message'] as const) connection.on(type, look);
	return {
		...commandsOf(connection),
		get status() {
			return status;
		},
		get error() {
			return error;
		},
		get attempts() {
			return attempts;
		},
		get messages() {
			return messages;
		},
		get last() {
			return count ? connection.inbox.last : undefined;
		},
		get presence() {
			return presence;
		},
		get continuity() {
			return continuity;
		},
		get socket() {
			return socket;
		},
		get [dispose]() {
			return owned.takeEnd();
		}
	};
}
