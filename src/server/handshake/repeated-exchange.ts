import type { IncomingMessage } from 'node:http';
import type { Exchange, HeaderPairs, ResponseHead } from '../engine/engine.ts';
import { withoutKey } from '../key-path.ts';

/** What is kept of a handshake for as long as its socket is open, so that it can be decided again. */
export class KeptHandshake {
	readonly target: string;
	readonly address: string;
	readonly incoming: IncomingMessage | undefined;
	/** Names and values, by turns: no line break can be in one. */
	readonly #headers: string;

	constructor({ target, address, incoming, headers }: Exchange) {
		// The key of a one-time URL is used up.
		this.target = withoutKey(target);
		this.address = address;
		this.incoming = incoming;
		this.#headers = headers.flat().join('\n');
	}

	get headers(): HeaderPairs {
		const lines = this.#headers.split('\n');
		return lines.flatMap((name, index) =>
			index % 2 === 0 ? [[name, lines[index + 1] ?? ''] as const] : []
		);
	}
}

/** A handshake once more, for which nobody waits but the server. */
export class RepeatedExchange implements Exchange {
	readonly method = 'GET';
	readonly target: string;
	readonly address: string;
	readonly incoming: IncomingMessage | undefined;
	readonly headers: HeaderPairs;
	abortReason: unknown;
	aborted = false;
	/** Undefined while it is not answered, and where it is let in. */
	status: number | undefined;
	readonly #listeners: ((reason: unknown) => void)[] = [];

	constructor({ target, address, incoming, headers }: KeptHandshake) {
		this.target = target;
		this.address = address;
		this.incoming = incoming;
		this.headers = headers;
	}

	get isAnswered(): boolean {
		return this.status !== undefined;
	}

	header(name: string): string | undefined {
		const values = this.headers.filter(([each]) => each === name).map(([, value]) => value);
		return values.length === 0 ? undefined : values.join(', ');
	}

	body(): null {
		return null;
	}

	onAbort(listener: (reason: unknown) => void): void {
		this.#listeners.push(listener);
	}

	/** Its socket has ended. */
	cut(reason: unknown): void {
		if (this.aborted) return;
		this.aborted = true;
		this.abortReason = reason;
		for (const listener of this.#listeners) listener(reason);
	}

	send({ status }: ResponseHead): Promise<void> {
		this.status = status;
		return Promise.resolve();
	}
}
