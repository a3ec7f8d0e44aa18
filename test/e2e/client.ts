import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { WebSocket } from 'ws';

type Headers = Record<string, string>;

/** A socket outside of any browser. */
export class Client implements AsyncDisposable {
	/** Every text message so far. */
	readonly received: string[] = [];
	readonly closed: Promise<{ code: number; reason: string }>;
	readonly #socket: WebSocket;

	private constructor(socket: WebSocket) {
		this.#socket = socket;
		socket.on('message', (data: Buffer) => this.received.push(data.toString()));
		this.closed = new Promise((resolve) => {
			socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
		});
	}

	/** Rejects if the handshake is answered by anything but 101. */
	static async open(url: string, headers: Headers = {}): Promise<Client> {
		const socket = new WebSocket(toWs(url), { headers });
		const client = new Client(socket);
		await once(socket, 'open');
		return client;
	}

	get isOpen(): boolean {
		return this.#socket.readyState === WebSocket.OPEN;
	}

	send(message: string): void {
		this.#socket.send(message);
	}

	/** Says goodbye and waits for the answer, so that the server has seen it. */
	async close(): Promise<void> {
		this.#socket.close();
		await this.closed;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.close();
	}
}

export interface HttpAnswer {
	status: number;
	body: string;
}

/** The HTTP answer to a handshake that is refused. Rejects if it is not. */
export async function refusal(url: string, headers: Headers = {}): Promise<HttpAnswer> {
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
