import { beat } from '../../shared/heartbeat.ts';
import { Diagnosis, type Tried } from './diagnosis.ts';
import { Exchange } from './exchange.ts';
import type { Page, PageEvents } from './page.ts';
import { checkClose, silence } from './reasons.ts';
import { isFinal, judge, restFor } from './retry.ts';
import { Shown } from './shown.ts';
import { Succession } from './succession.ts';
import { Transport } from './transport.ts';
import { anew, type ConnectionState } from './state.ts';
import type { AttemptEnd, ConnectionOptions, RequestOptions, UrlSource } from './types.ts';
import { nextUrl } from './url.ts';

/** A socket that comes back, and what went over it. It does nothing before `open`, so it may be made on a server. */
export class Connection<In = unknown, Out = unknown> extends Shown<In, Out> {
	readonly #page: Page;
	#url: UrlSource;
	readonly #held = new Succession<Transport<Out>>();
	readonly #exchange: Exchange<Out>;
	#isWanted = false;
	readonly #diagnosis: Diagnosis;
	readonly #pageEvents: PageEvents = {
		wake: () => this.#wake(),
		online: () => this.#wake({ isOnline: true }),
		doubt: () => this.#held.line?.ask(),
		hide: () => this.#held.current && this.#leave(anew('reconnecting')),
		show: () => this.#start(),
		abort: () => this.close()
	};
	#unheed: (() => void) | undefined;
	/** Of the newest attempt. */
	#target: URL | undefined;

	constructor(page: Page, url: UrlSource, options: ConnectionOptions<In> = {}) {
		super(page, options);
		this.#page = page;
		this.#url = url;
		this.#diagnosis = new Diagnosis(page);
		this.#exchange = new Exchange<Out>({
			options,
			run: page.run,
			held: this.#held,
			receive: (data) => this.receive(data),
			show: (view) => this.show(view),
			tell: (type, event) => this.events.emit(type, event)
		});
	}

	/** Neither closed nor never opened: it may have failed, or had nothing to connect to. */
	get isWanted(): boolean {
		return this.#isWanted;
	}

	/** The browser's own socket, while it is open. */
	get socket(): WebSocket | undefined {
		return this.#held.current?.raw;
	}

	/** Connect, unless that is what it does already. */
	open(): void {
		this.#isWanted = true;
		if (this.#held.current) return;
		this.set(anew('connecting'));
		this.#start();
	}

	/**
	 * Send now, or as soon as there is a connection. Strings and binary data go as they are, anything else as JSON.
	 * @returns false if it was refused: the connection is closed, or as many messages as may wait are waiting
	 * @throws {AdapterError} `bad_value` for what cannot be sent
	 */
	send(value: Out): boolean {
		return this.state.status !== 'closed' && this.#exchange.outbox.send(value);
	}

	/**
	 * Send, and wait for what the server's `message` returns. It may wait for a connection, like what `send` sends.
	 * @throws {ConnectionError} `failed`, `timeout` or `closed`; the reason of the signal; `bad_value` for what cannot be sent
	 */
	request<Answer = unknown>(value: Out, options: RequestOptions = {}): Promise<Answer> {
		return this.#exchange.request(value, options, this.state.status === 'closed');
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
		this.#exchange.tell('moved');
		this.#leave(anew(this.#isWanted ? 'connecting' : 'closed'), { isLast: true });
		this.#start();
	}

	/** Unless it was closed, or started, by somebody who heard of it first. */
	#start(): void {
		if (this.#held.current || this.state.status === 'closed') return;
		if (this.options.signal?.aborted) return this.close();
		this.#unheed ??= this.#page.listen(this.#pageEvents, this.options.signal);
		this.#held.current = this.#connect();
	}

	#connect(): Transport<Out> {
		const transport: Transport<Out> = new Transport<Out>({
			page: this.#page,
			url: async () => (this.#target = await nextUrl(this.#url, this.#page)),
			protocols: this.options.protocols,
			interval: this.options.reconnectInterval,
			exchange: this.#exchange,
			opened: () => this.#opened(transport),
			ended: (end) => this.#ended(transport, end),
			onSilent: () => {
				transport.stop();
				if (this.#ended(transport, silence())) this.#restart(this.state);
			},
			onNotice: (delay) => {
				transport.rest(delay);
				if (transport === this.#held.current) this.#held.next ??= this.#connect();
			},
			// Nothing is lost there any more.
			onConfirmed: (line) => {
				if (this.#held.holds(transport) || this.#exchange.isAwaiting(line)) return;
				this.#exchange.tell('ended', line);
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
		const line = this.#held.line;
		const unconfirmed = line?.end() ?? [];
		this.#exchange.tell('ended', line);
		if (isLast) this.#exchange.tell('closed');
		this.#held.settle(line);
		if (!next) this.#held.current?.stop(code, reason);
		if (next !== this.#held.next) this.#held.next?.stop();
		this.#held.next = undefined;
		this.#held.current = next;
		if (isLast) unconfirmed.push(...this.#exchange.outbox.drop());
		this.set(state);
		if (!wasOpen && unconfirmed.length === 0) return;
		this.events.emit('close', { code, reason, unconfirmed });
	}

	#restart(state: ConnectionState): void {
		this.#leave(state);
		this.#start();
	}

	#opened(transport: Transport<Out>): void {
		this.#held.take(transport);
		this.#diagnosis.forget();
		this.#exchange.outbox.flush(() => {
			this.set(anew('open'));
			this.events.emit('open', undefined);
		});
	}

	/** The end of what was to take the place of the connection, or has left its own to another one. */
	#passed(transport: Transport<Out>, { code, reason }: AttemptEnd): false {
		const line = transport.heartbeat;
		const unconfirmed = line?.end();
		this.#exchange.tell('ended', line);
		if (transport === this.#held.next) {
			this.#held.next = undefined;
			// The server need not wait.
			this.#held.current?.send(`${beat}-1`);
		} else if (unconfirmed?.length) {
			this.events.emit('close', { code, reason, unconfirmed });
		}
		return false;
	}

	/** @returns whether to try again */
	#ended(transport: Transport<Out>, end: AttemptEnd): boolean {
		if (transport !== this.#held.current) return this.#passed(transport, end);
		const { code, reason, wasOpen, url, cause } = end;
		const { retries } = transport;
		const { error, isFatal, isOver } = judge(this.#diagnosis.explain(end), retries, this.options);
		const attempts = this.state.attempts + (wasOpen || !error ? 0 : 1);
		// Where attempts are used up, a network that comes back is a reason to begin anew.
		if (isFatal) this.#ignorePage();
		if (url && !wasOpen && !cause) void this.#diagnose({ ...end, url }, retries);
		if (error) transport.rest(restFor(error, retries, this.options.reconnectInterval));
		const state = { status: isOver ? 'closed' : 'reconnecting', attempts, error } as const;
		const next = isOver ? undefined : (this.#held.next ?? transport);
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
		this.#held.current?.rest(restFor(refrain, retries, this.options.reconnectInterval));
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
		const { isTrying = false, isResting = false, raw } = this.#held.current ?? {};
		if (isTrying && (raw || !isOnline)) this.#held.line?.ask();
		else if (this.state.status === 'closed') this.open();
		else if (!isResting) this.#restart(this.state);
	}
}
