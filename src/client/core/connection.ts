import { Diagnosis, type Tried } from './diagnosis.ts';
import { Emitter } from './emitter.ts';
import { Heartbeat } from './heartbeat.ts';
import { Inbox } from './inbox.ts';
import { Outbox } from './outbox.ts';
import type { Page, PageEvents } from './page.ts';
import { checkClose, silent } from './reasons.ts';
import { isFinal, judge, restFor } from './retry.ts';
import { Transport } from './transport.ts';
import { anew, type ConnectionState } from './state.ts';
import type { AttemptEnd, ConnectionEvents, ConnectionOptions, UrlSource } from './types.ts';
import { nextUrl } from './url.ts';

type Events<In, Out> = ConnectionEvents<In, Out> & { state: undefined };

/** A socket that comes back, and what went over it. It does nothing before `open`, so it may be made on a server. */
export class Connection<In = unknown, Out = unknown> {
	readonly #page: Page;
	readonly #options: ConnectionOptions<In>;
	/** Milliseconds before the second attempt. */
	readonly #interval: number;
	readonly #events: Emitter<Events<In, Out>>;
	#url: UrlSource;
	#state: ConnectionState;
	#inbox: Inbox<In>;
	readonly #outbox: Outbox<Out>;
	#transport: Transport | undefined;
	#heartbeat: Heartbeat<Out> | undefined;
	#isWanted = false;
	readonly #diagnosis: Diagnosis;
	readonly #pageEvents: PageEvents;
	#unheed: (() => void) | undefined;
	/** Of the newest attempt. */
	#target: URL | undefined;

	constructor(page: Page, url: UrlSource, options: ConnectionOptions<In> = {}) {
		this.#page = page;
		this.#url = url;
		this.#options = options;
		this.#interval = options.reconnectInterval ?? 1000;
		this.#events = new Emitter(page.run);
		this.#inbox = new Inbox<In>(options, this.#events);
		this.#diagnosis = new Diagnosis(page);
		this.#pageEvents = {
			wake: () => this.#wake(),
			online: () => this.#wake({ isOnline: true }),
			doubt: () => this.#heartbeat?.ask(),
			hide: () => this.#transport && this.#leave(anew('reconnecting')),
			show: () => this.#start(),
			abort: () => this.close()
		};
		this.#outbox = new Outbox((data, value) => {
			const isSent = this.#transport?.send(data) ?? false;
			if (isSent) this.#heartbeat?.sent(value);
			return isSent;
		}, options.queue ?? 100);
		this.#state = anew((options.autoConnect ?? true) ? 'connecting' : 'closed');
	}

	get state(): ConnectionState {
		return this.#state;
	}

	/** Neither closed nor never opened: it may have failed, or had nothing to connect to. */
	get isWanted(): boolean {
		return this.#isWanted;
	}

	/** The newest messages, up to `history` of them; a new array with every message that is kept. */
	get messages(): readonly In[] {
		return this.#inbox.messages;
	}

	/** What has come from where it is. */
	get inbox(): Pick<Inbox<In>, 'last' | 'count'> {
		return this.#inbox;
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
		this.#set(anew('connecting'));
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
		this.#ignorePage();
		this.#leave(anew('closed'), { code, reason, isLast: true });
	}

	/** Leave the connection, if there is one, and make another at once. */
	reconnect(): void {
		this.#isWanted = true;
		this.#restart({ status: 'reconnecting', attempts: this.#state.attempts, error: undefined });
	}

	/** Connect somewhere else: messages from before are forgotten, and what was waiting is reported by `close`. */
	moveTo(url: UrlSource): void {
		this.#url = url;
		this.#target = undefined;
		this.#inbox.end();
		this.#inbox = new Inbox<In>(this.#options, this.#events);
		this.#diagnosis.forget();
		this.#leave(anew(this.#isWanted ? 'connecting' : 'closed'), { isLast: true });
		this.#start();
	}

	/** Unless it was closed, or started, by somebody who heard of it first. */
	#start(): void {
		if (this.#transport || this.#state.status === 'closed') return;
		if (this.#options.signal?.aborted) return this.close();
		this.#unheed ??= this.#page.listen(this.#pageEvents, this.#options.signal);
		const transport: Transport = new Transport({
			page: this.#page,
			url: async () => (this.#target = await nextUrl(this.#url, this.#page)),
			protocols: this.#options.protocols,
			interval: this.#interval,
			opened: () => this.#opened(transport),
			received: (data) => {
				if (!this.#heartbeat?.received(data)) this.#inbox.receive(data);
			},
			ended: (end) => this.#ended(transport, end)
		});
		this.#transport = transport;
	}

	/** The connection, or the attempt, is over: nothing follows but what `next` has in store. */
	#leave(
		state: ConnectionState,
		{ code = 1000, reason = '', isLast = false } = {},
		next?: Transport
	): void {
		const wasOpen = this.#state.status === 'open';
		if (!next) this.#transport?.stop(code, reason);
		this.#transport = next;
		const unconfirmed = this.#heartbeat?.end() ?? [];
		if (isLast) unconfirmed.push(...this.#outbox.drop());
		this.#set(state);
		if (!wasOpen && unconfirmed.length === 0) return;
		this.#events.emit('close', { code, reason, unconfirmed });
	}

	#restart(state: ConnectionState): void {
		this.#leave(state);
		this.#start();
	}

	#opened(transport: Transport): void {
		this.#heartbeat = new Heartbeat<Out>({
			send: (data) => transport.send(data),
			onSilent: () => {
				transport.stop();
				this.#ended(transport, { wasOpen: true, code: 1006, reason: '', cause: silent() });
				// Nothing follows where that was all.
				this.#restart(this.#state);
			}
		});
		this.#diagnosis.forget();
		this.#outbox.flush(() => {
			this.#set(anew('open'));
			this.#events.emit('open', undefined);
		});
	}

	/** @returns whether to try again */
	#ended(transport: Transport, end: AttemptEnd): boolean {
		const { code, reason, wasOpen, url, cause } = end;
		const { retries } = transport;
		const { error, isFatal, isOver } = judge(this.#diagnosis.explain(end), retries, this.#options);
		const attempts = this.#state.attempts + (wasOpen || !error ? 0 : 1);
		// Where attempts are used up, a network that comes back is a reason to begin anew.
		if (isFatal) this.#ignorePage();
		if (url && !wasOpen && !cause) void this.#diagnose({ ...end, url }, retries);
		if (error) transport.rest(restFor(error, retries, this.#interval));
		const state = { status: isOver ? 'closed' : 'reconnecting', attempts, error } as const;
		this.#leave(state, { code, reason, isLast: isFatal }, isOver ? undefined : transport);
		if (error && !wasOpen) this.#events.emit('error', error);
		return !isOver;
	}

	/** Why an attempt has failed, if plain requests can tell. */
	async #diagnose(attempt: Tried, retries: number): Promise<void> {
		const finding = await this.#diagnosis.ask(attempt);
		if (finding === undefined || !this.#isWanted) return;
		const { error, refrain } = finding;
		const { status, attempts } = this.#state;
		this.#transport?.rest(restFor(refrain, retries, this.#interval));
		if (!error) return;
		if (isFinal(error)) {
			// What is said of one URL says nothing of the next.
			if (this.#target?.href !== attempt.url.href) return;
			this.#ignorePage();
			this.#leave({ status: 'closed', attempts, error }, { isLast: true });
		} else if (status === 'reconnecting' || status === 'closed') {
			this.#set({ status, attempts, error });
		}
		this.#events.emit('error', error);
	}

	#set(state: ConnectionState): void {
		this.#state = state;
		this.#events.emit('state', undefined);
	}

	#ignorePage(): void {
		this.#unheed?.();
		this.#unheed = undefined;
	}

	/** Try at once, instead of after the delay. An attempt that began on another network may wait for ever. */
	#wake({ isOnline = false } = {}): void {
		const { isTrying = false, isResting = false, raw } = this.#transport ?? {};
		if (isTrying && (raw || !isOnline)) this.#heartbeat?.ask();
		else if (this.#state.status === 'closed') this.open();
		else if (!isResting) this.#restart(this.#state);
	}
}
