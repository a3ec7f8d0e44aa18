import type { Log } from '../log.ts';
import type { Bus, BusData, BusMessage } from './bus.ts';
import { kinds } from './kinds.ts';
import type { Processes } from './processes.ts';

/** Milliseconds between two signs of life. */
const interval = 5000;

/** Signs of life of another process that may fail to come; counted, because a clock also runs while nothing can be read. */
const patience = 3;

/** Where every process listens. */
const everyone = 'everyone';

/** What a listener is told. */
type Listener = (data: BusData, sender: string) => void;

/** The part of a bus that it needs. */
export type Channel = Pick<Bus, 'publish' | 'subscribe' | 'unsubscribe'>;

/** Who else is there, and what processes tell one another: each has an inbox on the bus, and all have one in common. */
export class Directory implements Processes {
	readonly id: string;
	readonly #bus: Channel;
	readonly #log: Log | undefined;
	readonly #others = new Set<string>();
	/** How many ticks ago they were heard of. */
	readonly #silence = new Map<string, number>();
	readonly #listeners = new Map<number, Listener>();
	readonly #leaveListeners = new Set<(process: string) => void>();
	#greeting: () => string = () => '';
	#timer: NodeJS.Timeout | undefined;

	constructor(id: string, bus: Channel, log: Log | undefined) {
		this.id = id;
		this.#bus = bus;
		this.#log = log;
	}

	get others(): ReadonlySet<string> {
		return this.#others;
	}

	/** Listen, and show that this process is there from now on. */
	open(): void {
		this.#bus.subscribe(inboxOf(this.id));
		this.#bus.subscribe(everyone);
		this.#timer = setInterval(() => this.#tick(), interval).unref();
	}

	/** The bus has connected: nobody has heard of this process since it was away. */
	hello(): void {
		this.tellAll(kinds.hello, this.#greeting());
	}

	/** Tell the others that this process leaves; none of them can be reached any more. Harmless when called twice. */
	close(): void {
		if (this.#timer === undefined) return;
		clearInterval(this.#timer);
		this.#timer = undefined;
		this.tellAll(kinds.bye, '');
		this.#bus.unsubscribe(inboxOf(this.id));
		this.#bus.unsubscribe(everyone);
		for (const process of [...this.#others]) this.left(process);
	}

	tell(process: string, kind: number, data: BusData): void {
		this.#bus.publish(inboxOf(process), { kind, data });
	}

	tellAll(kind: number, data: BusData): void {
		this.#bus.publish(everyone, { kind, data });
	}

	greetWith(text: () => string): void {
		this.#greeting = text;
	}

	listen(kind: number, listener: Listener): void {
		this.#listeners.set(kind, listener);
	}

	onLeft(listener: (process: string) => void): () => void {
		this.#leaveListeners.add(listener);
		return () => this.#leaveListeners.delete(listener);
	}

	/** A message has come on the inbox, or for all. What is of a kind that this version does not know is ignored. */
	receive({ kind, data }: BusMessage, sender: string): void {
		if (kind === kinds.bye) this.left(sender);
		else if (kind === kinds.hello) this.#greet(sender);
		// After a `bye` something may still be on its way, which brings nobody back.
		else if (this.#others.has(sender)) this.#silence.set(sender, 0);
		this.#listeners.get(kind)?.(data, sender);
	}

	/** A process is gone. */
	left(process: string): void {
		this.#silence.delete(process);
		if (!this.#others.delete(process)) return;
		for (const listener of [...this.#leaveListeners]) {
			try {
				listener(process);
			} catch (error) {
				this.#log?.error('What is to be done when another process is gone has failed', error);
			}
		}
	}

	/** One that has just come would know of this process only at the next tick. */
	#greet(sender: string): void {
		const isNew = !this.#others.has(sender);
		this.#others.add(sender);
		this.#silence.set(sender, 0);
		if (isNew) this.tell(sender, kinds.hello, this.#greeting());
	}

	#tick(): void {
		this.hello();
		for (const [process, ticks] of [...this.#silence]) {
			if (ticks >= patience) this.left(process);
			else this.#silence.set(process, ticks + 1);
		}
	}
}

function inboxOf(process: string): string {
	return `process/${process}`;
}
