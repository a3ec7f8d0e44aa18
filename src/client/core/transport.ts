import ReconnectingWebSocket from 'partysocket/ws';
import { RunningAttempt } from './attempt.ts';
import type { SocketData } from './codec.ts';
import { Heartbeat, type HeartbeatEvents } from './heartbeat.ts';
import type { Page } from './page.ts';
import { unacceptable } from './reasons.ts';
import { delays } from './retry.ts';
import type { AttemptEnd, MaybePromise, Protocols, ProtocolsSource } from './types.ts';
import { isOwnHost, withHeartbeat } from './url.ts';

/** Milliseconds for one attempt, with all that is asked for: a little more than the server gives to `upgrade`. */
const patience = 12_000;

/** Milliseconds a connection has to last so that the next failure is the first again. */
const minUptime = 5000;

/** The longest that a timer takes, in milliseconds. */
const never = 2 ** 31 - 1;

export interface TransportOptions extends HeartbeatEvents {
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
export class Transport<Out> {
	/** Of the connection that is open, or was last. */
	heartbeat: Heartbeat<Out> | undefined;
	readonly #options: TransportOptions;
	readonly #socket: ReconnectingWebSocket;
	#isStopped = false;
	/** The attempt that has not ended yet. */
	#attempt: RunningAttempt | undefined;
	/** The same, from the moment that partysocket asks for the next. */
	#next: Promise<RunningAttempt> | undefined;
	/** Until then, on the clock of `performance`, there is no attempt. */
	#restsUntil = 0;
	#restTimer: ReturnType<typeof setTimeout> | undefined;

	constructor(options: TransportOptions) {
		this.#options = options;
		const socket = new ReconnectingWebSocket(
			() => this.#nextUrl(),
			() => this.#nextProtocols(),
			// It reads the delays anew each time.
			Object.assign(delays(options.interval), {
				// It would begin to count when everything has been asked for.
				connectionTimeout: never,
				minUptime,
				// On an error partysocket makes up a close with the code 1000, which has happened to no socket.
				shouldReconnectOnClose: ({ target, code, reason }: CloseEvent) =>
					this.#end(target === null ? 1006 : code, reason),
				WebSocket: new Proxy(options.page.WebSocket, {
					construct: (_, [url, protocols]: [string, Protocols]) => this.#create(url, protocols)
				})
			})
		);
		socket.binaryType = 'arraybuffer';
		socket.onopen = () => this.#opened();
		socket.onmessage = ({ data }) =>
			this.#isStopped || this.heartbeat?.received(data) || options.received(data);
		// For an attempt that came to no socket this is all there is.
		socket.onerror = () => this.#attempt && !this.#end(1006, '') && this.stop();
		this.#socket = socket;
	}

	/** The browser's own socket, while it is open. */
	get raw(): WebSocket | undefined {
		return this.#attempt?.wasOpen ? this.#attempt.socket : undefined;
	}

	/** An attempt is on its way, or has led to a connection. */
	get isTrying(): boolean {
		return this.#attempt !== undefined;
	}

	/** The next attempt waits until the server is to be bothered again. */
	get isResting(): boolean {
		return !this.isTrying && performance.now() < this.#restsUntil;
	}

	/** Attempts since the last connection that has lasted. */
	get retries(): number {
		return this.#socket.retryCount;
	}

	/** No further attempt for so many milliseconds. */
	rest(delay: number): void {
		this.#restsUntil = Math.max(this.#restsUntil, performance.now() + delay);
	}

	/** @returns false if there is no open connection */
	send(data: SocketData): boolean {
		return this.#socket.readyState === this.#socket.OPEN && this.#socket.send(data);
	}

	/** For good; nothing is told any more. */
	stop(code = 1000, reason = ''): void {
		this.#isStopped = true;
		this.#attempt?.end();
		this.#attempt = undefined;
		clearTimeout(this.#restTimer);
		this.#socket.close(code, reason);
	}

	async #nextUrl(): Promise<string> {
		const attempt = await (this.#next ??= this.#begin());
		const url = await attempt.ask(this.#options.url);
		if (url === undefined) throw new Error('There is no URL');
		attempt.url = url;
		return isOwnHost(url, this.#options.page.url) ? withHeartbeat(url) : url.href;
	}

	async #nextProtocols(): Promise<string | string[] | null> {
		const attempt = await (this.#next ??= this.#begin());
		const { protocols } = this.#options;
		attempt.protocols = await attempt.ask(
			typeof protocols === 'function' ? protocols : () => protocols
		);
		return attempt.protocols ?? null;
	}

	/** Once the server may be bothered again. */
	async #begin(): Promise<RunningAttempt> {
		// A server may ask for more rest in the meantime.
		for (let rest = this.#rest(); rest > 0; rest = this.#rest()) {
			await new Promise((resolve) => (this.#restTimer = setTimeout(resolve, rest)));
		}
		if (this.#isStopped) throw new Error('There is no URL');
		return (this.#attempt = new RunningAttempt(patience));
	}

	#rest(): number {
		return this.#restsUntil - performance.now();
	}

	#create(url: string, protocols: Protocols): WebSocket {
		const Kind = this.#options.page.WebSocket;
		const attempt = this.#attempt;
		try {
			const socket = protocols ? new Kind(url, protocols) : new Kind(url);
			if (attempt) attempt.socket = socket;
			return socket;
		} catch (error) {
			if (attempt) attempt.cause = unacceptable(url, protocols, error);
			throw error;
		}
	}

	#opened(): void {
		if (this.#isStopped || this.#attempt === undefined) return;
		this.#attempt.opened();
		this.heartbeat = new Heartbeat((data) => this.send(data), this.#options);
		this.#options.opened();
	}

	#end(code: number, reason: string): boolean {
		const attempt = this.#attempt;
		if (this.#isStopped || attempt === undefined) return !this.#isStopped;
		attempt.end();
		this.#attempt = undefined;
		this.#next = undefined;
		const { url, wasOpen, protocols, cause } = attempt;
		return this.#options.ended({ url, wasOpen, protocols, cause, code, reason });
	}
}
