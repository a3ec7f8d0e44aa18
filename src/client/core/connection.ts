import { Emitter } from './emitter.ts';
import { ConnectionError } from './errors.ts';
import { Heartbeat } from './heartbeat.ts';
import { Inbox } from './inbox.ts';
import { Outbox } from './outbox.ts';
import type { Page } from './page.ts';
import { PageWatch } from './page-watch.ts';
import { Probe } from './probe.ts';
import { checkClose, reasonOf, refused, silent } from './reasons.ts';
import { isFinal, isFinalStatus } from './retry.ts';
import { Transport, type AttemptEnd } from './transport.ts';
import type { ConnectionEvents, ConnectionOptions, ConnectionState, UrlSource } from './types.ts';
import { nextUrl } from './url.ts';

/** Everything that may be listened to. */
type Events<In, Out> = ConnectionEvents<In, Out> & { state: undefined };

/** A socket that comes back, and what went over it. It does nothing before `open`, so it may be made on a server. */
export class Connection<In = unknown, Out = unknown> {
	readonly #page: Page;
	readonly #options: ConnectionOptions<In>;
	readonly #events = new Emitter<Events<In, Out>>();
	#url: UrlSource;
	#state: ConnectionState;
	#inbox: Inbox<In>;
	readonly #outbox: Outbox<Out>;
	readonly #probe: Probe;
	#transport: Transport | undefined;
	#heartbeat: Heartbeat<Out> | undefined;
	readonly #watch: PageWatch;
	#isWanted = false;

	constructor(page: Page, url: UrlSource, options: ConnectionOptions<In> = {}) {
		this.#page = page;
		this.#url = url;
		this.#options = options;
		this.#inbox = this.#createInbox();
		this.#probe = new Probe(page);
		this.#outbox = new Outbox((data, value) => {
			const isSent = this.#transport?.send(data) ?? false;
			if (isSent) this.#heartbeat?.sent(value);
			return isSent;
		}, options.queue ?? 100);
		this.#watch = new PageWatch(page, options.signal, {
			wake: () => this.#wake(),
			doubt: () => this.#heartbeat?.ask(),
			hide: () => {
				if (this.#transport) this.#leave({ status: 'reconnecting', attempts: 0, error: undefined });
			},
			show: () => this.#start(),
			abort: () => this.close()
		});
		const status = (options.autoConnect ?? true) ? 'connecting' : 'closed';
		this.#state = { status, attempts: 0, error: undefined };
	}

	get state(): ConnectionState {
		return this.#state;
	}

	/** Neither closed nor never opened: it may have failed, or had nothing to connect to. */
	get isWanted(): boolean {
		return this.#isWanted;
	}

	/** The newest messages, up to `history` of them; a new array with every message. */
	get messages(): readonly In[] {
		return this.#inbox.messages;
	}

	/** The newest message, kept or not. */
	get last(): In | undefined {
		return this.#inbox.last;
	}

	/** The browser's own socket, while it is open. */
	get socket(): WebSocket | undefined {
		return this.#transport?.raw;
	}

	/** @returns stops it */
	on<Type extends keyof Events<In, Out>>(
		type: Type,
		listener: (event: Events<In, Out>[Type]) => void
	): () => void {
		return this.#events.on(type, listener);
	}

	/** Connect, unless that is what it does already. */
	open(): void {
		this.#isWanted = true;
		if (this.#transport) return;
		this.#set({ status: 'connecting', attempts: 0, error: undefined });
		this.#start();
	}

	/**
	 * Send now, or as soon as there is a connection. Strings and binary data go as they are, anything else as JSON.
	 * @returns false if it was refused: the connection is closed, or as many messages as may wait are waiting
	 * @throws {AdapterError} `bad_value` for what cannot be sent
	 */
	send(value: Out): boolean {
		return this.#state.status !== 'closed' && this.#outbox.send(value);
	}

	/**
	 * Close for good, until `open` is called.
	 * @param code 1000, or 3000 to 4999. Default: 1000.
	 * @param reason up to 123 bytes
	 * @throws {AdapterError} `bad_value` for a code or a reason that browsers do not allow
	 */
	close(code = 1000, reason = ''): void {
		checkClose(code, reason);
		this.#isWanted = false;
		this.#watch.stop();
		const state = { status: 'closed', attempts: 0, error: undefined } as const;
		this.#leave(state, { code, reason, isLast: true });
	}

	/** Leave the connection, if there is one, and make another at once. */
	reconnect(): void {
		this.#isWanted = true;
		this.#restart(undefined);
	}

	/** Connect somewhere else: messages from before are forgotten, and what was waiting is reported by `close`. */
	moveTo(url: UrlSource): void {
		this.#url = url;
		this.#inbox = this.#createInbox();
		const status = this.#isWanted ? 'connecting' : 'closed';
		this.#leave({ status, attempts: 0, error: undefined }, { isLast: true });
		this.#start();
	}

	/** Unless it was closed, or started, by somebody who heard of it first. */
	#start(): void {
		if (this.#transport || this.#state.status === 'closed') return;
		if (this.#options.signal?.aborted) return this.close();
		this.#watch.start();
		const transport: Transport = new Transport({
			page: this.#page,
			url: () => nextUrl(this.#url, this.#page.url),
			protocols: this.#options.protocols,
			interval: this.#options.reconnectInterval ?? 1000,
			opened: () => this.#opened(transport),
			received: (data) => {
				if (!this.#heartbeat?.received(data)) this.#inbox.receive(data);
			},
			ended: (end) => this.#ended(transport, end)
		});
		this.#transport = transport;
	}

	/** End what there is, and try no more. */
	#leave(state: ConnectionState, { code = 1000, reason = '', isLast = false } = {}): void {
		const wasOpen = this.#state.status === 'open';
		this.#transport?.stop(code, reason);
		this.#transport = undefined;
		this.#probe.forget();
		const unconfirmed = this.#endHeartbeat();
		if (isLast) unconfirmed.push(...this.#outbox.drop());
		this.#set(state);
		const isNews = wasOpen || unconfirmed.length > 0;
		if (isNews) this.#events.emit('close', { code, reason, unconfirmed });
	}

	#restart(error: ConnectionError | undefined): void {
		this.#leave({ status: 'reconnecting', attempts: this.#state.attempts, error });
		this.#start();
	}

	#opened(transport: Transport): void {
		this.#heartbeat = new Heartbeat<Out>({
			send: (data) => transport.send(data),
			onSilent: () => this.#restart(silent())
		});
		this.#probe.forget();
		this.#set({ status: 'open', attempts: 0, error: undefined });
		this.#outbox.flush();
		this.#events.emit('open', undefined);
	}

	/** @returns whether to try again */
	#ended(transport: Transport, end: AttemptEnd): boolean {
		const { code, reason, wasOpen, url, cause } = end;
		const unconfirmed = this.#endHeartbeat();
		const error = reasonOf(end);
		const isExhausted = transport.retries >= (this.#options.maxReconnectAttempts ?? Infinity);
		// The URL is null: nothing has failed.
		const isIdle = !url && cause === undefined;
		const isFatal = isIdle || this.#options.reconnect === false || isFinal(error);
		const isOver = isFatal || isExhausted;
		const attempts = this.#state.attempts + (wasOpen || isIdle ? 0 : 1);
		if (isOver) this.#transport = undefined;
		// Where attempts are used up, a network that comes back is a reason to begin anew.
		if (isFatal) this.#watch.stop();
		this.#set({
			status: isOver ? 'closed' : 'reconnecting',
			attempts,
			error: isIdle ? undefined : error
		});
		if (wasOpen) this.#events.emit('close', { code, reason, unconfirmed });
		else if (!isIdle) this.#events.emit('error', error);
		if (url && !wasOpen) void this.#probe.ask(url, (status) => this.#refused(status, url));
		return !isOver;
	}

	/** The server would refuse every attempt. */
	#refused(status: number, url: URL): void {
		if (!this.#isWanted || !isFinalStatus(status)) return;
		const error = refused(status, url);
		this.#watch.stop();
		this.#leave({ status: 'closed', attempts: this.#state.attempts, error });
		this.#events.emit('error', error);
	}

	/** @returns what was sent and not confirmed */
	#endHeartbeat(): Out[] {
		const heartbeat = this.#heartbeat;
		this.#heartbeat = undefined;
		return heartbeat?.end() ?? [];
	}

	#createInbox(): Inbox<In> {
		const { parse, history = 100 } = this.#options;
		const inbox: Inbox<In> = new Inbox({
			parse,
			history,
			// A schema may take its time, and the connection may have moved.
			accepted: (message) => this.#inbox === inbox && this.#events.emit('message', message),
			// Somebody has to hear of it.
			refused: (error) => this.#events.emit('error', error) || console.error(error)
		});
		return inbox;
	}

	#set(state: ConnectionState): void {
		this.#state = state;
		this.#events.emit('state', undefined);
	}

	/** Try at once, instead of after the delay. */
	#wake(): void {
		if (this.#state.status === 'reconnecting') this.#restart(this.#state.error);
		else if (this.#state.status === 'closed') this.open();
		else this.#heartbeat?.ask();
	}
}
