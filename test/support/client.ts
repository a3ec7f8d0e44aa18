import { once } from 'node:events';
import WebSocket, { type ClientOptions, type RawData } from 'ws';

/** A plain WebSocket client that hands out messages one by one. */
export class Client implements AsyncDisposable {
	readonly ws: WebSocket;
	/** How the socket ended. */
	readonly closed: Promise<{ code: number; reason: string }>;
	readonly #messages: (string | Buffer)[] = [];
	#wake: () => void = () => {};
	#end: { code: number; reason: string } | undefined;

	constructor(ws: WebSocket) {
		this.ws = ws;
		ws.on('message', (data: RawData, isBinary: boolean) => {
			this.#messages.push(isBinary ? (data as Buffer) : String(data));
			this.#wake();
		});
		ws.on('error', () => {});
		this.closed = new Promise((resolve) => {
			ws.on('close', (code, reason) => {
				this.#end = { code, reason: reason.toString() };
				resolve(this.#end);
				this.#wake();
			});
		});
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

/** A socket to 127.0.0.1, when it is open. Rejects if the server refuses. */
export async function openClient(
	port: number,
	{ path = '/', ...options }: ClientOptions & { path?: string } = {}
): Promise<Client> {
	const ws = new WebSocket(`ws://127.0.0.1:${port}${path}`, {
		perMessageDeflate: false,
		...options
	});
	const client = new Client(ws);
	await once(ws, 'open');
	return client;
}
