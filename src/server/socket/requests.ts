import { frame, kinds } from '../../shared/protocol.ts';
import { AdapterError, type Caller, type ErrorCode, type ErrorParts } from '../../shared/errors.ts';
import type { SocketData } from '../engine/engine.ts';
import { checkAmount } from './check.ts';
import { encode } from './encode.ts';
import type { RequestOptions } from './peer-client.ts';

/** Why there is no answer to a request of the server. */
export class RequestError extends AdapterError {
	/** With which the page has refused it. */
	readonly status: number | undefined;

	constructor(code: ErrorCode, parts: ErrorParts, status?: number) {
		super(code, parts);
		this.status = status;
	}
}

interface Pending {
	resolve(value: unknown): void;
	reject(reason: unknown): void;
}

/** To a client. @returns whether all of it has left, or waits to */
type Transmit = (...frames: SocketData[]) => boolean;

/** The longest that a timer of Node can wait, in milliseconds. */
const maxDelay = 2 ** 31 - 1;

/** What the server has asked one client. */
export class Requests {
	readonly #transmit: Transmit;
	readonly #pending = new Map<string, Pending>();
	#last = 0;

	constructor(transmit: Transmit) {
		this.#transmit = transmit;
	}

	/** @param caller the method that the app has called */
	async ask(value: unknown, options: RequestOptions, caller: Caller): Promise<unknown> {
		const { timeout = 10_000, signal } = options;
		checkAmount('timeout', timeout, caller);
		const data = encode(value, caller);
		signal?.throwIfAborted();
		this.#last += 1;
		const id = this.#last.toString(36);
		const { promise, resolve, reject } = Promise.withResolvers();
		const onTime = () => reject(tooLate(timeout));
		const timer = timeout > maxDelay ? undefined : setTimeout(onTime, timeout);
		const onAbort = () => reject(signal?.reason);
		signal?.addEventListener('abort', onAbort);
		this.#pending.set(id, { resolve, reject });
		if (!this.#transmit(...requestFrames(id, data))) reject(tooSlow());
		try {
			return await promise;
		} finally {
			this.#pending.delete(id);
			clearTimeout(timer);
			signal?.removeEventListener('abort', onAbort);
		}
	}

	/** @param json absent for undefined */
	answered(id: string, json: string | undefined): void {
		const pending = this.#pending.get(id);
		try {
			pending?.resolve(json === undefined ? undefined : JSON.parse(json));
		} catch (cause) {
			const what = 'A client has answered with what is no JSON';
			pending?.reject(new RequestError('request_failed', { what, cause }));
		}
	}

	answeredWith(id: string, bytes: Uint8Array): void {
		this.#pending.get(id)?.resolve(bytes);
	}

	failed(id: string, status: number, message: string): void {
		this.#pending.get(id)?.reject(refused(status, message));
	}

	/** The client has left. */
	end(): void {
		for (const { reject } of this.#pending.values()) reject(hasLeft());
	}
}

/** Nobody can answer who knows nothing of requests. */
export function cannotAnswer(): RequestError {
	return new RequestError('request_unsupported', {
		what: 'The client of this peer cannot be asked anything',
		todo: 'Ask clients of this package. Send a message to others, and wait for one.'
	});
}

export function hasLeft(): RequestError {
	return new RequestError('request_closed', {
		what: 'A client has left without an answer',
		todo: 'Ask again when it is back.'
	});
}

function requestFrames(id: string, data: SocketData): readonly SocketData[] {
	if (typeof data === 'string') return [frame(kinds.request, id, data)];
	return [frame(kinds.binaryRequest, id, data.byteLength), data];
}

function tooLate(timeout: number): RequestError {
	return new RequestError('request_timeout', {
		what: 'A client has not answered in time',
		value: `${timeout} ms`,
		todo: 'Give it a longer timeout, or go on without an answer.'
	});
}

function tooSlow(): RequestError {
	return new RequestError('request_failed', {
		what: 'A request was dropped, since its client is too slow',
		todo: 'Ask again when peer.bufferedAmount is smaller.'
	});
}

function refused(status: number, message: string): RequestError {
	const parts = { what: 'A client has answered with an error', value: `${status} ${message}` };
	return new RequestError('request_failed', parts, status);
}
