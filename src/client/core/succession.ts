import type { Line } from './host.ts';

/** What makes connections: transports, whose newest connection has this heartbeat. */
interface Connecting {
	readonly heartbeat: Line | undefined;
	/** The browser's own socket, while it is open. */
	readonly raw: WebSocket | undefined;
}

/** Who connects, while one takes the place of another. */
export class Succession<T extends Connecting> {
	current: T | undefined;
	/** What takes its place as soon as it is open. */
	next: T | undefined;
	/** Whose place it has taken, until it tells all that is told. */
	#previous: T | undefined;

	/** The newest connection. */
	get line(): T['heartbeat'] {
		return this.current?.heartbeat;
	}

	/** The newest one has not ended. */
	get isOpen(): boolean {
		return this.current?.raw !== undefined;
	}

	/** It is open. */
	take(transport: T): void {
		if (transport === this.next) this.#previous = this.current;
		this.next = undefined;
		this.current = transport;
	}

	/** Whether it was not left behind. */
	holds(transport: T): boolean {
		return transport === this.current || transport === this.#previous;
	}

	/** Whether what comes there is for the app. */
	hears(line: Line): boolean {
		return line === this.line || line === this.#previous?.heartbeat;
	}

	/** Nothing more is to be heard from where it was before: it is left when all that was sent there has arrived. */
	settle(line: Line | undefined): void {
		if (line !== this.line) return;
		const previous = this.#previous;
		this.#previous = undefined;
		previous?.heartbeat?.ask();
	}
}
