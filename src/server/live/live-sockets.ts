import { AsyncLocalStorage } from 'node:async_hooks';
import { cookiesHeader, livePath, liveProtocol, maxAsk } from '../../shared/live.ts';
import type { Processes } from '../bus/processes.ts';
import type { Exchange, SocketOptions, UpgradeExchange } from '../engine/engine.ts';
import { LiveCookies } from './live-cookies.ts';
import { headersOfQueries } from './live-headers.ts';
import { LiveSession } from './live-session.ts';

export interface LiveSocketsOptions {
	/** `paths.base` */
	base: string;
	/** Kit's `appDir` with the base. Neither begins nor ends with a slash. */
	appPath: string;
	/** Of all sockets of the engine. */
	limits: Pick<SocketOptions, 'maxPayload' | 'maxBackpressure'>;
	/** The app's answer to a request. Never rejects. */
	answer(exchange: Exchange): Promise<void>;
	/** Absent where this process is the only one. */
	processes?: Processes | undefined;
}

/** Answers of one socket whose cookies wait at the same time: a client that does not fetch them loses the oldest. */
const maxKeys = 64;

/** Bytes that an engine may hold back of one socket: more is of no use. */
const maxBuffered = 64 * 1024;

/** What a request is asked about itself. */
interface Asked {
	readonly method: string;
	readonly target: string;
	header(name: string): string | undefined;
}

/** The sockets that carry live queries. They are no peers: the app sees their queries, each as a request. */
export class LiveSockets {
	readonly #options: LiveSocketsOptions;
	readonly #path: string;
	readonly #prefix: string;
	readonly #cookies: LiveCookies;
	readonly #sessions = new Set<LiveSession>();
	/** A query runs in the context of no other, and not in that of whoever has made this. */
	readonly #outside = AsyncLocalStorage.snapshot();
	#arrivals = 0;

	constructor(options: LiveSocketsOptions) {
		this.#options = options;
		this.#path = encodeURI(options.base) + livePath;
		this.#prefix = encodeURI(`/${options.appPath}/remote/`);
		this.#cookies = new LiveCookies(options.processes);
	}

	get size(): number {
		return this.#sessions.size;
	}

	/** How many have ever come. */
	get arrivals(): number {
		return this.#arrivals;
	}

	/** Those that are to be told that the server leaves. */
	*open(): Iterable<{ close(code: number, reason: string): void }> {
		for (const session of this.#sessions) {
			if (session.isParting) continue;
			yield { close: (code, reason) => session.part(code, reason) };
		}
	}

	isAt(target: string): boolean {
		if (this.#options.limits.maxPayload < maxAsk) return false;
		return target === this.#path || target.startsWith(`${this.#path}?`);
	}

	/** Whether it is a handshake for one of these sockets. */
	isFor(exchange: Asked): boolean {
		if (!this.isAt(exchange.target)) return false;
		const offered = exchange.header('sec-websocket-protocol') ?? '';
		return offered.split(',').some((each) => each.trim() === liveProtocol);
	}

	/** Whether it is a request for cookies. */
	wantsCookies(asked: Asked): boolean {
		if (asked.method !== 'GET' || !this.isAt(asked.target)) return false;
		return asked.header(cookiesHeader) !== undefined;
	}

	/** Never rejects. */
	async giveCookies(exchange: Exchange): Promise<void> {
		const cookies = await this.#cookies.take(exchange.header(cookiesHeader) ?? '');
		const headers = (cookies ?? []).map((cookie): [string, string] => ['set-cookie', cookie]);
		const status = cookies ? 204 : 404;
		await exchange.send({ status, headers: [...headers, ['cache-control', 'no-store']] }, null);
	}

	/** Let a client in that offers the subprotocol. */
	accept(exchange: UpgradeExchange): void {
		const { address, headers, incoming } = exchange;
		const keys: string[] = [];
		const session: LiveSession = new LiveSession({
			client: { address, headers: headersOfQueries(headers), incoming },
			prefix: this.#prefix,
			maxBuffered: Math.min(maxBuffered, this.#options.limits.maxBackpressure / 2),
			answer: (query) => this.#outside(() => this.#options.answer(query)),
			keepCookies: (cookies) => this.#keep(cookies, keys),
			onClose: () => this.#sessions.delete(session)
		});
		this.#sessions.add(session);
		if (exchange.accept({ headers: [], protocol: liveProtocol }, session)) this.#arrivals += 1;
		else this.#sessions.delete(session);
	}

	/** @param keys that the socket has already */
	#keep(cookies: string[], keys: string[]): string {
		const key = this.#cookies.keep(cookies);
		keys.push(key);
		if (keys.length > maxKeys) this.#cookies.drop(keys.shift() ?? '');
		return key;
	}
}
