import type { FileBody } from './engine.ts';

/**
 * How one answer gets out: what an engine implements, and `send.ts` drives. The head leaves with the first bytes. Every
 * method MUST be harmless once the client is gone.
 */
export interface Sink {
	/** The whole body, announced by its length in bytes; a text as UTF-8. Resolves when it was taken, and never rejects. */
	end(body: string | Uint8Array): Promise<void>;
	/** @param contentLength what a HEAD request is told; no length is announced without it */
	endWithoutBody(contentLength?: number): void;
	/** One chunk of a body of unknown length, which leaves in this turn at the latest. Resolves when more may follow. */
	write(chunk: Uint8Array): Promise<void>;
	/** The end of a body of unknown length. Resolves when what was written before it has been taken. */
	finish(): Promise<void>;
	/** One chunk of a body of `total` bytes; the answer ends with the last of them. Resolves when more may follow. */
	writeSized(chunk: Uint8Array, total: number): Promise<void>;
	/**
	 * A part of a file, where the engine has a way of its own to send one. Resolves when it was taken; rejects with the error of
	 * `open`, and where the file is shorter, after the connection was cut.
	 */
	sendFile?(body: FileBody): Promise<void>;
	/** The answer cannot be given: a 500 if nothing of it has left, else the connection MUST be cut. */
	fail(): void;
}
