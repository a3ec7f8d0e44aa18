import type { IncomingMessage } from 'node:http';
import type { SocketData, SocketEvents } from './engine-socket.ts';
import type { Ground } from './ground.ts';

export type {
	CloseCause,
	EngineSocket,
	SendResult,
	SocketData,
	SocketEvents
} from './engine-socket.ts';

/**
 * The contract between the bytes and the rest of the server.
 *
 * An engine moves bytes and knows neither SvelteKit nor routes. One folder per engine, with the same file names in each.
 */

/** Where to listen: a host and a port, a unix socket, or an open file descriptor. */
export type ListenOptions = ListenAddress | { path: string } | { fd: number };

export interface ListenAddress {
	host: string;
	/** 0 takes a free one. */
	port: number;
	/** With the other workers of one primary, which has seen to it that nobody else is there. Linux, for engines that need it. */
	isShared?: boolean;
}

/** What an engine needs to know before it starts. */
export interface EngineOptions {
	/** Absent: sockets are off, and a request to upgrade is answered like any other request. */
	sockets?: SocketOptions;
	/** Paths of PEM files. Absent: no TLS. */
	tls?: { cert: string; key: string };
	/** Seconds that an idle connection is kept. Absent: the engine's own default. */
	keepAliveTimeout?: number;
	/** Seconds that the head of a request may take. Absent: the engine's own default. */
	headersTimeout?: number;
}

/** What an engine cannot do, as data. */
export interface EngineLimits {
	/** It can listen on a file descriptor that it is handed. */
	readonly adoptsDescriptors: boolean;
	/** `keepAliveTimeout` and `headersTimeout` have an effect. */
	readonly hasTimeouts: boolean;
}

export interface SocketOptions {
	/** Largest message in bytes. A larger one ends the socket. */
	maxPayload: number;
	/**
	 * Seconds without a byte from the peer after which it is dropped, by a clock that nobody sets; what has come while the
	 * process was stopped or busy MUST be read before anybody is dropped. 0 drops nobody. Peers MUST be pinged every 30
	 * seconds, or four times in a shorter timeout, with 0 as well.
	 */
	idleTimeout: number;
	/** Bytes queued for one peer above which further messages to it are dropped. */
	maxBackpressure: number;
	/** permessage-deflate. */
	compression: boolean;
	/**
	 * Seconds that a peer which was closed may take nothing of what is queued for it before it is cut; as long as it takes
	 * something it has all the time that it needs. Default: 30.
	 */
	closeTimeout?: number;
}

/** Resolves when all workers have called it as often as this one, or it takes too long. */
export type InStep = () => Promise<void>;

/** An engine that was created but does not listen yet. */
export interface Engine {
	readonly name: string;
	/** For the line that is printed at start: name and version of what runs. */
	readonly description: string;
	readonly limits: EngineLimits;

	/**
	 * MUST fail with `listen_failed` if another process listens there, and MUST NOT share the port silently; workers of one
	 * primary of `node:cluster` MAY share it, and MUST where `isShared` says so. A unix socket that nobody listens on any more is replaced.
	 * @returns the address that is listened on, with the port that was taken
	 */
	listen(options: ListenOptions): Promise<ListenOptions>;

	/**
	 * Send to every open socket on the topic. MUST keep the order with `EngineSocket.send` per socket.
	 * MUST be harmless at any time: before `listen`, after `close`, and from any callback.
	 */
	publish(topic: string, data: SocketData, compress: boolean): void;

	/** How many open sockets are on the topic. */
	subscribers(topic: string): number;

	/**
	 * Before `listen`: let others serve on the same port. What they have open at the end is cut by `close`. Absent: nobody can.
	 * @param isAt which upgrades are ours whoever else may want them: see `Neighbourhood` of the Node engine
	 */
	ground?(isAt: (target: string) => 'surely' | 'perhaps' | undefined): Ground;

	/** How many sockets have ended with `EngineSocket.close`, and requests with their answer, while there was something left to send. */
	readonly leaving: number;

	/**
	 * Stop accepting connections. What is under way lives on, answers say `connection: close` from the call on. Harmless when
	 * called twice, of which 0 ends the patience of the first one.
	 * @param patience milliseconds in which it goes on accepting, until the clients of kept connections have heard of it: a
	 * request that is on its way when its connection is closed is lost. Default: 0, which stops before it returns.
	 * @param inStep for workers that share the port, and stop together: a client that one of them has dismissed comes to another
	 * @returns when it has stopped
	 */
	stop(patience?: number, inStep?: InStep): Promise<void>;

	/** Cut every connection at once, those that are leaving too. Implies `stop`. */
	close(): void;
}

/**
 * What an engine calls. One set per server. Nothing here may throw or reject; what does anyway MUST be reported, MUST be
 * answered 500 where it was not answered, and MUST NOT end the process.
 */
export interface EngineHandlers {
	/** A request whose head has arrived. */
	request(exchange: Exchange): void | Promise<void>;
	/** A GET that asks for `Upgrade: websocket`, whatever the rest of it is like. Called only with `sockets` on. */
	upgrade(exchange: UpgradeExchange): void | Promise<void>;
	/** Something went wrong in a callback of the engine itself. */
	error(error: unknown, where: string): void;
}

/** Name and value as received, the name in lower case. Repeated names stay apart. Values are latin1 strings. */
export type HeaderPairs = readonly (readonly [name: string, value: string])[];

/** One request and its answer. */
export interface Exchange {
	/** As sent: case matters. */
	readonly method: string;
	/** Path and query as sent: not decoded, dot segments kept, one character per byte. A path, or the other forms of RFC 9112. */
	readonly target: string;
	readonly headers: HeaderPairs;
	/** The value of a header; repeated ones are joined with `, `. */
	header(name: string): string | undefined;
	/**
	 * IP address of the other end, IPv6 in its short form; empty for a unix socket. MUST stay when the exchange has ended, unless
	 * its answer had a frozen head.
	 */
	readonly address: string;
	/** Node's own request, on an engine that has one. */
	readonly incoming: IncomingMessage | undefined;
	/** Another process has the connection. Absent: this one has. */
	readonly isRemote?: boolean;
	/** The connection is gone. Nothing can be sent any more. */
	readonly aborted: boolean;
	/** Why it is. */
	readonly abortReason: unknown;
	/** `send` was called, or `accept` with success. */
	readonly isAnswered: boolean;

	/**
	 * The request's body. MUST be called in the same turn as the handler or not at all, once.
	 * @returns null if the request has none
	 */
	body(): IncomingBody | null;

	/**
	 * Instead of all of the above: the engine's own `Request`, which an app cannot tell from one that is made of them. Its
	 * signal aborts when `onAbort` would tell. MUST be called in the same turn as the handler or not at all, once.
	 * @param url what it is to be made to
	 * @returns undefined where it does not fit, such as for a body
	 * @throws {TypeError} if the URL is none
	 */
	request?(url: string): Request | undefined;

	/**
	 * `listener` is called at most once, when the exchange ends before the answer is complete: the client has left, or `cut`
	 * was called. It is told why.
	 */
	onAbort(listener: (reason: unknown) => void): void;

	/** Close the connection, whatever of the answer has left by then. Harmless once the answer is complete. */
	cut(reason: unknown): void;

	/**
	 * Send the answer. At most once. MUST send no body for HEAD, 204, 205 and 304, and no length for 204 and 304, MUST cancel a body it does not
	 * send to its end and say why, and MUST answer 500 instead of sending a header that Node would refuse to send.
	 * @returns when the last byte is with the engine or the client has left. Rejects with the error of a header or of
	 * the body, after the 500 was sent or the connection was cut.
	 */
	send(head: ResponseHead, body: ResponseBody): Promise<void>;

	/** Instead of `send`: takes an answer as it is, if nothing is lost of what `send` promises. @returns whether it did */
	sendWhole?(response: Response): boolean;
}

/** A request's body, to be had in one of two ways. Both fail when the client leaves. */
export interface IncomingBody {
	/** The engine reads no faster than the stream is read. */
	readonly stream: ReadableStream<Uint8Array>;
	/** All of it, for whoever knows that it is not too large. To be called once. */
	bytes(): Promise<Uint8Array>;
}

/** One that is frozen belongs to a body that never changes either: an engine may keep what it makes of the two. */
export interface ResponseHead {
	status: number;
	/**
	 * Names in any case; repeated names are sent repeatedly. Values as in `Headers`: latin1 strings.
	 * `date`, `connection`, `keep-alive` and `transfer-encoding` are the engine's. A `content-length` is a promise
	 * about the body and MUST be kept: an answer that ends early ends the connection.
	 */
	headers: Iterable<readonly [name: string, value: string]>;
}

/** A text is sent as UTF-8, well-formed: what is no character becomes U+FFFD. */
export type ResponseBody = null | string | Uint8Array | ByteSource | FileBody;

/** Bytes on demand: the part of a `ReadableStreamDefaultReader` that an engine uses. */
export interface ByteSource {
	read(): Promise<{ done: false; value: Uint8Array } | { done: true; value?: unknown }>;
	cancel(reason?: unknown): Promise<void>;
}

/** `length` bytes of a file, from `start`. */
export interface FileBody {
	path: string;
	start: number;
	length: number;
}

/** A request to upgrade. It is answered by `send`, as any request, or by `accept`. */
export interface UpgradeExchange extends Exchange {
	/** To be awaited right before `accept`: an engine may be amid something else. */
	turn?(): Promise<void> | undefined;
	/**
	 * Answer 101. MUST work after an await. The caller has checked `sec-websocket-key` and `sec-websocket-version`.
	 * @returns false if the client is gone, and nothing of `events` is called; else `events.open` was
	 */
	accept(head: AcceptHead, events: SocketEvents): boolean;
}

export interface AcceptHead {
	/** Extra headers of the 101, such as `set-cookie`. */
	headers: Iterable<readonly [name: string, value: string]>;
	/** The chosen subprotocol, or none. */
	protocol?: string;
}
