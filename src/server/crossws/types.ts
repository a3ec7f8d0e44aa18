import type { MaybePromise } from '../socket/types.ts';

/** The parts of a browser's WebSocket that a server's end has too. */
export interface CrosswsWebSocket {
	readonly protocol: string;
	readonly extensions: string;
	readonly url: string;
	readonly readyState: number;
	readonly bufferedAmount: number;
	send(data: unknown): void;
	close(code?: number, reason?: string): void;
}

/** A peer as hooks of crossws know it. No class, so that hooks that are typed by crossws itself are hooks here too. */
export interface CrosswsPeer {
	/** Unique among all processes. */
	readonly id: string;
	/** What `upgrade` has put there, and `event.locals` as `locals`. */
	readonly context: Record<string, unknown>;
	/** The path, or what `upgrade` has named. */
	readonly namespace: string;
	/** The request of the handshake. */
	readonly request: Request;
	readonly remoteAddress: string | undefined;
	readonly websocket: Partial<CrosswsWebSocket>;
	/** Those of its namespace in this process, itself included. */
	readonly peers: ReadonlySet<CrosswsPeer>;
	readonly topics: ReadonlySet<string>;
	/** Bytes that wait to be sent. */
	readonly bufferedAmount: number;
	/** @returns as on uWebSockets.js: 1 if it was sent, 0 if the peer is slow, 2 if it was dropped */
	send(data: unknown, options?: { compress?: boolean }): number | void | undefined;
	subscribe(topic: string): void;
	unsubscribe(topic: string): void;
	/** To everybody of this namespace who is on the topic, in every process, but this peer. */
	publish(topic: string, data: unknown, options?: { compress?: boolean }): void;
	close(code?: number, reason?: string): void;
	/** Cut the connection. */
	terminate(): void;
	ping(): number | void | undefined;
	/** Its id. */
	toString(): string;
}

/** A message as hooks of crossws know it. */
export interface CrosswsMessage {
	readonly id: string;
	/** Always undefined: no engine has one. */
	readonly event?: MessageEvent;
	readonly peer?: CrosswsPeer;
	/** Text as a string, binary as bytes; so is `data`. */
	readonly rawData: unknown;
	readonly data: unknown;
	uint8Array(): Uint8Array;
	/** The bytes of this message and no others. */
	arrayBuffer(): ArrayBuffer | SharedArrayBuffer;
	blob(): Blob;
	text(): string;
	/** @throws {SyntaxError} if it is not JSON */
	json<T = unknown>(): T;
	toString(): string;
}

/** What `upgrade` of crossws gets: the request of the handshake. What is put into `context` is `peer.context` later. */
export type CrosswsRequest = Request & { readonly context?: Record<string, unknown> };

/** What `upgrade` of crossws may return. A `Response` refuses; headers travel on the 101. */
export interface CrosswsUpgrade {
	headers?: ConstructorParameters<typeof Headers>[0];
	/** The subprotocol. Default: that of the headers */
	protocol?: string;
	/** Default: the path */
	namespace?: string;
	context?: Record<string, unknown>;
}

/** Hooks that were written for crossws. All are methods, so that hooks typed by crossws itself are hooks too. */
export interface CrosswsHooks {
	upgrade?(request: CrosswsRequest): MaybePromise<CrosswsUpgrade | Response | void>;
	open?(peer: CrosswsPeer): MaybePromise<void>;
	message?(peer: CrosswsPeer, message: CrosswsMessage): MaybePromise<void>;
	drain?(peer: CrosswsPeer): MaybePromise<void>;
	close?(peer: CrosswsPeer, details: { code?: number; reason?: string }): MaybePromise<void>;
	error?(peer: CrosswsPeer, error: Error): MaybePromise<void>;
}

/** Hooks, or what the `fetch` of an app returns that has hooks for sockets, as one of h3 does. */
export type CrosswsResolved =
	| CrosswsHooks
	| (Response & { crossws?: CrosswsHooks })
	| { crossws?: CrosswsHooks; headers?: ConstructorParameters<typeof Headers>[0] };

/** What the adapters of crossws take. */
export interface CrosswsOptions {
	/** For every socket, before those that `resolve` has found. */
	hooks?: CrosswsHooks;
	/** The hooks of one socket, asked once for each. An answer of an app without hooks refuses, unless it is a success. */
	resolve?(request: CrosswsRequest): MaybePromise<CrosswsResolved | undefined>;
}
