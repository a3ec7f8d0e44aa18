import type { MaybePromise } from '../socket/types.ts';
import type { CrosswsHooks, CrosswsRequest, CrosswsUpgrade } from './types.ts';

type HookName = keyof CrosswsHooks;

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
