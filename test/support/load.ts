import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface LoadOptions {
	port: number;
	/** Clients at the same time, each with one connection. */
	clients: number;
	/** Milliseconds from an answer to the next request. Default: none. */
	pause?: number;
	/** A connection for each request. */
	isFresh?: boolean;
	/** What follows the head. */
	body?: string;
	path?: string;
}

/** Why a request was not answered to its end. */
export type Failure = string;

/** Clients that ask again and again, until nobody listens any more or they are told to end. */
export class Load {
	answered = 0;
	/** Answers that said `connection: close`. */
	dismissed = 0;
	/** Attempts to connect that were refused, which is an answer too. */
	refused = 0;
	readonly failures: Failure[] = [];
	/** When every client has ended. */
	readonly done: Promise<void>;
	readonly #options: LoadOptions;
	readonly #request: string;
	#isOver = false;

	constructor(options: LoadOptions) {
		this.#options = options;
		const { body = '', path = '/', isFresh = false } = options;
		const method = body === '' ? 'GET' : 'POST';
		const length =
			body === ''
				? ''
				: `Content-Type: application/octet-stream\r\nContent-Length: ${body.length}\r\n`;
		const close = isFresh ? 'Connection: close\r\n' : '';
		this.#request = `${method} ${path} HTTP/1.1\r\nHost: a\r\n${length}${close}\r\n${body}`;
		const clients = Array.from({ length: options.clients }, () => this.#run());
		this.done = Promise.all(clients).then(() => {});
	}

	/** Resolves when this many requests were answered. */
	async reached(count: number): Promise<void> {
		while (this.answered < count) await sleep(1);
	}

	/** The requests that are under way are the last. */
	end(): Promise<void> {
		this.#isOver = true;
		return this.done;
	}

	async #run(): Promise<void> {
		let connection: Connection | undefined;
		while (!this.#isOver) {
			if (connection?.isClosed ?? true) {
				connection = await this.#connect();
				if (connection === undefined) return;
			}
			const isKept = await this.#ask(connection as Connection);
			if (!isKept) connection = undefined;
			if (this.#options.pause !== undefined)
				await sleep(this.#options.pause * (0.5 + Math.random()));
		}
		connection?.end();
	}

	async #connect(): Promise<Connection | undefined> {
		const socket = connect({ port: this.#options.port, host: '127.0.0.1', noDelay: true });
		try {
			await once(socket, 'connect');
			return new Connection(socket);
		} catch (error) {
			const { code = '' } = error as NodeJS.ErrnoException;
			if (code === 'ECONNREFUSED') this.refused += 1;
			else this.failures.push(`connect: ${code}`);
			return undefined;
		}
	}

	/** @returns whether the connection may be used again */
	async #ask(connection: Connection): Promise<boolean> {
		try {
			const head = await connection.ask(this.#request);
			this.answered += 1;
			const status = head.split(' ', 2)[1] ?? '';
			if (status >= '500') this.failures.push(`status ${status}`);
			const isDismissed = /\r\nconnection: close/i.test(head);
			if (isDismissed) this.dismissed += 1;
			if (!isDismissed && !this.#options.isFresh) return true;
		} catch (error) {
			this.failures.push(String(error));
		}
		connection.end();
		return false;
	}
}

class Connection {
	isClosed = false;
	readonly #socket: Socket;
	#received = '';
	#requests = 0;
	#waiting: { resolve: (head: string) => void; reject: (error: Error) => void } | undefined;

	constructor(socket: Socket) {
		this.#socket = socket;
		socket.setEncoding('latin1');
		socket.on('data', (text: string) => this.#receive(text));
		socket.on('error', (error: NodeJS.ErrnoException) => this.#close(error.code ?? error.message));
		socket.on('close', () => this.#close('closed'));
		socket.on('end', () => this.#close('ended'));
	}

	/** @returns the head of the answer when that is complete */
	ask(request: string): Promise<string> {
		this.#requests += 1;
		return new Promise((resolve, reject) => {
			this.#waiting = { resolve, reject };
			if (this.isClosed) this.#close('closed');
			else this.#socket.write(request);
		});
	}

	end(): void {
		this.#socket.destroy();
	}

	#receive(text: string): void {
		this.#received += text;
		const end = this.#received.indexOf('\r\n\r\n');
		if (end === -1) return;
		const head = this.#received.slice(0, end);
		const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
		const isComplete =
			length === undefined
				? this.#received.endsWith('0\r\n\r\n')
				: this.#received.length >= end + 4 + Number(length);
		if (!isComplete) return;
		this.#received = '';
		const waiting = this.#waiting;
		this.#waiting = undefined;
		waiting?.resolve(head);
	}

	#close(how: string): void {
		this.isClosed = true;
		const { length } = this.#received;
		this.#waiting?.reject(
			new Error(`request ${this.#requests} of a connection: ${how} after ${length} bytes`)
		);
		this.#waiting = undefined;
	}
}
