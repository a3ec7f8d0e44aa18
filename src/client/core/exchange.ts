import {
	escape,
	fieldsOf,
	frame,
	isFrame,
	kinds,
	maxResume,
	positionSeparator
} from '../../shared/protocol.ts';
import { badMessage, decode, encode } from './codec.ts';
import { ConnectionError } from './errors.ts';
import type { Host, Line, LineEvent, Spoken } from './host.ts';
import { Outbox, type Waiting } from './outbox.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { RequestOptions } from './types.ts';

/** The connections that there are while one takes the place of another. */
interface Held<Out> {
	/** The newest. */
	readonly line: Heartbeat<Out> | undefined;
	/** It has not ended. */
	readonly isOpen: boolean;
	/** Whether what comes there is for the app. */
	hears(line: Line): boolean;
	/** Nothing more is to be heard of the one before this one. */
	settle(line: Line): void;
}

/** What it needs of its connection, besides what it knows itself. */
export interface ExchangeHost<Out> extends Pick<Host, 'options' | 'run' | 'show' | 'tell'> {
	held: Held<Out>;
	/** A message for the app. */
	receive(data: unknown): void;
}

/** All of the protocol, or as much as can be had. */
type Known = Pick<Spoken, 'received' | 'tell' | 'ask'> & Partial<Spoken>;

/**
 * What goes over connections, both ways, in order. Texts that are escaped are all that a page needs of the protocol which uses
 * nothing of it. The rest is loaded when the first frame of it comes, or the page asks for it; until then everything waits.
 */
export class Exchange<Out> {
	/** What this client calls itself: `clientPattern`. */
	readonly name = Math.random().toString(36).slice(2, 18).padEnd(8, '0');
	readonly outbox: Outbox<Out>;
	readonly #host: ExchangeHost<Out>;
	#spoken: Known | undefined;
	#loading: Promise<void> | undefined;
	#waiting: ((spoken: Known) => void)[] = [];

	constructor(host: ExchangeHost<Out>) {
		this.#host = host;
		const { held, options } = host;
		// Where there is a connection it is not for want of one that something waits.
		const limit = () => (held.isOpen && held.line?.isReady ? Infinity : (options.queue ?? 100));
		this.outbox = new Outbox((item) => this.#deliver(item), limit);
	}

	/** Send a request, or have it wait, and wait for its answer. */
	request<Answer>(value: Out, options: RequestOptions, isClosed: boolean): Promise<Answer> {
		return new Promise((resolve, reject) => {
			if (options.signal?.aborted) throw options.signal.reason;
			const data = encode(value);
			// What the server answers is what the app says that it is.
			const answer = resolve as (answer: unknown) => void;
			const ticket = { options, resolve: answer, reject, at: performance.now() };
			this.#with((spoken) => spoken.ask(ticket));
			if (isClosed || !this.outbox.send(value, data, ticket)) {
				this.#with((spoken) => spoken.refuse?.(ticket, isClosed));
			}
		});
	}

	received(line: Line, data: unknown): void {
		const { text, opened } = kinds;
		const isPlain =
			!line.isFramed || !isFrame(data) || [text, opened].includes(data[1] as typeof text);
		if (isPlain && !this.#loading) this.#receivePlainly(line, data);
		else this.#with((spoken) => spoken.received(line, data));
	}

	/** The server of the newest connection has said whether it knows of frames. */
	known(line: Line): void {
		this.tell('known', line);
		if (!line.isFramed) this.#host.held.settle(line);
		this.outbox.flush();
	}

	tell(event: LineEvent, line?: Line): void {
		if (this.#loading) this.#with((spoken) => spoken.tell(event, line));
	}

	/** Whether the next connection is to go on where the last one has ended. */
	async resumes(): Promise<boolean> {
		if (this.#host.options.since !== undefined) this.#load();
		await this.#loading;
		return this.#spoken?.resumes?.() ?? false;
	}

	/** Whether something is still to be answered there. */
	isAwaiting(line: Line): boolean {
		return this.#spoken?.isAwaiting?.(line) ?? false;
	}

	/** What tells the server where that was. */
	resume(): string {
		return this.#spoken?.resume?.() ?? '';
	}

	/** @returns whether it need not wait any more */
	#deliver({ data, value, ticket }: Waiting<Out>): boolean {
		const line = this.#host.held.line;
		const isKnown = line?.isFramed !== undefined;
		if (!line?.isReady || (!isKnown && (ticket || isFrame(data)))) return false;
		if (ticket) return this.#spoken?.deliver?.(line, ticket, data) ?? false;
		const isSent = line.send(line.isFramed && isFrame(data) ? escape(data) : data);
		if (isSent) line.sent(value);
		return isSent;
	}

	/** A message for the app, unless the connection was left. */
	#receive(line: Line, data: unknown): void {
		if (this.#host.held.hears(line)) this.#host.receive(data);
	}

	#receivePlainly(line: Line, data: unknown): void {
		const kind = line.isFramed && isFrame(data) ? data[1] : undefined;
		if (kind === undefined) this.#receive(line, data);
		else if (kind === kinds.text) this.#receive(line, String(data).slice(1));
		// What it belongs to cannot be told where the rest is missing.
		else if (kind === kinds.message) this.#receive(line, fieldsOf(String(data), 3)[2]);
		else if (kind === kinds.opened) {
			this.#host.held.settle(line);
			this.tell('opened', line);
		}
	}

	#with(matter: (spoken: Known) => void): void {
		if (this.#spoken) return matter(this.#spoken);
		this.#waiting.push(matter);
		this.#load();
	}

	#load(): void {
		const receivePlainly = this.#receivePlainly.bind(this);
		const host: Host = {
			...this.#host,
			tools: {
				ConnectionError,
				badMessage,
				decode,
				encode,
				fieldsOf,
				frame,
				isFrame,
				kinds,
				maxResume,
				positionSeparator
			},
			receivePlainly,
			receive: this.#receive.bind(this),
			hears: (line) => this.#host.held.hears(line),
			isCurrent: (line) => line === this.#host.held.line,
			flush: () => this.outbox.flush(),
			withdraw: (ticket) => this.outbox.withdraw(ticket)
		};
		this.#loading ??= import('./dialogue.ts')
			.then<Known, Known>(
				({ Dialogue }) => new Dialogue(host),
				(cause: unknown) => ({
					received: receivePlainly,
					ask(ticket) {
						ticket.reject(notLoaded(cause));
						host.withdraw(ticket);
					},
					// It was rejected already.
					deliver: () => true,
					tell: (event) => {
						if (event === 'ended') this.#spoken = this.#loading = undefined;
					}
				})
			)
			.then((spoken) => {
				this.#spoken = spoken;
				for (const matter of this.#waiting.splice(0)) matter(spoken);
				host.flush();
			});
	}
}

/** A deployment has replaced it, or the network is gone: it is tried again with the next connection. */
function notLoaded(cause: unknown): ConnectionError {
	return new ConnectionError('failed', {
		what: 'The code for requests could not be loaded',
		value: String(cause),
		todo: 'Reload the page.',
		cause
	});
}
