/** How far one end of a relayed socket has come. */
export interface Progress {
	/** The socket's number. */
	link: number;
	/** Frames that it has sent. */
	sent: number;
	/** Bytes that it was sent, and of these those that it has passed on. */
	received: number;
	taken: number;
}

/** What one process tells another of the sockets between them. */
export interface Status {
	/** All of those whose number is above `after` and not above `until` are named; of others nothing is said. */
	after: number;
	until: number;
	all: Progress[];
}

/** As many fit into every frame. */
const most = 2000;
const headBytes = 8;
const entryBytes = 24;

/** The highest number of a socket. */
export const highest = 2 ** 32 - 1;

/** Some sockets, of which others than those that are named may be there. */
export function someOf(all: Progress[]): Status {
	return { after: 0, until: 0, all };
}

/** All sockets, in as many parts as it takes. */
export function allOf(all: Progress[]): Status[] {
	const sorted = all.toSorted((a, b) => a.link - b.link);
	const parts: Status[] = [];
	let after = 0;
	do {
		const part = sorted.splice(0, most);
		const until = sorted.length === 0 ? highest : (part.at(-1)?.link ?? highest);
		parts.push({ after, until, all: part });
		after = until;
	} while (sorted.length > 0);
	return parts;
}

export function encodeStatus({ after, until, all }: Status): Uint8Array {
	const bytes = new Uint8Array(headBytes + all.length * entryBytes);
	const view = new DataView(bytes.buffer);
	view.setUint32(0, after);
	view.setUint32(4, until);
	let at = headBytes;
	for (const { link, sent, received, taken } of all) {
		view.setUint32(at, link);
		view.setUint32(at + 4, sent);
		view.setFloat64(at + 8, received);
		view.setFloat64(at + 16, taken);
		at += entryBytes;
	}
	return bytes;
}

/** @returns undefined for what is none */
export function decodeStatus(payload: Uint8Array): Status | undefined {
	const { buffer, byteOffset, byteLength } = payload;
	if (byteLength < headBytes || (byteLength - headBytes) % entryBytes !== 0) return undefined;
	const view = new DataView(buffer, byteOffset, byteLength);
	const all: Progress[] = [];
	for (let at = headBytes; at < byteLength; at += entryBytes) {
		all.push({
			link: view.getUint32(at),
			sent: view.getUint32(at + 4),
			received: view.getFloat64(at + 8),
			taken: view.getFloat64(at + 16)
		});
	}
	return { after: view.getUint32(0), until: view.getUint32(4), all };
}
