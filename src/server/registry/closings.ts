import { AsyncResource } from 'node:async_hooks';
import { types } from 'node:util';
import { isThenable } from '../../shared/thenable.ts';
import type { Log } from '../log.ts';
import type { CloseFilter, ClosePredicate, CloseTarget } from './websockets.ts';

export interface ClosingOptions {
	code: number;
	reason: string;
	filter: CloseFilter | undefined;
	log: Log | undefined;
}

/** One call of `websockets.close`: whom it means, and what they are told. */
export class Closing {
	readonly code: number;
	readonly reason: string;
	readonly #filter: ClosePredicate | undefined;
	readonly #log: Log | undefined;
	#hasFailed = false;

	constructor({ code, reason, filter, log }: ClosingOptions) {
		this.code = code;
		this.reason = reason;
		this.#filter = toPredicate(filter);
		this.#log = log;
	}

	/** A filter that fails means nobody: it may have been written for the data of another path. */
	picks(target: CloseTarget): boolean {
		try {
			const isPicked: unknown = this.#filter === undefined || this.#filter(target);
			if (isThenable(isPicked)) throw promised(isPicked);
			return Boolean(isPicked);
		} catch (error) {
			if (!this.#hasFailed) {
				this.#log?.error('A filter of websockets.close failed, which closes nobody', error);
			}
			this.#hasFailed = true;
			return false;
		}
	}
}

function toPredicate(filter: CloseFilter | undefined): ClosePredicate | undefined {
	if (filter === undefined) return undefined;
	// It may be asked later, by somebody else.
	if (typeof filter === 'function') return AsyncResource.bind(filter);
	const { id, topic } = filter;
	return id === undefined
		? ({ topics }: CloseTarget) => topics.has(topic)
		: (target: CloseTarget) => target.id === id;
}

/** A promise is as good as true, and the error of one that nobody waits for would end the process. */
function promised(answer: PromiseLike<unknown>): TypeError {
	if (types.isPromise(answer)) answer.catch(() => {});
	return new TypeError('It has returned a promise');
}

/** A call, and the one after it. */
interface Link {
	closing?: Closing;
	/** The upgrade that has made the call, if one has. */
	by?: number | undefined;
	next?: Link;
}

/** When an upgrade began. */
export interface Mark {
	/** The last call before that. */
	readonly after: Link;
	/** Upgrades are numbered as they begin. */
	readonly order: number;
}

/**
 * The calls of `websockets.close` that upgrades under way have not heard of: who they are is known when they are decided.
 * A call is forgotten with the last upgrade that began before it.
 */
export class Closings {
	#last: Link = {};
	#count = 0;

	/** An upgrade begins. */
	mark(): Mark {
		this.#count += 1;
		return { after: this.#last, order: this.#count };
	}

	/** @param by the number of the upgrade that makes the call, if it is one */
	add(closing: Closing, by: number | undefined): void {
		const link: Link = { closing, by };
		this.#last.next = link;
		this.#last = link;
	}

	/**
	 * The call that means an upgrade. Those that it has made itself do not, such as to close the other sockets of its user;
	 * nor do those of upgrades that began before it: of two that do so at once one has to stay.
	 */
	find({ after, order }: Mark, getTarget: () => CloseTarget): Closing | undefined {
		if (after.next === undefined) return undefined;
		const target = getTarget();
		for (let link: Link | undefined = after.next; link; link = link.next) {
			const { closing, by = Infinity } = link;
			if (closing && by > order && closing.picks(target)) return closing;
		}
		return undefined;
	}
}
