import type { Entry, TopicLog } from '../bus/topic-log.ts';
import type { SocketData } from '../engine/engine.ts';
import type { TopicHub } from '../topics/place.ts';
import type { Here } from './here.ts';
import type { Others } from './others.ts';

/** The ways out of topics of which more is kept than who is on them. */
export class TopicWays implements TopicHub {
	readonly #here: Here;
	readonly #others: () => Others | undefined;

	/** @param others absent where this process is the only one */
	constructor(here: Here, others: () => Others | undefined) {
		this.#here = here;
		this.#others = others;
	}

	get log(): TopicLog | undefined {
		return this.#others()?.log;
	}

	publish(engineTopic: string, data: SocketData, compress: boolean): void {
		this.#here.engine?.publish(engineTopic, data, compress);
	}

	feed(topic: string, data: SocketData): void {
		this.#here.feed(topic, data);
	}

	tellOthers(topic: string, data: SocketData, compress: boolean): void {
		this.#others()?.publish(topic, data, compress);
	}

	tellOthersNumbered(topic: string, epoch: string, entry: Entry): void {
		this.#others()?.publishNumbered(topic, epoch, entry);
	}

	listen(topic: string): void {
		this.#others()?.subscribe(topic);
	}

	unlisten(topic: string): void {
		this.#others()?.unsubscribe(topic);
	}

	warn(what: string, reason: unknown): void {
		const said = reason instanceof Error ? reason.message : String(reason);
		// Our own errors are sentences already.
		this.#here.log?.warn(what, said.replace(/^\[svelte-adapter-ws\] |\.$/g, ''));
	}
}
