import type { Exchange } from '../engine/engine.ts';
import type { Log } from '../log.ts';
import { printable } from '../printable.ts';
import type { OriginOptions } from './origin.ts';

/**
 * Kit refuses forms that seem to come from another site. Where nothing but the protocol differs they do not: the server
 * assumes https and was not told otherwise. Says so once.
 */
export class RefusedForms {
	readonly #log: Log;
	readonly #options: OriginOptions;
	#isTold = false;

	constructor(log: Log, options: OriginOptions) {
		this.#log = log;
		this.#options = options;
	}

	/** @param url what the server believes that it was asked for */
	look(response: Response, exchange: Pick<Exchange, 'method' | 'header'>, url: string): void {
		const { variables } = this.#options;
		if (response.status !== 403 || exchange.method === 'GET' || !variables || this.#isTold) return;
		const page = exchange.header('origin');
		const { origin, host } = new URL(url);
		if (!page || page === origin || page !== `http://${host}`) return;
		this.#isTold = true;
		this.#log.warn(
			'A form was refused as one of another site, but only the protocol of its page differs',
			printable(`page ${page}, app ${origin}`),
			`Set ${variables.protocol} to the header in which your proxy writes the protocol. Without a proxy set ` +
				`${variables.pinned} to ${printable(page)}, or list that in SvelteKit's csrf.trustedOrigins.`
		);
	}
}
