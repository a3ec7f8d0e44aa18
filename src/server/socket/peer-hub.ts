import type { SocketData } from '../engine/engine.ts';
import type { KeptTopic } from './kept-topic.ts';

/** Who a peer is: what its upgrade found out. */
export interface PeerIdentity<Data, P> {
	readonly data: Data;
	readonly locals: App.Locals;
	readonly params: P;
	/** As text until somebody asks: few do, and a URL takes much more. */
	readonly url: URL | string;
	readonly address: string;
	readonly protocol: string;
}

/** What a peer needs of the registry. */
export interface PeerHub<Self> {
	/** The id of a peer, which is asked for once. Whoever knows it can send to the peer. */
	identify(peer: Self): string;
	/** The topic, if more is kept of it than who is on it. */
	kept(topic: string): KeptTopic | undefined;
	/** Something was published by a peer to a topic of which nothing is kept: others than peers of this process get it too. */
	published(topic: string, data: SocketData, compress: boolean): void;
	/** The same, for everybody else here as well: where it is not the same for all of them. */
	publishFrom(peer: Self, topic: string, data: SocketData, options: PublishOptions): void;
	/** A peer is on a topic, or no longer. Not called for what it is on when it ends. */
	joined(topic: string): void;
	parted(topic: string): void;
}

export interface SendOptions {
	/** Compress this message, if the app turned `compression` on. Default: false. */
	compress?: boolean;
}

export interface PublishOptions extends SendOptions {
	/**
	 * Only for those who have taken everything before it: where one message more or less does not matter, but the newest one
	 * does. It is not remembered. Default: false.
	 */
	volatile?: boolean;
}
