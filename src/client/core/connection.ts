import { beat } from '../../shared/heartbeat.ts';
import { Diagnosis, type Tried } from './diagnosis.ts';
import { Outbox } from './outbox.ts';
import type { Page, PageEvents } from './page.ts';
import { checkClose, silent } from './reasons.ts';
import { isFinal, judge, restFor } from './retry.ts';
import { Shown } from './shown.ts';
import { Transport } from './transport.ts';
import { anew, type ConnectionState } from './state.ts';
import type { AttemptEnd, ConnectionOptions, UrlSource } from './types.ts';
import { nextUrl } from './url.ts';

/** A socket that comes back, and what went over it. It does nothing before `open`, so it may be made on a server. */
export class Connection<In = unknown, Out = unknown> extends Shown<In, Out> {
	readonly #page: Page;
	/** Milliseconds before the second attempt. */
	readonly #interval: number;
	#url: UrlSource;
	readonly #outbox: Outbox<Out>;
	#transport: Transport<Out> | undefined;
	/** What takes its place as soon as it is open. */
	#next: Transport<Out> | undefined;
	#isWanted = false;
	readonly #diagnosis: Diagnosis;
	readonly #pageEvents: PageEvents;
	#unheed: (() => void) | undefined;
	/** Of the newest attempt. */
	#target: URL | undefined;

	constructor(page: Page, url: UrlSource, options: ConnectionOptions<In> = {}) {
		super(page, options);
		this.#page = page;
		this.#url = url;
		this.#interval = options.reconnectInterval ?? 1000;
		this.#diagnosis = new Diagnosis(page);
		this.#pageEvents = {
			wake: () => this.#wake(),
			online: () => this.#wake({ isOnline: true }),
			doubt: () => this.#transport?.heartbeat?.ask(),
			hide: () => this.#transport && this.#leave(anew('reconnecting')),
			show: () => this.#start(),
			abort: () => this.close()
		};
		this.#outbox = new Outbox((data, value) => {
			const isSent = this.#transport?.send(data) ?? false;
			if (isSent) this.#transport?.heartbeat?.sent(value);
			return isSent;
		}, options.queue ?? 100);
	}

	/** Neither closed nor never opened: it may have failed, or had nothing to connect to. */
	get isWanted(): boolean {
		return this.#isWanted;
	}

	/** The browser's own socket, while it is open. */
	get socket(): WebSocket | undefined {
		return this.#transport?.raw;
	}

	/** Connect, unless that is what it does already. */
	open(): void {
		this.#isWanted = true;
		if (this.#transport) return;
		this.set(anew('connecting'));
		this.#start();
	}

	/**
	 * Send now, or as soon as there is a connection. Strings and binary data go as they are, anything else as JSON.
	 * @returns false if it was refused: the connection is closed, or as many messages as may wait are waiting
	 * @throws {AdapterError} `bad_value` for what cannot be sent
	 */
	send(value: Out): boolean {
		return this.state.status !== 'closed' && this.#outbox.send(value);
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
		this.#restart({ status: 'reconnecting', attempts: this.state.attempts, error: undefined });
	}

	/** Connect somewhere else: messages from before are forgotten, and what was waiting is reported by `close`. */
	moveTo(url: UrlSource): void {
		this.#url = url;
		this.#target = undefined;
		this.forget();
		this.#diagnosis.forget();
		this.#leave(anew(this.#isWanted ? 'connecting' : 'closed'), { isLast: true });
		this.#start();
	}

	/** Unless it was closed, or started, by somebody who heard of it first. */
	#start(): void {
		if (this.#transport || this.state.status === 'closed') return;
		if (this.options.signal?.aborted) return this.close();
		this.#unheed ??= this.#page.listen(this.#pageEvents, this.options.signal);
		this.#transport = this.#connect();
	}

	#connect(): Transport<Out> {
		const transport: Transport<Out> = new Transport<Out>({
			page: this.#page,
			url: async () => (this.#target = await nextUrl(this.#url, this.#page)),
			protocols: this.options.protocols,
			interval: this.#interval,
			opened: () => this.#opened(transport),
			received: (data) => transport === this.#transport && this.receive(data),
			ended: (end) => this.#ended(transport, end),
			onSilent: () => {
				transport.stop();
				const end = { wasOpen: true, code: 1006, reason: '', cause: silent() };
				if (this.#ended(transport, end)) this.#restart(this.state);
			},
			onNotice: (delay) => {
				transport.rest(delay);
				if (transport === this.#transport) this.#next ??= this.#connect();
			},
			// Nothing is lost there any more.
			onConfirmed: () => {
				if (transport === this.#transport) return;
				transport.heartbeat?.end();
				transport.stop();
			}
		});
		return transport;
	}

	/** The connection, or the attempt, is over: nothing follows but what `next` has in store. */
	#leave(
		state: ConnectionState,
		{ code = 1000, reason = '', isLast = false } = {},
		next?: Transport<Out>
	): void {
		const wasOpen = this.state.status === 'open';
		const unconfirmed = this.#transport?.heartbeat?.end() ?? [];
		if (!next) this.#transport?.stop(code, reason);
		if (next !== this.#next) this.#next?.stop();
		this.#next = undefined;
		this.#transport = next;
		if (isLast) unconfirmed.push(...this.#outbox.drop());
		this.set(state);
		if (!wasOpen && unconfirmed.length === 0) return;
		this.events.emit('close', { code, reason, unconfirmed });
	}

	#restart(state: ConnectionState): void {
		this.#leave(state);
		this.#start();
	}

	#opened(transport: Transport<Out>): void {
		// What it takes the place of is left when all that was sent there has arrived.
		if (transport === this.#next) this.#transport?.heartbeat?.ask();
		this.#next = undefined;
		this.#transport = transport;
		this.#diagnosis.forget();
		this.#outbox.flush(() => {
			this.set(anew('open'));
			this.events.emit('open', undefined);
		});
	}

	/** The end of what was to take the place of the connection, or has left its own to another one. */
	#passed(transport: Transport<Out>, { code, reason }: AttemptEnd): false {
		const unconfirmed = transport.heartbeat?.end();
		if (transport === this.#next) {
			this.#next = undefined;
			// The server need not wait.
			this.#transport?.send(`${beat}-1`);
		} else if (unconfirmed?.length) {
			this.events.emit('close', { code, reason, unconfirmed });
		}
		return false;
	}

	/** @returns whether to try again */
	#ended(transport: Transport<Out>, end: AttemptEnd): boolean {
		if (transport !== this.#transport) return this.#passed(transport, end);
		const { code, reason, wasOpen, url, cause } = end;
		const { retries } = transport;
		const { error, isFatal, isOver } = judge(this.#diagnosis.explain(end), retries, this.options);
		const attempts = this.state.attempts + (wasOpen || !error ? 0 : 1);
		// Where attempts are used up, a network that comes back is a reason to begin anew.
		if (isFatal) this.#ignorePage();
		if (url && !wasOpen && !cause) void this.#diagnose({ ...end, url }, retries);
		if (error) transport.rest(restFor(error, retries, this.#interval));
		const state = { status: isOver ? 'closed' : 'reconnecting', attempts, error } as const;
		const next = isOver ? undefined : (this.#next ?? transport);
		this.#leave(state, { code, reason, isLast: isFatal }, next);
		if (error && !wasOpen) this.events.emit('error', error);
		return next === transport;
	}

	/** Why an attempt has failed, if plain requests can tell. */
	async #diagnose(attempt: Tried, retries: number): Promise<void> {
		const finding = await this.#diagnosis.ask(attempt);
		if (finding === undefined || !this.#isWanted) return;
		const { error, refrain } = finding;
		const { status, attempts } = this.state;
		this.#transport?.rest(restFor(refrain, retries, this.#interval));
		if (!error) return;
		if (isFinal(error)) {
			// What is said of one URL says nothing of the next.
			if (this.#target?.href !== attempt.url.href) return;
			this.#ignorePage();
			this.#leave({ status: 'closed', attempts, error }, { isLast: true });
		} else if (status === 'reconnecting' || status === 'closed') {
			this.set({ status, attempts, error });
		}
		this.events.emit('error', error);
	}

	#ignorePage(): void {
		this.#unheed?.();
		this.#unheed = undefined;
	}

	/** Try at once, instead of after the delay. An attempt that began on another network may wait for ever. */
	#wake({ isOnline = false } = {}): void {
		const { isTrying = false, isResting = false, raw } = this.#transport ?? {};
		if (isTrying && (raw || !isOnline)) this.#transport?.heartbeat?.ask();
		else if (this.state.status === 'closed') this.open();
		else if (!isResting) this.#restart(this.state);
	}
}
