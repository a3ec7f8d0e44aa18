import type { SocketData } from '../engine/engine.ts';
import type { KeptTopic } from '../socket/kept-topic.ts';
import type { PublishOptions } from '../socket/peer-hub.ts';
import type { Peer } from '../socket/peer.ts';
import type { Here } from './here.ts';
import type { Others } from './others.ts';

/** Who hears of what is published. */
interface Reach {
	readonly here: Pick<Here, 'publish' | 'publishEach' | 'publishVolatile'>;
	/** Absent where this process is the only one. */
	readonly others: () => Pick<Others, 'publish' | 'publishVolatile'> | undefined;
	readonly kept: (topic: string) => KeptTopic | undefined;
}

/** Takes what is published to where it belongs: the topic that keeps it, or everyone who is on it now. */
export class Publishing {
	readonly #reach: Reach;

	constructor(reach: Reach) {
		this.#reach = reach;
	}

	/** @param sender who does not get it */
	publish(
		topic: string,
		data: SocketData,
		{ compress = false, volatile = false }: PublishOptions,
		sender?: Peer
	): void {
		const { here, kept } = this.#reach;
		const topicKept = kept(topic);
		if (volatile) {
			if (topicKept) topicKept.passVolatile(data, compress, sender);
			else here.publishVolatile(topic, data, compress, sender);
			this.#reach.others()?.publishVolatile(topic, data, compress);
		} else if (topicKept) topicKept.publish(data, compress, sender);
		else if (sender) {
			here.publishEach(topic, data, { compress }, sender);
			this.#reach.others()?.publish(topic, data, compress);
		} else this.everywhere(topic, data, compress);
	}

	/** To everyone on a topic of which nothing is kept. */
	everywhere(topic: string, data: SocketData, compress: boolean): void {
		this.#reach.here.publish(topic, data, compress);
		this.#reach.others()?.publish(topic, data, compress);
	}
}
