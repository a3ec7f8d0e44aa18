/**
 * The frames between our client and our server, which PROTOCOL.md explains: texts that begin with U+0016, one letter that says
 * what it is, and fields. They exist only where the client has asked for them in the query of its handshake, and the
 * server's first message has agreed.
 */

/** What a frame begins with: SYN, "synchronous idle". JSON never does. */
export const mark = '\u0016';

/** The one that this code speaks. */
export const version = 1;

/**
 * The query of a handshake that asks for frames: the version, a dot, what the client calls itself (`clientPattern`), and
 * `.r` where its first message will be `resume`. A server that does not know it ignores it, and says nothing.
 */
export const protocolParam = 'x-websocket-protocol';

/**
 * Made by the client for as long as it lives, whatever becomes of its connections: what it has published itself, and was not
 * to get, is known by it.
 */
export const clientPattern = /^[\da-z]{8,16}$/;

/** What a frame is. A letter is never used again for something else; either end ignores those that it does not know. */
export const kinds = {
	/** Both ways: a text of the app that begins with U+0016; the rest of the frame is that text, which begins with this letter. */
	text: '\u0016',
	/** Both ways: a request, whose value is what a message of its own would be; its id is up to 16 of a-z and 0-9. `id,value` */
	request: 'q',
	/** Both ways: a request whose value is the next message, which is binary and of that many bytes. `id,bytes` */
	binaryRequest: 'Q',
	/** Both ways: the answer to a request, as JSON; without one where it is undefined. `id` or `id,json` */
	answer: 'a',
	/** Both ways: an answer whose value is the next message, which is binary and of that many bytes. `id,bytes` */
	binaryAnswer: 'A',
	/** Both ways: the answer is an error. `id,status,message` */
	failure: 'e',
	/** Server: the first message; frames may follow from now on, both ways. `version,interval`, the latter as in a first beat */
	hello: 'v',
	/** Server: the `open` hook is done. No fields. */
	opened: 'o',
	/** Server: the peer is on a topic of which more is told. `TopicState` as JSON */
	topic: 't',
	/** Server: it is no longer. `number` */
	left: 'u',
	/** Server: a message that was published there. `number,offset,text` */
	message: 'm',
	/** Server: the next binary message was published there. `number,offset,bytes` */
	binary: 'b',
	/** Server: a message that this client has published itself, and does not get. `number,offset` */
	passed: 'p',
	/** Server: who is present there. `number,PresenceChange`, the latter as JSON */
	presence: 'w',
	/** Server: a message was refused by the schema of its path. The issues, as JSON: `{ message, path? }[]` */
	refused: 'x',
	/** Client: the first message after `.r`: what it has received before. Positions, as a JSON array of strings. */
	resume: 'r',
	/** Client: something is missing after this offset, of a topic that it is on: send it again from there. `number,offset` */
	missing: 'g'
} as const;

/** Bytes of the longest `resume`. */
export const maxResume = 16 * 1024;

/** What a client is told when it comes to a topic that remembers, or in which it may see who is present. */
export interface TopicState {
	/** Stands for the topic on this connection; of topics that a server has had, no two have the same. */
	number: number;
	/** Where a client that has received nothing yet stands: opaque, and its own. Absent where nothing is remembered. */
	start?: string;
	/** The newest message that was published before, or 0. What the client has missed follows, up to this one. */
	offset?: number;
	/** `offset` of the last message that the client has, or is not to have. What follows begins after it. */
	from?: number;
	/** Set where the client had a position: whether everything since then follows. */
	isRecovered?: boolean;
	/** How many are missing, where it is known. */
	missed?: number;
}

/**
 * What a client keeps of a topic: `start`, a tilde, and the offset of the last message that it has received. `start` alone is
 * what `websockets.position` says; up to its first dot it says which topic it is.
 */
export const positionSeparator = '~';

/** Somebody who is present. */
export interface Present<Info = unknown> {
	id: string;
	info: Info;
}

export type PresenceChange =
	| { /** Everybody, once. */ all: Present[] }
	| {
			/** Those who have come, or of whom `info` has changed. */ joined?: Present[];
			left?: string[];
	  };

/** @param fields none but the last one may contain a comma */
export function frame(kind: string, ...fields: (string | number)[]): string {
	return mark + kind + fields.join(',');
}

/**
 * The fields of a frame.
 * @param count how many there are at most: the last one takes the rest, commas and all
 */
export function fieldsOf(text: string, count: number): string[] {
	const fields: string[] = [];
	let at = 2;
	while (fields.length < count - 1) {
		const comma = text.indexOf(',', at);
		if (comma === -1) break;
		fields.push(text.slice(at, comma));
		at = comma + 1;
	}
	fields.push(text.slice(at));
	return fields;
}

/** Whether a text would be taken for a frame, where there are some: it has to be escaped. */
export function isFrame(data: unknown): data is string {
	return typeof data === 'string' && data.charCodeAt(0) === 0x16;
}

/** A text of the app that arrives as it is. */
export function escape(text: string): string {
	return isFrame(text) ? mark + text : text;
}
