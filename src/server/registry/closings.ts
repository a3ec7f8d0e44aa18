import type { PeerIdentity } from '../socket/peer.ts';
import type { ParamValue } from '../socket/types.ts';

/** Who may be meant by a call of `close`: a peer, an upgrade that has just been decided, or a request that has subscribed. */
export type Closable = PeerIdentity<unknown, Record<string, ParamValue>>;

/** Typed as a method, so that a filter that is written for peers fits. */
export type CloseFilter = { picks(who: Closable): boolean }['picks'];

/** One call of `close`. */
export interface Closing {
	code: number;
	reason: string;
	filter: CloseFilter;
}

/** What is closed while upgrades are being decided is closed for those as well. */
export class Closings {
	readonly #watches = new Set<Watch>();

	/** An upgrade begins to be decided. Whoever calls this MUST call `end` of what is returned. */
	watch(): Watch {
		const watch = new Watch(() => this.#watches.delete(watch));
		this.#watches.add(watch);
		return watch;
	}

	add(closing: Closing): void {
		for (const watch of this.#watches) watch.closings.push(closing);
	}
}

/** What was closed since one upgrade has come. */
export class Watch {
	readonly closings: Closing[] = [];
	readonly end: () => void;

	constructor(end: () => void) {
		this.end = end;
	}

	/** The first call that means this one. */
	find(who: Closable): Closing | undefined {
		return this.closings.find(({ filter }) => picks(filter, who));
	}
}

/** A filter that fails on what is no open peer, perhaps for data that is not there, does not pick it. */
export function picks(filter: CloseFilter, who: Closable): boolean {
	try {
		return filter(who);
	} catch {
		return false;
	}
}
