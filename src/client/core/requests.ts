import type { SocketData } from './codec.ts';
import type { ConnectionError } from './errors.ts';
import type { Host, Line, Ticket, Tools } from './host.ts';

/** The longest that a timer takes, in milliseconds. */
const longest = 2 ** 31 - 1;

/** What a page answers that answers nothing. */
const notImplemented = { status: 501, body: { message: 'Not Implemented' } };

/** A request that has no answer yet. */
interface Open {
	id: number;
	/** On which it has left. */
	line: Line | undefined;
	/** Nothing is to be heard of it any more. */
	end(): void;
}

/** Requests of both sides, and their answers. */
export class Requests {
	readonly #host: Host;
	readonly #open = new Map<Ticket, Open>();
	#count = 0;

	constructor(host: Host) {
		this.#host = host;
	}

	/** It is about to be handed over. */
	ask(ticket: Ticket): void {
		const { timeout = 10_000, signal } = ticket.options;
		const rest = timeout - (performance.now() - ticket.at);
		const timer =
			rest < longest
				? setTimeout(() => this.#reject(ticket, late(this.#host.tools, timeout)), rest)
				: 0;
		const abort = () => this.#reject(ticket, signal?.reason);
		signal?.addEventListener('abort', abort);
		const end = () => {
			clearTimeout(timer);
			signal?.removeEventListener('abort', abort);
		};
		this.#open.set(ticket, { id: (this.#count += 1), line: undefined, end });
		if (signal?.aborted) abort();
	}

	refuse(ticket: Ticket, isClosed: boolean): void {
		this.#reject(ticket, isClosed ? ended(this.#host.tools) : full(this.#host.tools));
	}

	/** @returns whether it need not wait any more */
	deliver(line: Line, ticket: Ticket, data: SocketData): boolean {
		const open = this.#open.get(ticket);
		if (!open) return true;
		if (!line.isFramed) {
			this.#reject(ticket, unheard(this.#host.tools));
			return true;
		}
		const { request, binaryRequest } = this.#host.tools.kinds;
		open.line = this.#sendFrame(line, [request, binaryRequest], open.id, data) ? line : undefined;
		return open.line !== undefined;
	}

	/** @param answer bytes, or JSON; absent for undefined */
	answered(id: number, answer: unknown): void {
		const ticket = this.#find(id);
		if (!ticket) return;
		try {
			ticket.resolve(typeof answer === 'string' ? JSON.parse(answer) : answer);
		} catch (error) {
			ticket.reject(this.#host.tools.badMessage(String(error), error));
		}
		this.#end(ticket);
	}

	failed(id: number, status: number, message: string): void {
		const ticket = this.#find(id);
		if (ticket) this.#reject(ticket, failed(this.#host.tools, status, message));
	}

	/** What has left there will not be answered. */
	ended(line: Line): void {
		for (const [ticket, open] of this.#open) {
			if (open.line === line) this.#reject(ticket, ended(this.#host.tools));
		}
	}

	/** Nothing will be answered. */
	closed(): void {
		for (const ticket of this.#open.keys()) this.#reject(ticket, ended(this.#host.tools));
	}

	/** Whether something is still to be answered there. */
	isAwaiting(line: Line): boolean {
		return [...this.#open.values()].some((open) => open.line === line);
	}

	/** The server asks. */
	async asked(line: Line, id: string, data: unknown): Promise<void> {
		const { decode: how, onRequest } = this.#host.options;
		const { decode, encode, frame, kinds } = this.#host.tools;
		try {
			if (!onRequest) throw notImplemented;
			const value = await decode(data, how);
			const answer = await this.#host.run(() => onRequest(value));
			if (answer === undefined) line.send(frame(kinds.answer, id));
			else {
				// As messages are, but that a string arrives as one.
				const encoded = typeof answer === 'string' ? JSON.stringify(answer) : encode(answer);
				this.#sendFrame(line, [kinds.answer, kinds.binaryAnswer], id, encoded);
			}
		} catch (error) {
			line.send(frame(kinds.failure, id, ...toFailure(error)));
		}
	}

	/** @param kinds that of a text, and that of what is followed by bytes. @returns whether it has left */
	#sendFrame(
		line: Line,
		[text, binary]: readonly [string, string],
		id: string | number,
		data: SocketData
	): boolean {
		const { frame } = this.#host.tools;
		if (typeof data === 'string') return line.send(frame(text, id, data));
		const size = data instanceof Blob ? data.size : data.byteLength;
		return line.send(frame(binary, id, size)) && line.send(data);
	}

	#find(id: number): Ticket | undefined {
		return [...this.#open.keys()].find((ticket) => this.#open.get(ticket)?.id === id);
	}

	#reject(ticket: Ticket, reason: unknown): void {
		ticket.reject(reason);
		this.#end(ticket);
	}

	#end(ticket: Ticket): void {
		const open = this.#open.get(ticket);
		if (!open) return;
		open.end();
		this.#open.delete(ticket);
		if (!open.line) this.#host.withdraw(ticket);
		// It may be all that was waited for there.
		else if (!this.#host.isCurrent(open.line)) open.line.ask();
	}
}

/** Status and message: an error of `error(404, …)` says them, what else was thrown is for the page's console. */
function toFailure(thrown: unknown): [status: number, message: string] {
	const { status, body } = (thrown ?? {}) as { status?: unknown; body?: { message?: unknown } };
	if (typeof status === 'number') return [status, String(body?.message ?? '')];
	console.error(thrown);
	return [500, 'Internal Error'];
}

function failed({ ConnectionError }: Tools, status: number, message: string): ConnectionError {
	return new ConnectionError('failed', {
		what: `A request was answered with ${status}`,
		value: message,
		status,
		body: { message }
	});
}

function unheard({ ConnectionError }: Tools): ConnectionError {
	return new ConnectionError('failed', {
		what: 'The server at the other end answers no requests',
		todo: "Ask a path of src/websocket on the page's own host."
	});
}

function full({ ConnectionError }: Tools): ConnectionError {
	return new ConnectionError('failed', {
		what: 'A request was refused, as many messages are waiting as may wait',
		todo: 'Raise the option queue, or ask less.'
	});
}

function ended({ ConnectionError }: Tools): ConnectionError {
	return new ConnectionError('closed', {
		what: 'The connection has ended before a request was answered'
	});
}

function late({ ConnectionError }: Tools, timeout: number): ConnectionError {
	return new ConnectionError('timeout', {
		what: 'A request was not answered in time',
		value: `${timeout} ms`
	});
}
