import type { BaseExchange } from './base-exchange.ts';
import type { EngineHandlers, UpgradeExchange } from './engine.ts';
import { refusalStatus } from './refusal.ts';
import { asksForWebSocket } from './upgrade.ts';

/** A request that an engine can also turn down by itself. */
export interface Dispatched extends BaseExchange {
	/** Answer with a status and an empty body, and close: what follows on the connection is not to be trusted either. */
	refuse(status: number): void;
}

/** From an engine's callbacks to the handlers: nothing that is thrown on the way ends the process. */
export class Dispatcher {
	readonly #handlers: EngineHandlers;

	constructor(handlers: EngineHandlers) {
		this.#handlers = handlers;
	}

	request(exchange: Dispatched): void {
		this.#dispatch(exchange, () => this.#handlers.request(exchange));
	}

	/** A request that may ask for a WebSocket. */
	upgradable(exchange: Dispatched & UpgradeExchange): void {
		this.#dispatch(exchange, () => {
			const isUpgrade = asksForWebSocket(exchange);
			if (isUpgrade) this.#handlers.upgrade(exchange);
			else this.#handlers.request(exchange);
		});
	}

	/** Run a listener of a socket. */
	readonly guard = (where: string, run: () => void): void => {
		try {
			run();
		} catch (error) {
			this.#handlers.error(error, where);
		}
	};

	#dispatch(exchange: Dispatched, handle: () => void): void {
		try {
			const refusal = refusalStatus(exchange);
			if (refusal) exchange.refuse(refusal);
			else handle();
		} catch (error) {
			this.#handlers.error(error, 'request');
			void exchange.send({ status: 500, headers: [] }, null);
		}
	}
}
