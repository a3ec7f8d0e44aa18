/**
 * What messages on the bus are about: on a topic of the app, to one process, or to all.
 *
 * While a deploy lasts, two versions share a bus. A version ignores kinds that it does not know. So what is new is a new kind, and
 * what a kind carries never changes but for fields that the older version does not read; a number is never used again.
 */
export const kinds = {
	/** On a topic: what was published, not compressed or compressed. */
	publish: 0,
	publishCompressed: 1,
	/** On a topic: close everyone on it. */
	closeTopic: 2,
	/** On a topic: what was published for those who have taken everything before it, not compressed or compressed. */
	publishVolatile: 3,
	publishVolatileCompressed: 5,
	/** On a topic: what was published, with the number that the log has given it. */
	publishNumbered: 4,
	/** To one process: for one of its peers. */
	send: 16,
	closePeer: 17,
	/** To all and back: how many. */
	count: 18,
	counted: 19,
	/** To all: I am here, I leave. */
	hello: 20,
	bye: 21,
	/** To all, or to one process: who is present. */
	presence: 24,
	/** To one process: tell me who is present. */
	presenceWanted: 25,
	/** To one process and back: cookies of an answer on a socket, by their key. */
	liveCookiesWanted: 26,
	liveCookies: 27,
	/** To one process: an upgrade that is decided there, and its socket (see `relay/`). */
	relay: 32
} as const;
