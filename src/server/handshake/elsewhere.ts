import { describeRequest } from '../describe-request.ts';
import type { Exchange } from '../engine/engine.ts';
import type { Log } from '../log.ts';
import type { Relay } from '../relay/relay.ts';
import type { SocketPaths } from './paths.ts';
import { noSocket } from './request.ts';

interface ElsewhereOptions {
	relay?: Pick<Relay, 'ask'> | undefined;
	log: Log;
}

/** The process that has made the one-time URL of a request, where that is another one. */
export class Elsewhere {
	readonly #process: string;
	readonly #relay: Pick<Relay, 'ask'>;
	readonly #log: Log;

	/** @returns undefined where this process is to decide */
	static find(
		{ target, isRemote }: Exchange,
		paths: Pick<SocketPaths, 'homeOf'>,
		{ relay, log }: ElsewhereOptions
	): Elsewhere | undefined {
		if (relay === undefined || isRemote) return undefined;
		const process = paths.homeOf(target);
		return process === undefined ? undefined : new Elsewhere(process, relay, log);
	}

	private constructor(process: string, relay: Pick<Relay, 'ask'>, log: Log) {
		this.#process = process;
		this.#relay = relay;
		this.#log = log;
	}

	/**
	 * Let it decide.
	 * @returns when the client has its answer, or its socket
	 * @throws {Refusal} 404 if it does not: its URLs lead nowhere
	 */
	async ask(exchange: Exchange, isProbe: boolean): Promise<void> {
		const outcome = await this.#relay.ask(this.#process, exchange, isProbe);
		if (outcome.isDecided) return;
		this.#log.warn(
			'The process that has made a one-time URL cannot be asked',
			`${describeRequest(exchange)}: ${outcome.why}`
		);
		throw noSocket();
	}
}
