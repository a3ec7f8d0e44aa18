import { AdapterError } from '../../../shared/errors.ts';

/**
 * What goes between a worker and the router: the length of the rest as 32 bits, a type, and what belongs to the type.
 * Both ends are of the same build or share no path, so nothing here has a version.
 */
export const packetTypes = {
	/** To the router, first of all: which process this is. */
	hello: 1,
	/** Its answer: the process that runs the router where that is a worker, else empty. */
	welcome: 2,
	/** To the router: channels. */
	listen: 3,
	unlisten: 4,
	/** Both ways: a channel and a frame on it. */
	frame: 5,
	/** To workers: a process is gone. */
	left: 6,
	/** To the router: something about what topics remember, which it answers. */
	ask: 7,
	answer: 8
} as const;

export interface Packet {
	readonly type: number;
	/** What belongs to the type. */
	readonly body: Buffer;
	/** All of it, to be sent on as it is. */
	readonly whole: Buffer;
}

/** Bytes of a length. */
const word = 4;

/** Bytes of the largest frame. */
export const maxFrame = 16 * 1024 * 1024;

/** A packet above it comes from something else than a worker of ours: channels are short beside frames. */
const maxPacket = 2 * maxFrame;

export function textPacket(type: number, text: string): Buffer {
	const body = Buffer.from(text);
	return Buffer.concat([head(type, body.byteLength), body]);
}

export function channelsPacket(type: number, channels: readonly string[]): Uint8Array[] {
	return packet(type, channels.flatMap(sized));
}

export function framePacket(channel: string, frame: Uint8Array): Uint8Array[] {
	return packet(packetTypes.frame, [...sized(channel), frame]);
}

/** One of these parts, one after the other. */
export function packet(type: number, parts: readonly Uint8Array[]): Uint8Array[] {
	return [head(type, sizeOf(parts)), ...parts];
}

/** Channels as the bytes that they are, for a key: one character per byte. */
export function channelsOf(body: Buffer): string[] {
	const found: string[] = [];
	let at = 0;
	while (at < body.byteLength) {
		const end = at + word + body.readUInt32BE(at);
		found.push(body.toString('latin1', at + word, end));
		at = end;
	}
	return found;
}

/** The channel of a frame, as `channelsOf` has it. */
export function channelOf(body: Buffer): string {
	return body.toString('latin1', word, word + body.readUInt32BE(0));
}

export function openFrame(body: Buffer): { channel: string; frame: Uint8Array } {
	const start = word + body.readUInt32BE(0);
	return { channel: body.toString('utf8', word, start), frame: body.subarray(start) };
}

function sized(text: string): Buffer[] {
	const bytes = Buffer.from(text);
	const length = Buffer.allocUnsafe(word);
	length.writeUInt32BE(bytes.byteLength);
	return [length, bytes];
}

function head(type: number, size: number): Buffer {
	const bytes = Buffer.allocUnsafe(word + 1);
	bytes.writeUInt32BE(size + 1);
	bytes.writeUInt8(type, word);
	return bytes;
}

function sizeOf(parts: readonly Uint8Array[]): number {
	return parts.reduce((sum, part) => sum + part.byteLength, 0);
}

/** Finds packets in what arrives in pieces. */
export class PacketReader {
	#pieces: Buffer[] = [];
	#size = 0;
	/** Bytes without which there is nothing to find: a large packet that comes in many pieces is put together once. */
	#needed = word;

	/** @throws {AdapterError} `bad_value` if it is none of our packets */
	*read(piece: Buffer): Generator<Packet> {
		this.#pieces.push(piece);
		this.#size += piece.byteLength;
		if (this.#size < this.#needed) return;
		let rest = this.#pieces.length === 1 ? piece : Buffer.concat(this.#pieces);
		this.#needed = word;
		while (rest.byteLength >= word) {
			const size = word + rest.readUInt32BE(0);
			if (size > maxPacket || size === word) throw noPacket(size);
			this.#needed = size;
			if (rest.byteLength < size) break;
			const whole = rest.subarray(0, size);
			yield { type: whole.readUInt8(word), body: whole.subarray(word + 1), whole };
			rest = rest.subarray(size);
			this.#needed = word;
		}
		this.#pieces = [rest];
		this.#size = rest.byteLength;
	}
}

function noPacket(size: number): AdapterError {
	return new AdapterError('bad_value', {
		what: 'What came from another worker cannot be read',
		value: `a packet of ${size} bytes`
	});
}
