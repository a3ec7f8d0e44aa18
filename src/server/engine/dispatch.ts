import { HostCheck } from '../host.ts';
import { settled } from '../settled.ts';
import type { BaseExchange } from './base-exchange.ts';
import type { EngineHandlers, UpgradeExchange } from './engine.ts';
import { joinedRefusalStatus, refusalStatus } from './refusal.ts';
import { asksForWebSocket } from './upgrade.ts';

/** A request that an engine can also turn down by itself. */
export interface Dispatched extends BaseExchange {
	/** What requests of one connection have in common, on an engine that may hand over more of them after a refusal. */
	readonly connection: object | undefined;
	/** Repeated headers come as one. */
	readonly joinsHeaders?: boolean;
	/** Answer with a status and an empty body, and close: what follows on the connection is not to be trusted either. */
	refuse(status: number): void;
}

/** From an engine's callbacks to the handlers: nothing that goes wrong on the way ends the process. */
export class Dispatcher {
	readonly #handlers: EngineHandlers;
	readonly #hosts = new HostCheck();
	/** Connections that are about to be closed. */
	readonly #refused = new WeakSet();

	constructor(handlers: EngineHandlers) {
		this.#handlers = handlers;
	}

	request(exchange: Dispatched): void {
		this.#dispatch(exchange, false);
	}

	/** A request that may ask for a WebSocket. */
	upgradable(exchange: Dispatched & UpgradeExchange): void {
		this.#dispatch(exchange, asksForWebSocket(exchange) && exchange);
	}

	/** Run a listener of a socket. */
	readonly guard = (where: string, run: () => void): void => {
		try {
			run();
		} catch (error) {
			this.report(where, error);
		}
	};

	/** Something went wrong that is nobody's answer. */
	report(where: string, error: unknown): void {
		this.#handlers.error(error, where);
	}

	#dispatch(exchange: Dispatched, upgrade: UpgradeExchange | false): void {
		try {
			if (this.#refuses(exchange)) return;
			const answer = upgrade ? this.#handlers.upgrade(upgrade) : this.#handlers.request(exchange);
			if (answer !== settled) answer?.catch((error: unknown) => this.#fail(error, exchange));
		} catch (error) {
			this.#fail(error, exchange);
		}
	}

	/** What follows on the connection of a refused request is not even answered. */
	#refuses(exchange: Dispatched): boolean {
		const { connection } = exchange;
		if (connection && this.#refused.has(connection)) return true;
		const check = exchange.joinsHeaders ? joinedRefusalStatus : refusalStatus;
		const status = check(exchange, this.#hosts);
		if (status === undefined) return false;
		if (connection) this.#refused.add(connection);
		exchange.refuse(status);
		return true;
	}

	#fail(error: unknown, exchange: BaseExchange): void {
		this.#handlers.error(error, 'request');
		if (exchange.isAnswered) return;
		exchange.send({ status: 500, headers: [] }, null).catch(() => {});
	}
}
