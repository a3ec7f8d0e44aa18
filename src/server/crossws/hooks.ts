import type { MaybePromise } from '../socket/types.ts';
import type { CrosswsMessage } from './message.ts';
import type { CrosswsPeer } from './peer.ts';

/** What `upgrade` of crossws gets: the request of the handshake. What is put into `context` is `peer.context` later. */
export type CrosswsRequest = Request & { readonly context?: Record<string, unknown> };

/** What `upgrade` of crossws may return. A `Response` refuses; headers travel on the 101. */
export interface CrosswsUpgrade {
	headers?: ConstructorParameters<typeof Headers>[0];
	/** The subprotocol. Default: that of the headers */
	protocol?: string;
	/** Default: the path */
	namespace?: string;
	context?: Record<string, unknown>;
}

/** Hooks that were written for crossws. All are methods, so that hooks typed by crossws itself are hooks too. */
export interface CrosswsHooks {
	upgrade?(request: CrosswsRequest): MaybePromise<CrosswsUpgrade | Response | void>;
	open?(peer: CrosswsPeer): MaybePromise<void>;
	message?(peer: CrosswsPeer, message: CrosswsMessage): MaybePromise<void>;
	drain?(peer: CrosswsPeer): MaybePromise<void>;
	close?(peer: CrosswsPeer, details: { code?: number; reason?: string }): MaybePromise<void>;
	error?(peer: CrosswsPeer, error: Error): MaybePromise<void>;
}

type HookName = keyof CrosswsHooks;

/** What the adapters of crossws take. */
export interface CrosswsOptions {
	/** For every socket, before those that `resolve` has found. */
	hooks?: CrosswsHooks;
	/** The hooks of one socket, asked once for each. */
	resolve?(request: CrosswsRequest): MaybePromise<CrosswsHooks | undefined>;
}

/** The hooks of one socket. */
export class SocketHooks {
	readonly #common: CrosswsHooks;
	readonly #own: CrosswsHooks | undefined;

	constructor(common: CrosswsHooks, own: CrosswsHooks | undefined) {
		this.#common = common;
		this.#own = own;
	}

	has(name: HookName): boolean {
		return this.#common[name] !== undefined || this.#own?.[name] !== undefined;
	}

	/** What the socket's own hook says goes first. */
	async upgrade(request: CrosswsRequest): Promise<CrosswsUpgrade | Response | undefined> {
		const common = await this.#common.upgrade?.(request);
		const own = await this.#own?.upgrade?.(request);
		return own || common || undefined;
	}

	/** One after the other, without a wait where there is none to wait for. */
	call(ask: (hooks: CrosswsHooks) => MaybePromise<void>): MaybePromise<void> {
		const own = this.#own;
		const common = ask(this.#common);
		if (own === undefined) return common;
		return common instanceof Promise ? common.then(() => ask(own)) : ask(own);
	}
}
