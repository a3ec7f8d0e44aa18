/** What a topic keeps. */
export interface TopicOptions {
	/**
	 * Keep what is published, so that clients of this package that were away get what they have missed, and newcomers the last of
	 * it. `true` stands for the defaults.
	 */
	history?: boolean | HistoryOptions;
	/** Keep who is present, as `peer.subscribe(topic, { presence })` says. Default: false. */
	presence?: boolean;
}

/** Whatever is reached first: then the oldest messages are forgotten. */
export interface HistoryOptions {
	/** Messages. Default: 100. */
	size?: number;
	/** Seconds that a message is kept. Default: 3600. */
	ttl?: number;
	/** Bytes of all messages of one topic. Default: 1 MiB. */
	bytes?: number;
}

/**
 * Type the `topics` export of `src/websocket`: which topics keep more than who is on them. A star at the end of a pattern stands
 * for whatever follows: `'room:*'`. The longest pattern wins, and a topic without a star before all others.
 */
export function defineTopics<const T extends Record<string, TopicOptions>>(topics: T): T {
	return topics;
}
