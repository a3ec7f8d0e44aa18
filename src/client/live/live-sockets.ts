import { maxLiveQueries } from '../../shared/live.ts';
import type { CookieChanges } from './cookie-changes.ts';
import type { LiveAnswer } from './live-answer.ts';
import type { LivePage } from './live-page.ts';
import type { LiveQuery } from './live-query.ts';
import { LiveSocket } from './live-socket.ts';

/** Milliseconds after the beginning of its handshake in which a socket takes new queries. */
const freshness = 5000;

/** Milliseconds that a query waits for a socket. */
export const patience = 1000;

/** Milliseconds without another attempt after one that has failed: these, and twice as many each time, up to so many. */
const shortestRest = 10_000;
const longestRest = 300_000;

/** A socket, and who was asking when its handshake began. */
interface Held {
	readonly socket: LiveSocket;
	readonly since: number;
	readonly changes: number;
	readonly cookies: string;
	/** Queries that wait until it is open. */
	waiting: number;
	hasFailed: boolean;
	/** Closes it when it takes no new queries, and has none. */
	timer: ReturnType<typeof setTimeout> | undefined;
}

/**
 * Which socket takes a query. The server believes the cookies of the handshake: so that nobody is answered as somebody else, a
 * socket takes queries only for a short while, and only as long as nothing may have changed the cookies.
 */
export class LiveSockets {
	readonly #page: LivePage;
	readonly #changes: CookieChanges;
	/** The one that may take more. */
	#current: Held | undefined;
	#failures = 0;
	#restUntil = -Infinity;

	constructor(page: LivePage, changes: CookieChanges) {
		this.#page = page;
		this.#changes = changes;
	}

	/** @returns undefined if there is no socket soon for a query that begins now, or nobody wants the answer any more */
	async ask(query: LiveQuery): Promise<LiveAnswer | undefined> {
		const held = this.#usable() ?? this.#create();
		if (held === undefined) return undefined;
		const { socket } = held;
		if (socket.state === 'open') return socket.ask(query);
		held.waiting += 1;
		const { signal } = query;
		const isOpen = await inTime(socket.opened, signal);
		held.waiting -= 1;
		if (isOpen && !signal?.aborted) return socket.ask(query);
		if (isOpen === undefined && !signal?.aborted) this.#rest(held);
		if (held !== this.#current) closeIfIdle(held);
		return undefined;
	}

	/** Something has changed: there may be sockets again. */
	readonly retry = (): void => {
		this.#restUntil = -Infinity;
	};

	/** No query that is still to come may use what is there; what is not used is closed. */
	readonly retire = (): void => {
		const held = this.#current;
		this.#current = undefined;
		if (held) closeIfIdle(held);
	};

	#usable(): Held | undefined {
		const held = this.#current;
		if (held === undefined) return undefined;
		const { socket, since, changes, cookies, waiting } = held;
		const isSame =
			socket.state !== 'ended' &&
			socket.size + waiting < maxLiveQueries &&
			this.#page.now() - since < freshness &&
			changes === this.#changes.count &&
			cookies === this.#page.cookies;
		// While one is slow to open, nobody else waits for it.
		if (isSame) return socket.state === 'open' || !this.#isResting ? held : undefined;
		this.retire();
		return undefined;
	}

	get #isResting(): boolean {
		return this.#page.now() < this.#restUntil;
	}

	#create(): Held | undefined {
		if (this.#isResting) return undefined;
		let held: Held | undefined;
		try {
			const socket = new LiveSocket(this.#page, {
				opened: () => {
					this.#failures = 0;
					this.retry();
				},
				failed: () => held && this.#rest(held),
				idle: () => {
					if (held && held !== this.#current) closeIfIdle(held);
				}
			});
			const { cookies } = this.#page;
			held = {
				socket,
				since: this.#page.now(),
				changes: this.#changes.count,
				cookies,
				waiting: 0,
				hasFailed: false,
				timer: undefined
			};
			this.#current = held;
			this.#retireLater(held);
			return held;
		} catch {
			this.#rest({ hasFailed: false });
			return undefined;
		}
	}

	#retireLater(held: Held): void {
		held.timer = setTimeout(() => {
			if (this.#current === held) this.retire();
		}, freshness);
	}

	/** It is not there, or not in time, which counts once. */
	#rest(held: { hasFailed: boolean }): void {
		if (held.hasFailed) return;
		held.hasFailed = true;
		const rest = Math.min(shortestRest * 2 ** this.#failures, longestRest);
		this.#failures += 1;
		this.#restUntil = this.#page.now() + rest;
	}
}

function closeIfIdle({ socket, waiting, timer }: Held): void {
	if (socket.size + waiting > 0) return;
	clearTimeout(timer);
	if (socket.state !== 'ended') socket.close();
}

/** @returns undefined if it is not known in time, or nobody wants to know any more */
async function inTime(
	opened: Promise<boolean>,
	signal: AbortSignal | undefined
): Promise<boolean | undefined> {
	let late = () => {};
	const isLate = new Promise<undefined>((resolve) => (late = () => resolve(undefined)));
	const timer = setTimeout(late, patience);
	signal?.addEventListener('abort', late);
	try {
		return await Promise.race([opened, isLate]);
	} finally {
		clearTimeout(timer);
		signal?.removeEventListener('abort', late);
	}
}
