import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Milliseconds between two pieces. */
const tick = 10;

/**
 * A line to a server that carries so many bits a second towards the client, and takes from the server whatever it sends, as kernels
 * and networks with large buffers do.
 */
export class SlowLine implements AsyncDisposable {
	readonly url: string;
	/** Bytes that have reached clients. */
	carried = 0;
	readonly #close: () => Promise<void>;

	private constructor(url: string, close: () => Promise<void>) {
		this.url = url;
		this.#close = close;
	}

	static async to(port: number, bitsPerSecond: number): Promise<SlowLine> {
		const sockets = new Set<Socket>();
		const share = Math.round((bitsPerSecond / 8000) * tick);
		const server = createServer((client) => {
			const upstream = connect({ port, host: '127.0.0.1', noDelay: true });
			let waiting = Buffer.alloc(0);
			const timer = setInterval(() => {
				const piece = waiting.subarray(0, share);
				waiting = waiting.subarray(share);
				line.carried += piece.byteLength;
				if (piece.byteLength > 0) client.write(piece);
			}, tick);
			upstream.on('data', (bytes) => (waiting = Buffer.concat([waiting, bytes])));
			client.on('data', (bytes) => upstream.write(bytes));
			for (const socket of [client, upstream]) {
				sockets.add(socket);
				socket.setNoDelay(true);
				socket.on('error', () => {});
				socket.on('close', () => {
					clearInterval(timer);
					client.destroy();
					upstream.destroy();
				});
			}
		});
		await once(server.listen(0, '127.0.0.1'), 'listening');
		const { port: own } = server.address() as AddressInfo;
		const line = new SlowLine(`http://127.0.0.1:${own}`, async () => {
			for (const socket of sockets) socket.destroy();
			server.close();
			await once(server, 'close');
		});
		return line;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#close();
	}
}
