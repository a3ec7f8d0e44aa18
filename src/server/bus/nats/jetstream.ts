import { historyUnshared } from '../broker/history-unshared.ts';
import { Forbidden, NoResponders, type Inbox } from './inbox.ts';
import type { Nats, NatsHeaders, NatsMessage } from './options.ts';

/** What JetStream says when something is not there, or is there already. */
export const codes = { noStream: 10059, nameInUse: 10058 } as const;

/** Questions at a time: a server drops those that are too many at once. */
const mostQuestions = 100;

/** JetStream is not enabled, for this account or at all. */
const notEnabled = new Set([10039, 10076]);

/** What a stream is to be. Of one that is there, more than this is known, and stays. */
export interface StreamConfig {
	readonly name: string;
	readonly subjects: readonly string[];
	readonly max_msgs: number;
	/** Nanoseconds. */
	readonly max_age: number;
	readonly duplicate_window: number;
}

export interface StreamInfo {
	readonly config: StreamConfig;
	readonly state: {
		readonly messages: number;
		readonly bytes: number;
		readonly first_seq: number;
		readonly last_seq: number;
		/** When the newest was kept. */
		readonly last_ts: string;
	};
	readonly created: string;
	/** The server's time, where it is new enough to say it. */
	readonly ts?: string;
}

interface ApiError {
	readonly code: number;
	readonly err_code?: number;
	readonly description?: string;
}

/** JetStream has refused something. */
export class JetStreamError extends Error {
	readonly code: number | undefined;

	constructor({ err_code: code, description = 'It does not say why' }: ApiError) {
		super(description);
		this.code = code;
	}
}

/** The part of JetStream that is used: requests whose answers are JSON. */
export class JetStream {
	readonly #nats: Nats;
	readonly #inbox: Inbox;
	readonly #description: string;
	#asking = 0;
	readonly #waiting: (() => void)[] = [];

	constructor(nats: Nats, inbox: Inbox, description: string) {
		this.#nats = nats;
		this.#inbox = inbox;
		this.#description = description;
	}

	/**
	 * @param method what stands between `$JS.API.` and the name of the stream
	 * @throws {JetStreamError}
	 * @throws {AdapterError} `history_unshared` where there is no JetStream, or none for this user
	 */
	async ask<T>(method: string, stream = '', parameters: object = {}): Promise<T> {
		const subject = `$JS.API.${method}${stream && '.'}${stream}`;
		const body = Buffer.from(JSON.stringify(parameters));
		while (this.#asking >= mostQuestions) await new Promise<void>((go) => this.#waiting.push(go));
		this.#asking += 1;
		try {
			return this.#open<T>(await this.request(subject, body));
		} catch (error) {
			if (!(error instanceof NoResponders)) throw error;
			throw this.#unshared('JetStream is not enabled there', 'Enable it.');
		} finally {
			this.#asking -= 1;
			this.#waiting.shift()?.();
		}
	}

	/**
	 * @returns the number of a message that was published
	 * @throws {JetStreamError}
	 */
	async publish(subject: string, data: Uint8Array, header: string): Promise<number> {
		const headers = this.#nats.headers();
		headers.set('Entry', header);
		const reply = await this.request(subject, data, headers);
		return this.#open<{ seq: number }>(reply).seq;
	}

	/** @throws {AdapterError} `history_unshared` where this user may not ask */
	async request(subject: string, data: Uint8Array, headers?: NatsHeaders): Promise<NatsMessage> {
		try {
			return await this.#inbox.ask(subject, data, headers);
		} catch (error) {
			if (!(error instanceof Forbidden)) throw error;
			throw this.#unshared(error.message, 'Give its user the rights that docs/scaling.md lists.');
		}
	}

	#open<T>({ data }: NatsMessage): T {
		const answer = JSON.parse(Buffer.from(data).toString()) as T & { error?: ApiError };
		const { error } = answer;
		if (error === undefined) return answer;
		if (!notEnabled.has(error.err_code ?? 0)) throw new JetStreamError(error);
		throw this.#unshared(error.description ?? '', 'Enable it for the account.');
	}

	#unshared(reason: string, todo: string): Error {
		return historyUnshared(this.#description, reason, todo);
	}
}
