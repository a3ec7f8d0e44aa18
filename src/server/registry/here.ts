import { isFrame } from '../../shared/protocol.ts';
import type { Engine, SocketData } from '../engine/engine.ts';
import type { Log } from '../log.ts';
import { Message } from '../socket/message.ts';
import type { PublishOptions } from '../socket/peer-hub.ts';
import type { Peer } from '../socket/peer.ts';
import { Closing } from './closings.ts';
import type { Endpoints } from './endpoints.ts';
import type { Interest } from './interest.ts';
import type { Letter } from './letters.ts';
import { Peers } from './peers.ts';
import { Subscriptions } from './subscriptions.ts';
import type { CloseFilter } from './websockets.ts';

/** What is in this process: who is connected, and who waits for messages. Nothing of what happens here reaches others. */
export class Here {
	readonly peers: Peers;
	readonly subscriptions: Subscriptions;
	readonly #countKept: (topic: string) => number | undefined;
	engine: Engine | undefined;
	log: Log | undefined;
	/** What `continuous` has added; absent where no server runs. */
	endpoints: Endpoints | undefined;

	/**
	 * @param process 12 hexadecimal digits
	 * @param countKept how many are on a topic of which more is kept: they are on several topics of the engine
	 */
	constructor(
		process: string,
		interest: Interest,
		countKept: (topic: string) => number | undefined = () => undefined
	) {
		this.#countKept = countKept;
		this.peers = new Peers(process);
		this.subscriptions = new Subscriptions(interest);
	}

	/** To everyone on the topic. */
	publish(topic: string, data: SocketData, compress: boolean): void {
		if (isFrame(data)) return this.publishEach(topic, data, { compress });
		this.engine?.publish(topic, data, compress);
		this.feed(topic, data);
	}

	/** To each by itself, for what is not the same for everybody on the topic. @param sender who does not get it */
	publishEach(
		topic: string,
		data: SocketData,
		{ compress = false, volatile = false }: PublishOptions,
		sender?: Peer
	): void {
		for (const peer of this.endpoints?.peersOn(topic) ?? this.peers.on(topic)) {
			if (peer === sender || (volatile && peer.bufferedAmount > 0)) continue;
			peer.transmit(data, compress);
		}
		this.feed(topic, data);
	}

	/**
	 * To those who have taken everything before it: the others leave the topic for as long as it takes.
	 * @param sender who does not get it
	 */
	publishVolatile(topic: string, data: SocketData, compress: boolean, sender?: Peer): void {
		if (isFrame(data)) return this.publishEach(topic, data, { compress, volatile: true }, sender);
		const behind = this.peers.behind(topic);
		for (const peer of behind) peer.exit(topic);
		if (sender) sender.publishRaw(topic, data, compress);
		else this.engine?.publish(topic, data, compress);
		for (const peer of behind) peer.enter(topic);
		this.feed(topic, data);
	}

	/** To those who wait for messages of the topic, who are no peers. */
	feed(topic: string, data: SocketData): void {
		// The caller may go on using its buffer; a message stays as it is.
		this.subscriptions.push(
			topic,
			() => new Message(typeof data === 'string' ? data : new Uint8Array(data))
		);
	}

	/** @returns whether the peer is here */
	send({ id, data, compress }: Letter): boolean {
		const peer = this.peers.find(id);
		peer?.transmit(data, compress);
		return peer !== undefined;
	}

	/** How many peers are on the topic, or are there at all. */
	count(topic: string | undefined): number {
		if (topic === undefined) return this.peers.size;
		return this.#countKept(topic) ?? this.engine?.subscribers(topic) ?? 0;
	}

	/**
	 * @param except who is not meant
	 * @returns what has been done, for those who are not here yet
	 */
	close(code: number, reason: string, filter: CloseFilter | undefined, except?: Peer): Closing {
		const closing = new Closing({ code, reason, filter, log: this.log });
		for (const peer of this.#candidates(filter)) {
			if (peer !== except && closing.picks(peer)) peer.close(code, reason);
		}
		this.subscriptions.end((owner) => owner !== undefined && closing.picks(owner));
		return closing;
	}

	/** All who may be meant. Few have an id or a topic, and whoever is asked for them has them for good. */
	#candidates(filter: CloseFilter | undefined): Peer[] {
		if (typeof filter !== 'object') return [...this.peers];
		if (filter.id === undefined) return this.peers.on(filter.topic);
		const peer = this.peers.find(filter.id);
		return peer === undefined ? [] : [peer];
	}
}
