import type { Exchange } from '../engine/engine.ts';
import type { OriginOptions } from '../http/origin.ts';
import type { Log } from '../log.ts';
import { printable } from '../printable.ts';
import { adviseOrigin } from './origin-advice.ts';

/** How many pairs of an origin and a host are told of: whoever makes them up fills neither the log nor the memory. */
const maxPairs = 100;

/** Characters of an origin or a host that a line shows. */
const maxLength = 200;

/** Says which pages are refused for their origin, once for each origin and host: browsers hide it from everybody else. */
export class ForeignOrigins {
	readonly #told = new Set<string>();
	readonly #log: Log;
	readonly #options: OriginOptions;

	constructor(log: Log, options: OriginOptions) {
		this.#log = log;
		this.#options = options;
	}

	/** @param url what the server believes that it was asked for */
	tell(exchange: Exchange, origin: string, url: URL): void {
		const isPinned = this.#options.pinned !== undefined;
		const own = printable(isPinned ? url.origin : url.host, maxLength);
		const pair = `origin ${printable(origin, maxLength) || 'empty'}, ${isPinned ? 'pinned' : 'host'} ${own}`;
		if (this.#told.size > maxPairs || this.#told.has(pair)) return;
		this.#told.add(pair);
		if (this.#told.size > maxPairs) {
			this.#log.warn(
				'More handshakes of foreign pages are refused than are worth a line: no further one is told'
			);
			return;
		}
		this.#log.warn(
			'A handshake was refused, because the origin of the page is foreign',
			pair,
			adviseOrigin({ exchange, origin, url }, this.#options)
		);
	}
}
