import type { BusData, BusMessage } from './bus.ts';

/*
 * A frame: two bytes that say what this is, one of the version, six of the sender's id, then messages. A message: one byte of
 * kind, one that says text or bytes, four of length (big-endian), and the data.
 */
const magic = [0x73, 0x77];
const version = 1;
const senderAt = 3;
const headLength = 9;
const messageHead = 6;
const isText = 0;
const isBinary = 1;

export interface Frame {
	/** 12 hexadecimal digits. */
	readonly sender: string;
	readonly messages: readonly BusMessage[];
}

/** Bytes of a frame that carries this message alone. */
export function frameLength(message: BusMessage): number {
	return headLength + messageLength(message);
}

/**
 * Frames with all of these messages, in order, as few as `maxFrame` allows. A message that fits into none has to be left out before.
 * @param sender 12 hexadecimal digits
 */
export function* pack(
	sender: string,
	messages: readonly BusMessage[],
	maxFrame: number
): Iterable<Uint8Array> {
	let first = 0;
	let length = headLength;
	for (const [index, message] of messages.entries()) {
		const more = messageLength(message);
		if (index > first && length + more > maxFrame) {
			yield encode(sender, messages.slice(first, index), length);
			first = index;
			length = headLength;
		}
		length += more;
	}
	if (first < messages.length) yield encode(sender, messages.slice(first), length);
}

function messageLength({ data }: BusMessage): number {
	return messageHead + (typeof data === 'string' ? Buffer.byteLength(data) : data.byteLength);
}

function encode(sender: string, messages: readonly BusMessage[], length: number): Uint8Array {
	const frame = Buffer.allocUnsafe(length);
	frame.set(magic);
	frame[2] = version;
	frame.write(sender, senderAt, 'hex');
	let at = headLength;
	for (const { kind, data } of messages) {
		frame[at] = kind;
		frame[at + 1] = typeof data === 'string' ? isText : isBinary;
		const dataAt = at + messageHead;
		at = dataAt + write(frame, data, dataAt);
		frame.writeUInt32BE(at - dataAt, dataAt - 4);
	}
	return frame;
}

function write(frame: Buffer, data: BusData, at: number): number {
	if (typeof data === 'string') return frame.write(data, at);
	frame.set(data, at);
	return data.byteLength;
}

/** What the bytes say, which anybody may have sent: undefined if they are no frame of ours. Data of bytes is a view of them. */
export function unpack(bytes: Uint8Array): Frame | undefined {
	const frame = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (frame.length < headLength || frame[0] !== magic[0] || frame[1] !== magic[1]) return undefined;
	if (frame[2] !== version) return undefined;
	const sender = frame.toString('hex', senderAt, headLength);
	const messages: BusMessage[] = [];
	let at = headLength;
	while (at < frame.length) {
		if (at + messageHead > frame.length) return undefined;
		const dataAt = at + messageHead;
		const end = dataAt + frame.readUInt32BE(dataAt - 4);
		if (end > frame.length) return undefined;
		messages.push({ kind: frame.readUInt8(at), data: read(frame, frame[at + 1], dataAt, end) });
		at = end;
	}
	return { sender, messages };
}

function read(frame: Buffer, type: number | undefined, start: number, end: number): BusData {
	if (type === isText) return frame.toString('utf8', start, end);
	return new Uint8Array(frame.buffer, frame.byteOffset + start, end - start);
}
