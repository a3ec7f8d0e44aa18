import type { Processes } from '../bus/processes.ts';
import { Ends } from './ends.ts';
import { ops, type Frame } from './frames.ts';
import { HomeEnd, type HomeEndOptions } from './home-end.ts';
import { Link } from './link.ts';
import { decodeAsked } from './messages.ts';
import type { RemoteExchange } from './remote-exchange.ts';

/** Decides on a request that has come to another process. */
export type Decide = (exchange: RemoteExchange, isProbe: boolean) => void | Promise<void>;

export interface HomeOptions extends Omit<HomeEndOptions, 'link' | 'asked'> {
	processes: Pick<Processes, 'tell'>;
	decide: Decide;
	onError(error: unknown): void;
}

/** What other processes relay to this one: it has made the URLs, and has the sessions. */
export class Home {
	readonly ends = new Ends<HomeEnd>();
	readonly #options: HomeOptions;

	constructor(options: HomeOptions) {
		this.#options = options;
	}

	receive(process: string, frame: Frame): void {
		if (frame.op === ops.ask) this.#begin(process, frame);
		this.ends.receive(process, frame);
	}

	/** Somebody who asks begins anew, whatever was. */
	#begin(process: string, { link: number, payload }: Frame): void {
		const { processes, onEnd } = this.#options;
		this.ends.find(process, number)?.lost();
		const link = new Link({ processes, process, number, isHome: true });
		const asked = decodeAsked(payload);
		if (asked === undefined) return link.tell(ops.gone);
		const end = new HomeEnd({
			...this.#options,
			link,
			asked,
			onEnd: (ended) => {
				this.ends.delete(link);
				onEnd(ended);
			}
		});
		this.ends.add(end);
		link.tell(ops.heard);
		// What follows it in the same turn is to find it.
		void this.#decide(end.exchange, asked.isProbe);
	}

	async #decide(exchange: RemoteExchange, isProbe: boolean): Promise<void> {
		const { decide, onError } = this.#options;
		try {
			await decide(exchange, isProbe);
		} catch (error) {
			onError(error);
			if (exchange.isAnswered || exchange.aborted) return;
			await exchange.send({ status: 500, headers: [] }, null).catch(onError);
		}
	}
}
