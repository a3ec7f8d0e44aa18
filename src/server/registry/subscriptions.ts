import type { Message } from '../socket/message.ts';
import type { Interest } from './interest.ts';
import { Subscription } from './subscription.ts';
import type { CloseTarget } from './websockets.ts';

/** Whom a subscription was made for; undefined for a job of the server's own. */
type Owner = CloseTarget | undefined;

/** Who waits for messages in this process, by topic. */
export class Subscriptions {
	readonly #interest: Interest;
	readonly #topics = new Map<string, Map<Subscription, Owner>>();

	constructor(interest: Interest) {
		this.#interest = interest;
	}

	/** The topic of each. */
	*topics(): Iterable<string> {
		for (const [topic, all] of this.#topics) for (const _ of all) yield topic;
	}

	/** @param signal ends it */
	add(topic: string, signal: AbortSignal | undefined, owner: Owner): Subscription {
		const onAbort = () => subscription.end();
		const subscription = new Subscription(topic, (ended) => {
			signal?.removeEventListener('abort', onAbort);
			this.#remove(topic, ended);
		});
		const all = this.#topics.get(topic) ?? new Map<Subscription, Owner>();
		this.#topics.set(topic, all.set(subscription, owner));
		this.#interest.subscribe(topic);
		signal?.addEventListener('abort', onAbort, { once: true });
		return subscription;
	}

	/** @param create makes the message, if somebody waits for it */
	push(topic: string, create: () => Message): void {
		const all = this.#topics.get(topic);
		if (all === undefined) return;
		const message = create();
		for (const subscription of [...all.keys()]) subscription.push(message);
	}

	/** End those of the owners that are meant. */
	end(isMeant: (owner: Owner) => boolean): void {
		for (const all of [...this.#topics.values()]) {
			for (const [subscription, owner] of [...all]) if (isMeant(owner)) subscription.end();
		}
	}

	#remove(topic: string, subscription: Subscription): void {
		const all = this.#topics.get(topic);
		if (all?.delete(subscription)) this.#interest.unsubscribe(topic);
		if (all?.size === 0) this.#topics.delete(topic);
	}
}
