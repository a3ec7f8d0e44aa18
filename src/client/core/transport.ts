import ReconnectingWebSocket from 'partysocket/ws';
import type { SocketData } from './codec.ts';
import type { Page } from './page.ts';
import { delays } from './retry.ts';
import type { Attempt, AttemptEnd, MaybePromise, ProtocolsSource } from './types.ts';
import { isOwnHost, withHeartbeat } from './url.ts';

/** Milliseconds for one attempt: a little more than the server gives to `upgrade`. */
const connectionTimeout = 12_000;

/** Milliseconds a connection has to last so that the next failure is the first again. */
const minUptime = 5000;

export interface TransportOptions {
	page: Page;
	/** Asked before every attempt. Without one the attempt ends. */
	url: () => MaybePromise<URL | undefined>;
	protocols: ProtocolsSource | undefined;
	/** Milliseconds before the second attempt. */
	interval: number;
	opened(): void;
	received(data: unknown): void;
	/** @returns whether to try again */
	ended(end: AttemptEnd): boolean;
}

/** partysocket, which tries again and again, with one end for each attempt. It starts at once. */
export class Transport {
	readonly #options: TransportOptions;
	readonly #socket: ReconnectingWebSocket;
	#raw: WebSocket | undefined;
	#isStopped = false;
	/** The attempt that has not ended yet. */
	#attempt: Attempt | undefined;

	constructor(options: TransportOptions) {
		this.#options = options;
		const socket = new ReconnectingWebSocket(
			() => this.#nextUrl(),
			() => this.#nextProtocols(),
			// It reads the delays anew each time.
			Object.assign(delays(options.interval), {
				connectionTimeout,
				minUptime,
				// On an error partysocket makes up a close with the code 1000, which has happened to no socket.
				shouldReconnectOnClose: ({ target, code, reason }: CloseEvent) =>
					this.#end(target === null ? 1006 : code, reason),
				WebSocket: options.page.WebSocket
			})
		);
		socket.binaryType = 'arraybuffer';
		socket.onopen = ({ target }) => this.#opened(target as WebSocket);
		socket.onmessage = ({ data }) => this.#isStopped || options.received(data);
		// For an attempt that came to no socket this is all there is.
		socket.onerror = () => this.#attempt && !this.#end(1006, '') && this.stop();
		this.#socket = socket;
	}

	/** The browser's own socket, while it is open. */
	get raw(): WebSocket | undefined {
		return this.#raw;
	}

	/** An attempt is on its way, or has led to a connection. */
	get isTrying(): boolean {
		return this.#attempt !== undefined;
	}

	/** Attempts since the last connection that has lasted. */
	get retries(): number {
		return this.#socket.retryCount;
	}

	/** @returns false if there is no open connection */
	send(data: SocketData): boolean {
		return this.#socket.readyState === this.#socket.OPEN && this.#socket.send(data);
	}

	/** For good; nothing is told any more. */
	stop(code = 1000, reason = ''): void {
		this.#isStopped = true;
		this.#attempt = undefined;
		this.#raw = undefined;
		this.#socket.close(code, reason);
	}

	async #nextUrl(): Promise<string> {
		const url = await this.#ask(this.#options.url);
		if (url === undefined) throw new Error('There is no URL');
		if (this.#attempt) this.#attempt.url = url;
		return isOwnHost(url, this.#options.page.url) ? withHeartbeat(url) : url.href;
	}

	async #nextProtocols(): Promise<string | string[] | null> {
		const { protocols = null } = this.#options;
		const offered = await this.#ask(typeof protocols === 'function' ? protocols : () => protocols);
		if (this.#attempt) this.#attempt.protocols = offered;
		return offered;
	}

	/** What is asked for is part of an attempt. */
	async #ask<T>(question: () => MaybePromise<T>): Promise<T> {
		if (this.#isStopped) throw new Error('There is no URL');
		const attempt = (this.#attempt ??= { wasOpen: false });
		try {
			return await question();
		} catch (error) {
			throw (attempt.cause = error ?? new Error());
		}
	}

	#opened(raw: WebSocket): void {
		if (this.#isStopped || this.#attempt === undefined) return;
		this.#raw = raw;
		this.#attempt.wasOpen = true;
		this.#options.opened();
	}

	#end(code: number, reason: string): boolean {
		const attempt = this.#attempt;
		if (this.#isStopped || attempt === undefined) return !this.#isStopped;
		this.#attempt = undefined;
		this.#raw = undefined;
		return this.#options.ended({ ...attempt, code, reason });
	}
}
