import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import WebSocket, { type ClientOptions, type RawData } from 'ws';

/** A plain WebSocket client that hands out messages one by one. */
export class Client implements AsyncDisposable {
	readonly ws: WebSocket;
	#connection: Socket | undefined;
	/** How the socket ended. */
	readonly closed: Promise<{ code: number; reason: string }>;
	/** Every text message so far, whether it was asked for or not. */
	readonly received: string[] = [];
	readonly #messages: (string | Buffer)[] = [];
	#wake: () => void = () => {};
	#end: { code: number; reason: string } | undefined;

	constructor(ws: WebSocket) {
		this.ws = ws;
		ws.on('message', (data: RawData, isBinary: boolean) => {
			if (!isBinary) this.received.push(String(data));
			this.#messages.push(isBinary ? (data as Buffer) : String(data));
			this.#wake();
		});
		ws.once('upgrade', (response) => (this.#connection = response.socket));
		ws.on('error', () => {});
		this.closed = new Promise((resolve) => {
			ws.on('close', (code, reason) => {
				this.#end = { code, reason: reason.toString() };
				resolve(this.#end);
				this.#wake();
			});
		});
	}

	/** The connection below, for bytes that `ws` would not send. */
	get connection(): Socket {
		if (this.#connection === undefined) throw new Error('The socket has not been opened');
		return this.#connection;
	}

	get isOpen(): boolean {
		return this.ws.readyState === WebSocket.OPEN;
	}

	send(message: string | Uint8Array): void {
		this.ws.send(message);
	}

	/** Says goodbye and waits for the answer, so that the server has seen it. */
	async close(): Promise<void> {
		this.ws.close();
		await this.closed;
	}

	/** Messages that have arrived and were not asked for yet. */
	get waiting(): number {
		return this.#messages.length;
	}

	/** The next message: text as a string, binary as bytes. Rejects if the socket ends first. */
	async message(): Promise<string | Buffer> {
		for (;;) {
			const message = this.#messages.shift();
			if (message !== undefined) return message;
			if (this.#end) throw new Error(`The socket ended: ${JSON.stringify(this.#end)}`);
			await new Promise<void>((resolve) => (this.#wake = resolve));
		}
	}

	/** The next message as JSON. */
	async json(): Promise<unknown> {
		return JSON.parse(String(await this.message()));
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.ws.terminate();
		await this.closed;
	}
}

export interface ConnectOptions extends ClientOptions {
	/** The subprotocols that are offered. */
	protocols?: string[];
}

/** A socket to 127.0.0.1, when it is open. Rejects if the server refuses. */
export function openClient(
	port: number,
	{ path = '/', ...options }: ConnectOptions & { path?: string } = {}
): Promise<Client> {
	return connectClient(`ws://127.0.0.1:${port}${path}`, options);
}

/** A socket to a URL, of http or ws, when it is open. Rejects if the server refuses. */
export async function connectClient(
	url: string,
	{ protocols = [], ...options }: ConnectOptions = {}
): Promise<Client> {
	const ws = new WebSocket(toWs(url), protocols, { perMessageDeflate: false, ...options });
	const client = new Client(ws);
	await once(ws, 'open');
	return client;
}

export interface HttpAnswer {
	status: number;
	body: string;
}

/** The HTTP answer to a handshake that is refused. Rejects if it is not. */
export async function refusal(
	url: string,
	headers: Record<string, string> = {}
): Promise<HttpAnswer> {
	const socket = new WebSocket(toWs(url), { headers });
	const answered = Promise.withResolvers<IncomingMessage>();
	socket.on('unexpected-response', (_request, response) => answered.resolve(response));
	socket.on('error', answered.reject);
	socket.on('open', () => {
		socket.terminate();
		answered.reject(new Error(`A socket was opened at ${url}`));
	});
	const response = await answered.promise;
	return { status: response.statusCode ?? 0, body: await text(response) };
}

function toWs(url: string): string {
	return url.replace(/^http/, 'ws');
}
