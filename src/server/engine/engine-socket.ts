/** The part of the contract in `engine.ts` that is about sockets. */

/**
 * Text or bytes. MUST be sent as a text frame or a binary frame, and MUST be well-formed Unicode if text. Bytes that are
 * sent or published are the caller's again when the call returns: the engine MUST have copied what it still needs.
 */
export type SocketData = string | Uint8Array;

/**
 * Why an engine has ended a socket: a message above `maxPayload`, a broken rule of RFC 6455 or of UTF-8, `idleTimeout`; or
 * why it was asked to.
 */
export type CloseCause = 'too_big' | 'invalid' | 'idle' | 'backpressure';

/**
 * What one socket reports, in this order: `open`, then any number of `message`, `drain` and `pong`, and `overflow` at most once,
 * then `close` once.
 */
export interface SocketEvents {
	open(socket: EngineSocket): void;
	/**
	 * `data` belongs to the callee: the engine MUST NOT change or take it back. Bytes MUST have a buffer of their own, with
	 * nothing else in it.
	 */
	message(data: SocketData): void;
	/** What was queued has left. */
	drain(): void;
	/**
	 * The peer has answered a ping, one of the engine's own as well, with the bytes that it carried. They belong to the callee.
	 */
	pong?(data: Uint8Array): void;
	/** A message was dropped, for the first time. Called when what has dropped it has returned. */
	overflow(): void;
	/**
	 * `code` 1006 and an empty reason where the peer left without a close frame. After `EngineSocket.close` the code, the
	 * reason and the cause that were given there, whatever the peer does; MUST be called before that returns.
	 * @param cause absent where the peer has ended it, or nobody knows
	 */
	close(code: number, reason: string, cause?: CloseCause): void;
}

export type SendResult = 'sent' | 'queued' | 'dropped';

/** An open socket. Every method MUST be harmless after `close`. */
export interface EngineSocket {
	send(data: SocketData, compress: boolean): SendResult;
	/** Send to everyone else on the topic. */
	publish(topic: string, data: SocketData, compress: boolean): void;
	subscribe(topic: string): void;
	unsubscribe(topic: string): void;
	/** Bytes that wait to be sent. */
	readonly bufferedAmount: number;
	/**
	 * Messages to it that were dropped while it was open, published ones included. An engine that publishes in batches may
	 * miss the rest of the first one that it drops. It stays when the socket has ended.
	 */
	readonly dropped: number;
	/** @param data up to 125 bytes, which come back with the answer. Default: none */
	ping(data?: Uint8Array): void;
	/**
	 * Close handshake, once everything that was sent and published before has left, for which `closeTimeout` says how long it
	 * may take. `code` is one that may be sent (RFC 6455, section 7.4).
	 */
	close(code: number, reason: string, cause?: CloseCause): void;
	/** Cut the connection, also of a socket that is still leaving. The peer sees 1006. */
	terminate(): void;
}
