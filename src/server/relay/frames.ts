import type { BusData } from '../bus/bus.ts';

/**
 * What two processes tell each other of one relayed socket. Its _outpost_ has the connection, its _home_ has made the one-time
 * URL and has the session.
 */
export const ops = {
	/** Outpost: somebody is here with one of your URLs. */
	ask: 1,
	/** Outpost: the client has left before it was answered. */
	left: 2,
	/** Outpost: the socket has ended. */
	closed: 3,
	/** Outpost: a ping was answered. */
	pong: 4,
	/** Home: I am here and decide. */
	heard: 16,
	/** Home: an answer instead of a socket, its body in pieces, its end; or the connection is to be cut. */
	answer: 17,
	body: 18,
	end: 19,
	cut: 20,
	/** Home: it becomes a socket. */
	accept: 21,
	/** Home: close handshake, ping. */
	close: 22,
	ping: 23,
	/** Both: a message, in pieces. */
	text: 32,
	bytes: 33,
	/** Both, out of turn: how far each of some sockets has come. */
	status: 48,
	/** Both, out of turn: I know nothing of it, or something was lost on the way. */
	gone: 49,
	/** Home, out of turn: cut the connection, also of a socket that is leaving. */
	terminate: 50
} as const;

export interface Frame {
	/** One of `ops`, or of those of another version, which mean nothing here. */
	op: number;
	/** Sent by the socket's home; else by its outpost. */
	isFromHome: boolean;
	/** Its number among the sockets of the outpost. */
	link: number;
	/** Its number among the frames to one end of the socket, from 0 on; it starts again after 2 ** 32. */
	order: number;
	/** More pieces of the same message follow. */
	hasMore: boolean;
	/** Of a message: compress it. Of a status: answer it. */
	flag: boolean;
	payload: Uint8Array;
}

const headBytes = 10;

/** @returns a copy */
export function encodeFrame(frame: Frame): Uint8Array {
	const { payload } = frame;
	const bytes = new Uint8Array(headBytes + payload.byteLength);
	const view = new DataView(bytes.buffer);
	view.setUint8(0, frame.op);
	view.setUint8(1, (frame.isFromHome ? 1 : 0) | (frame.hasMore ? 2 : 0) | (frame.flag ? 4 : 0));
	view.setUint32(2, frame.link);
	view.setUint32(6, frame.order);
	bytes.set(payload, headBytes);
	return bytes;
}

/** @returns undefined for what is none */
export function decodeFrame(data: BusData): Frame | undefined {
	if (typeof data === 'string' || data.byteLength < headBytes) return undefined;
	const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
	const flags = view.getUint8(1);
	return {
		op: view.getUint8(0),
		isFromHome: (flags & 1) !== 0,
		hasMore: (flags & 2) !== 0,
		flag: (flags & 4) !== 0,
		link: view.getUint32(2),
		order: view.getUint32(6),
		payload: data.subarray(headBytes)
	};
}

/** Those out of turn are not. */
export function isNumbered(op: number): boolean {
	return op < ops.status;
}
