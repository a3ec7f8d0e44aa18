/** What this engine uses of Bun, whose own types would change those of the rest. */
export interface BunRuntime {
	readonly version: string;
	serve(options: BunServeOptions): BunServer;
	file(path: string): Blob;
}

export interface BunServeOptions {
	hostname?: string;
	port?: number;
	unix?: string;
	tls?: { cert: string; key: string };
	/** A second process on the same port would succeed and share it. */
	reusePort: boolean;
	/** Pages that show errors, for whoever asks. */
	development: boolean;
	/** Seconds, 255 at most. */
	idleTimeout: number;
	/** Bytes, above which Bun answers 413 itself. */
	maxRequestBodySize: number;
	fetch(request: Request, server: BunServer): BunAnswer;
	/** `fetch` has failed, or a file. */
	error(error: unknown): Response;
	websocket?: BunSocketHandlers;
}

/** Nothing is the answer to a request that has become a socket. */
export type BunAnswer = Response | undefined | Promise<Response | undefined>;

export interface BunServer {
	/** Absent on a unix socket. */
	readonly port?: number;
	/** Requests whose answer has not left, or was not given yet. */
	readonly pendingRequests: number;
	/** Absent on a unix socket, and when the request is over. */
	requestIP(request: Request): { address: string } | null;
	/** @param seconds without a byte after which the connection is closed; 0 never closes it */
	timeout(request: Request, seconds: number): void;
	/** @returns false if the client is gone */
	upgrade(request: Request, options: { headers: Headers; data: unknown }): boolean;
	/** @param cuts every connection at once; else only those that wait for a request */
	stop(cuts: boolean): Promise<void>;
}

/** A socket whose `data` is of the given type. */
export interface BunWebSocket<Data> {
	readonly data: Data;
	binaryType: 'nodebuffer' | 'arraybuffer' | 'uint8array';
	/** @returns the number of bytes sent, -1 if they are queued, 0 if they were dropped or there were none */
	send(data: string | Uint8Array, compress: boolean): number;
	/** Let what is sent meanwhile leave together. */
	cork(send: () => void): void;
	getBufferedAmount(): number;
	ping(data?: Uint8Array): number;
	close(code: number, reason: string): void;
	terminate(): void;
}

/** `Data` is what `BunServer.upgrade` was given. */
export interface BunSocketHandlers<Data = never> {
	maxPayloadLength: number;
	backpressureLimit: number;
	closeOnBackpressureLimit: boolean;
	/** Seconds, 960 at most; 0 drops nobody. */
	idleTimeout: number;
	sendPings: boolean;
	perMessageDeflate: false | { compress: 'shared'; decompress: 'shared' };
	open(ws: BunWebSocket<Data>): void;
	message(ws: BunWebSocket<Data>, message: string | Uint8Array): void;
	ping(ws: BunWebSocket<Data>): void;
	pong(ws: BunWebSocket<Data>, data: Uint8Array): void;
	drain(ws: BunWebSocket<Data>): void;
	close(ws: BunWebSocket<Data>, code: number, reason: string): void;
}

/** A source for a `ReadableStream` that writes to the connection without a queue of its own. */
export interface DirectSource {
	type: 'direct';
	/** The stream ends with what this returns. */
	pull(controller: DirectController): void | Promise<void>;
}

export interface DirectController {
	write(chunk: Uint8Array): number | Promise<number>;
	/** @returns when the connection has taken what was written */
	flush(waits: true): number | Promise<number>;
	end(): void;
	/** With an error the connection is cut. */
	close(error?: Error): void;
}

declare const Bun: BunRuntime;

/** What the app finds there, too. */
export interface BunGlobals {
	Response: typeof Response;
}

/** @returns undefined on Node */
export function findBun(): BunRuntime | undefined {
	return typeof Bun === 'undefined' ? undefined : Bun;
}
