import { RunningAttempt } from './attempt.ts';
import type { SocketData } from './codec.ts';
import type { Exchange } from './exchange.ts';
import { Heartbeat, type HeartbeatEvents } from './heartbeat.ts';
import type { Line } from './host.ts';
import type { Page } from './page.ts';
import { unacceptable } from './reasons.ts';
import { delayBefore } from './retry.ts';
import type { AttemptEnd, MaybePromise, ProtocolsSource } from './types.ts';
import { isOwnHost, withProtocol } from './url.ts';

/** Milliseconds for one attempt, with all that is asked for: a little more than the server gives to `upgrade`. */
const patience = 12_000;

/** Milliseconds a connection has to last so that the next failure is the first again. */
const minUptime = 5000;

export interface TransportOptions<Out> extends Omit<HeartbeatEvents, 'onKnown'> {
	page: Page;
	exchange: Exchange<Out>;
	/** Asked before every attempt. Without one the attempt ends. */
	url: () => MaybePromise<URL | undefined>;
	protocols: ProtocolsSource | undefined;
	/** Milliseconds before the second attempt. */
	interval: number | undefined;
	/** It can be used. */
	opened(): void;
	/** @returns whether to try again */
	ended(end: AttemptEnd): boolean;
}

/** One connection after the other: it tries again and again, with one end for each attempt, and starts at once. */
export class Transport<Out> {
	/** Of the connection that is open, or was last. */
	heartbeat: Heartbeat<Out> | undefined;
	/** Attempts since the last connection that has lasted. */
	retries = 0;
	readonly #options: TransportOptions<Out>;
	#isStopped = false;
	/** The attempt that has not ended yet. */
	#attempt: RunningAttempt | undefined;
	/** Until then, on the clock of `performance`, there is no attempt. */
	#restsUntil = 0;
	/** What is waited for: the next attempt, or that a connection has lasted. */
	#timer: ReturnType<typeof setTimeout> | undefined;
	/** The server is on the page's own host. */
	#isOwn = false;
	/** It is to hear first what the page has received before. */
	#isResuming = false;

	constructor(options: TransportOptions<Out>) {
		this.#options = options;
		this.#tryIn(0);
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
		return !this.isTrying && this.#rest > 0;
	}

	/** No further attempt for so many milliseconds. */
	rest(delay: number): void {
		this.#restsUntil = Math.max(this.#restsUntil, performance.now() + delay);
	}

	/** @returns false if there is no open connection */
	send(data: SocketData): boolean {
		const { raw } = this;
		if (raw?.readyState !== 1) return false;
		raw.send(data);
		return true;
	}

	/** For good; nothing is told any more. */
	stop(code = 1000, reason = ''): void {
		const attempt = this.#attempt;
		this.#isStopped = true;
		this.#attempt = undefined;
		clearTimeout(this.#timer);
		attempt?.end();
		attempt?.socket?.close(code, reason);
	}

	get #rest(): number {
		return this.#restsUntil - performance.now();
	}

	#tryIn(delay: number): void {
		this.#timer = setTimeout(() => {
			// A server may ask for more rest in the meantime.
			if (this.#rest > 0) this.#tryIn(this.#rest);
			else void this.#try();
		}, delay);
	}

	async #try(): Promise<void> {
		const attempt = new RunningAttempt(patience, () => this.#end(attempt, 1006));
		this.#attempt = attempt;
		const { protocols } = this.#options;
		try {
			const [url] = await Promise.all([
				attempt.ask(() => this.#nextUrl(attempt)),
				attempt
					.ask(typeof protocols === 'function' ? protocols : () => protocols)
					.then((offered) => {
						attempt.protocols = offered;
					})
			]);
			if (attempt === this.#attempt && url !== undefined) return this.#connect(attempt, url);
		} catch {
			// The attempt knows why.
		}
		this.#end(attempt, 1006);
	}

	async #nextUrl(attempt: RunningAttempt): Promise<string | undefined> {
		const { url: next, page, exchange } = this.#options;
		const url = await next();
		if (url === undefined) return undefined;
		attempt.url = url;
		this.#isOwn = isOwnHost(url, page.url);
		this.#isResuming = this.#isOwn && (await exchange.resumes());
		return this.#isOwn ? withProtocol(url, exchange.name, this.#isResuming) : url.href;
	}

	#connect(attempt: RunningAttempt, url: string): void {
		const Kind = this.#options.page.WebSocket;
		const { protocols } = attempt;
		try {
			attempt.socket = protocols ? new Kind(url, protocols) : new Kind(url);
		} catch (error) {
			attempt.cause = unacceptable(url, protocols, error);
			return this.#end(attempt, 1006);
		}
		const { socket } = attempt;
		socket.binaryType = 'arraybuffer';
		socket.addEventListener('open', () => this.#opened(attempt));
		socket.addEventListener('message', ({ data }) => this.#received(attempt, data));
		socket.addEventListener('close', ({ code, reason }) => this.#end(attempt, code, reason));
		socket.addEventListener('error', () => this.#end(attempt, 1006));
	}

	#opened(attempt: RunningAttempt): void {
		if (attempt !== this.#attempt) return;
		attempt.opened();
		this.#timer = setTimeout(() => (this.retries = 0), minUptime);
		const onKnown = (line: Line) => this.#known(line);
		const send = (data: SocketData) => this.send(data);
		this.heartbeat = new Heartbeat(send, { ...this.#options, onKnown }, this.#isOwn);
		if (!this.#isResuming) this.#ready();
	}

	#known(line: Line): void {
		const { exchange } = this.#options;
		if (this.#isResuming) {
			if (line.isFramed) line.send(exchange.resume());
			this.#ready();
		}
		exchange.known(line);
	}

	#ready(): void {
		if (this.heartbeat) this.heartbeat.isReady = true;
		this.#options.opened();
	}

	#received(attempt: RunningAttempt, data: unknown): void {
		const { heartbeat } = this;
		if (attempt !== this.#attempt || !heartbeat || heartbeat.received(data)) return;
		this.#options.exchange.received(heartbeat, data);
	}

	#end(attempt: RunningAttempt, code: number, reason = ''): void {
		if (attempt !== this.#attempt) return;
		this.#attempt = undefined;
		clearTimeout(this.#timer);
		attempt.end();
		const { url, wasOpen, protocols, cause, socket } = attempt;
		// Of one that has failed nothing more is to come.
		socket?.close();
		const isOver = !this.#options.ended({ url, wasOpen, protocols, cause, code, reason });
		if (isOver || this.#isStopped) return this.stop();
		this.retries += 1;
		this.#tryIn(delayBefore(this.retries, this.#options.interval));
	}
}
