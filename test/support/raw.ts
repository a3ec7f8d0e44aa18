import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** What one raw answer consisted of. */
export interface RawResponse {
	status: number;
	/** The text behind the status. */
	reason: string;
	/** In the order of arrival, names in lower case. */
	headers: [name: string, value: string][];
	/** Decoded if it was chunked. */
	body: Buffer;
}

/** A connection on which every byte is the test's own. */
export class RawConnection implements AsyncDisposable {
	readonly socket: Socket;
	#received: Buffer = Buffer.alloc(0);
	/** What has arrived since `#received` was last needed. */
	#arrived: Buffer[] = [];
	#arrivedBytes = 0;
	#isEnded = false;
	#changed = Promise.withResolvers<void>();

	private constructor(socket: Socket) {
		this.socket = socket;
		socket.on('data', (chunk: Buffer) => {
			this.#arrived.push(chunk);
			this.#arrivedBytes += chunk.byteLength;
			this.#notify();
		});
		socket.on('error', () => {});
		socket.on('close', () => {
			this.#isEnded = true;
			this.#notify();
		});
	}

	static async open(port: number): Promise<RawConnection> {
		const socket = connect({ port, host: '127.0.0.1', noDelay: true });
		await once(socket, 'connect');
		return new RawConnection(socket);
	}

	write(data: string | Uint8Array): void {
		this.socket.write(data);
	}

	/** Read as a slow client does: a moment's pause after every megabyte. */
	pauseOften(): void {
		let next = 1_000_000;
		let total = 0;
		this.socket.on('data', (chunk: Buffer) => {
			total += chunk.byteLength;
			if (total < next) return;
			next += 1_000_000;
			this.socket.pause();
			setTimeout(() => this.socket.resume(), 1);
		});
	}

	/** The next answer. `isHead`: to a HEAD request, which has no body whatever its headers say. */
	async response({ isHead = false } = {}): Promise<RawResponse> {
		const head = await this.#until('\r\n\r\n');
		const [statusLine = '', ...lines] = head.toString('latin1').trimEnd().split('\r\n');
		const headers = lines.map((line): [string, string] => {
			const colon = line.indexOf(':');
			return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
		});
		const [, code, ...words] = statusLine.split(' ');
		const status = Number(code);
		const isEmpty = isHead || status === 204 || status === 304 || status === 101;
		const body = isEmpty ? Buffer.alloc(0) : await this.#body(headers);
		return { status, reason: words.join(' '), headers, body };
	}

	/** Everything that has arrived and was not read yet. */
	get rest(): Buffer {
		if (this.#arrived.length > 0) {
			this.#received = Buffer.concat([this.#received, ...this.#arrived]);
			this.#arrived = [];
			this.#arrivedBytes = 0;
		}
		return this.#received;
	}

	get #available(): number {
		return this.#received.byteLength + this.#arrivedBytes;
	}

	/** When at least so many bytes have arrived that were not read yet. */
	async received(length: number): Promise<Buffer> {
		while (this.#available < length) await this.#more();
		return this.rest;
	}

	/** When the other end has closed the connection. */
	async closed(): Promise<void> {
		while (!this.#isEnded) await this.#changed.promise;
	}

	get isClosed(): boolean {
		return this.#isEnded;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.socket.destroy();
		await this.closed();
	}

	async #body(headers: [string, string][]): Promise<Buffer> {
		const header = (name: string) => headers.find(([each]) => each === name)?.[1];
		if (header('transfer-encoding') === 'chunked') return this.#chunks();
		const length = header('content-length');
		if (length !== undefined) return this.#take(Number(length));
		await this.closed();
		return this.#take(this.#available);
	}

	async #chunks(): Promise<Buffer> {
		const chunks: Buffer[] = [];
		for (;;) {
			const size = parseInt((await this.#until('\r\n')).toString('latin1'), 16);
			const chunk = await this.#take(size + 2);
			if (size === 0) return Buffer.concat(chunks);
			chunks.push(chunk.subarray(0, size));
		}
	}

	async #until(mark: string): Promise<Buffer> {
		let end = this.rest.indexOf(mark);
		while (end === -1) {
			await this.#more();
			end = this.rest.indexOf(mark);
		}
		return this.#take(end + mark.length);
	}

	async #take(length: number): Promise<Buffer> {
		while (this.#available < length) await this.#more();
		const { rest } = this;
		this.#received = rest.subarray(length);
		return rest.subarray(0, length);
	}

	async #more(): Promise<void> {
		if (this.#isEnded) {
			throw new Error(
				`The connection was closed after ${JSON.stringify(this.rest.toString('latin1').slice(0, 500))}`
			);
		}
		await this.#changed.promise;
	}

	#notify(): void {
		this.#changed.resolve();
		this.#changed = Promise.withResolvers();
	}
}

/** One request on a connection of its own. */
export async function rawRequest(
	port: number,
	request: string,
	isHead = false
): Promise<RawResponse> {
	await using connection = await RawConnection.open(port);
	connection.write(request);
	return await connection.response({ isHead });
}

/** Every value of a header. */
export function values(response: RawResponse, name: string): string[] {
	return response.headers.filter(([each]) => each === name).map(([, value]) => value);
}
