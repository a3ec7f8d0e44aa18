import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../log.ts';
import { printable } from '../printable.ts';
import type { Bus, BusMessage, BusOptions, BusState } from './bus.ts';
import { frameLength, pack, unpack } from './frames.ts';
import { Interest } from './interest.ts';
import type { TopicLog } from './topic-log.ts';
import type { Transport } from './transport.ts';

/** Milliseconds that a transport has to close, which has two seconds by contract: a shutdown waits for nobody. */
const patience = 1900;

/** Characters of a topic in the log. */
const shown = 100;

/** A bus over a transport: counts who is subscribed, gathers what is published in one turn, and knows its own frames. */
export class TopicBus implements Bus {
	readonly #transport: Transport;
	readonly #options: BusOptions;
	readonly #log: Log;
	readonly #interest: Interest;
	/** What was published in this turn, by topic. */
	#outgoing = new Map<string, BusMessage[]>();
	#state: BusState = 'reconnecting';
	/** Nobody was told of the first state, which is none until an attempt has ended. */
	#isKnown = false;
	#hasWarned = false;
	#isFlushing = false;
	#closing: Promise<void> | undefined;

	constructor(transport: Transport, options: BusOptions, log: Log) {
		this.#transport = transport;
		this.#options = options;
		this.#log = log;
		this.#interest = new Interest(transport);
	}

	get name(): string {
		return this.#transport.name;
	}

	get description(): string {
		return this.#transport.description;
	}

	get log(): TopicLog | undefined {
		return this.#transport.log;
	}

	get state(): BusState {
		return this.#state;
	}

	async open(): Promise<void> {
		if (this.#state === 'closed') return;
		await this.#transport.open({
			frame: (channel, frame) => this.#receive(channel, frame),
			connected: () => this.#connected(),
			disconnected: (reason) => this.#disconnected(reason),
			left: (process) => {
				if (this.#state !== 'closed') this.#options.events.left(process);
			}
		});
	}

	publish(topic: string, { kind, data }: BusMessage): void {
		if (this.#state !== 'connected') return;
		// The caller goes on using its bytes.
		const message = { kind, data: typeof data === 'string' ? data : new Uint8Array(data) };
		const messages = this.#outgoing.get(topic);
		if (messages === undefined) this.#outgoing.set(topic, [message]);
		else messages.push(message);
		this.#flushSoon();
	}

	subscribe(topic: string): void {
		if (this.#interest.add(topic)) this.#flushSoon();
	}

	unsubscribe(topic: string): void {
		if (this.#interest.remove(topic)) this.#flushSoon();
	}

	close(): Promise<void> {
		return (this.#closing ??= this.#close());
	}

	async #close(): Promise<void> {
		this.#flush();
		this.#become('closed');
		const deadline = new AbortController();
		const late = sleep(patience, undefined, { signal: deadline.signal }).catch(() => {});
		await Promise.race([this.#transport.close(), late]);
		deadline.abort();
	}

	#connected(): void {
		if (this.#state === 'closed') return;
		this.#interest.restore();
		this.#become('connected');
	}

	#disconnected(reason: unknown): void {
		if (this.#state === 'closed') return;
		this.#interest.lose();
		this.#outgoing.clear();
		this.#become('reconnecting', describe(reason));
	}

	#become(state: BusState, reason?: string): void {
		if (this.#isKnown && state === this.#state) return;
		this.#isKnown = true;
		this.#state = state;
		this.#options.events.state(state, reason);
	}

	#flushSoon(): void {
		if (this.#isFlushing || this.#state !== 'connected') return;
		this.#isFlushing = true;
		// After whatever else has come in this turn of the event loop.
		setImmediate(() => {
			this.#isFlushing = false;
			this.#flush();
		});
	}

	#flush(): void {
		if (this.#state !== 'connected') return;
		this.#interest.flush();
		const outgoing = this.#outgoing;
		this.#outgoing = new Map();
		for (const [topic, messages] of outgoing) this.#send(topic, messages);
	}

	#send(topic: string, messages: readonly BusMessage[]): void {
		const { maxFrame } = this.#transport;
		const fitting = messages.filter((message) => this.#fits(topic, message, maxFrame));
		for (const frame of pack(this.#options.process, fitting, maxFrame)) {
			this.#transport.publish(topic, frame);
		}
	}

	#fits(topic: string, message: BusMessage, maxFrame: number): boolean {
		const length = frameLength(message);
		if (length <= maxFrame) return true;
		this.#log.warn(
			'A message is too large for the bus and reaches this process only',
			`${length} bytes on ${JSON.stringify(printable(topic, shown))}`,
			`Publish at most ${maxFrame} bytes at once over ${this.description}.`
		);
		return false;
	}

	#receive(topic: string, bytes: Uint8Array): void {
		const frame = unpack(bytes);
		if (frame === undefined) this.#warn(topic, bytes);
		else if (frame.sender !== this.#options.process) {
			for (const message of frame.messages) {
				// Any of them may be why nobody listens any more.
				if (this.#state === 'closed' || !this.#interest.has(topic)) return;
				this.#options.events.message(topic, message, frame.sender);
			}
		}
	}

	#warn(topic: string, bytes: Uint8Array): void {
		if (this.#hasWarned) return;
		this.#hasWarned = true;
		this.#log.warn(
			'Somebody else publishes on the bus, or another version of this server, and is ignored',
			`${bytes.byteLength} bytes on ${JSON.stringify(printable(topic, shown))}`,
			'Give each app a BUS_PREFIX of its own.'
		);
	}
}

/** Where in the code it was noticed tells nobody anything. Attempts at several addresses fail with an error that has a code and no message. */
function describe(reason: unknown): string {
	if (!(reason instanceof Error)) return String(reason);
	const { code = reason.name }: Error & { code?: unknown } = reason;
	return reason.message === '' ? String(code) : reason.message;
}
