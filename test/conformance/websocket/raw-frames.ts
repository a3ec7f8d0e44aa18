import { once } from 'node:events';
import { RawConnection } from '../../support/raw.ts';
import type { App } from './app.ts';

export const opcodes = {
	continuation: 0,
	text: 1,
	binary: 2,
	close: 8,
	ping: 9,
	pong: 10
} as const;

/** Every client's frames are masked; with which key is all the same, but it must not be zero to tell anything. */
const key = Buffer.of(0x37, 0xfa, 0x21, 0x3d);

export interface FrameOptions {
	/** A name, or any number of four bits. */
	opcode?: keyof typeof opcodes | number;
	payload?: string | Uint8Array;
	/** It is the last one of its message. */
	isFinal?: boolean;
	/** The three reserved bits, RSV1 being 4. */
	reserved?: number;
	isMasked?: boolean;
	/** In how many bits the length is said; the fewest that can hold it if absent. */
	lengthBits?: 7 | 16 | 64;
	/** The length that is said, whatever the payload's is. */
	length?: bigint;
}

/** One frame as RFC 6455, section 5.2, lays it out: a good one of a client, if the options do not want another. */
export function frame({
	opcode = 'text',
	payload = '',
	isFinal = true,
	reserved = 0,
	isMasked = true,
	...said
}: FrameOptions = {}): Buffer {
	const bytes = Buffer.from(payload);
	const code = typeof opcode === 'number' ? opcode : opcodes[opcode];
	const { length = BigInt(bytes.byteLength) } = said;
	const [seven, rest] = lengthFields(length, said.lengthBits ?? fewestBits(length));
	const start = Buffer.of(
		(isFinal ? 0x80 : 0) | (reserved << 4) | code,
		(isMasked ? 0x80 : 0) | seven
	);
	if (!isMasked) return Buffer.concat([start, rest, bytes]);
	const masked = bytes.map((byte, index) => byte ^ (key[index % 4] ?? 0));
	return Buffer.concat([start, rest, key, masked]);
}

/** A message in as many frames as there are parts. */
export function fragments(
	opcode: 'text' | 'binary',
	parts: readonly (string | Uint8Array)[]
): Buffer[] {
	return parts.map((payload, index) =>
		frame({
			opcode: index === 0 ? opcode : 'continuation',
			payload,
			isFinal: index === parts.length - 1
		})
	);
}

/** A close frame; without a code its body is empty. */
export function closeFrame(code?: number, reason: string | Uint8Array = ''): Buffer {
	if (code === undefined) return frame({ opcode: 'close' });
	const payload = Buffer.concat([Buffer.of(code >> 8, code & 255), Buffer.from(reason)]);
	return frame({ opcode: 'close', payload });
}

function fewestBits(length: bigint): 7 | 16 | 64 {
	if (length <= 125n) return 7;
	return length <= 0xffffn ? 16 : 64;
}

function lengthFields(length: bigint, bits: 7 | 16 | 64): [seven: number, rest: Buffer] {
	if (bits === 7) return [Number(length), Buffer.alloc(0)];
	const rest = Buffer.alloc(bits / 8);
	if (bits === 16) rest.writeUInt16BE(Number(length));
	else rest.writeBigUInt64BE(length);
	return [bits === 16 ? 126 : 127, rest];
}

export interface ServerFrame {
	opcode: number;
	payload: Buffer;
	isFinal: boolean;
	reserved: number;
	isMasked: boolean;
	/** Of the first two bytes and the length. */
	headerBytes: number;
}

/** The frame that begins there, if all of it is there. */
export function parseFrame(data: Buffer, start: number): ServerFrame | undefined {
	const [first, second] = data.subarray(start);
	if (first === undefined || second === undefined) return undefined;
	const seven = second & 0x7f;
	const extra = { 126: 2, 127: 8 }[seven] ?? 0;
	const begin = start + 2 + extra;
	if (data.byteLength < begin) return undefined;
	const length = extra === 0 ? seven : Number(`0x${data.toString('hex', start + 2, begin)}`);
	if (data.byteLength < begin + length) return undefined;
	return {
		opcode: first & 0x0f,
		payload: data.subarray(begin, begin + length),
		isFinal: (first & 0x80) !== 0,
		reserved: (first >> 4) & 7,
		isMasked: (second & 0x80) !== 0,
		headerBytes: 2 + extra
	};
}

/** How the server has ended a socket. */
export interface Ending {
	/** The code of its close frame: 1005 in one without a code, 1006 if there was none. */
	code: number;
	reason: string;
	/** What came before that. */
	frames: ServerFrame[];
	/** Bytes after the close frame. */
	trailing: number;
}

/** An open socket on which every frame is the test's own. */
export class FrameSocket implements AsyncDisposable {
	readonly connection: RawConnection;
	/** Under which the app's hooks note what happens to it, if they are to. */
	readonly tag: string;
	#offset = 0;

	private constructor(connection: RawConnection, tag: string) {
		this.connection = connection;
		this.tag = tag;
	}

	static async open(app: App, path: string, tag = ''): Promise<FrameSocket> {
		const connection = await RawConnection.open(app.port);
		connection.write(app.handshake(tag === '' ? path : `${path}?tag=${tag}`));
		const { status } = await connection.response();
		if (status !== 101) throw new Error(`${path} was answered ${status}`);
		return new FrameSocket(connection, tag);
	}

	/** In one packet, as far as TCP goes along. */
	write(...frames: Uint8Array[]): void {
		this.connection.write(Buffer.concat(frames));
	}

	/** The next frame. Rejects if the connection ends before it is complete. */
	async next(): Promise<ServerFrame> {
		for (;;) {
			const found = this.#take();
			if (found !== undefined) return found;
			const { byteLength } = this.connection.rest;
			await this.connection.received(byteLength + 1);
		}
	}

	/** The payload of the next frame, which has to be a whole message or a control frame of this kind. */
	async payload(opcode: keyof typeof opcodes): Promise<Buffer> {
		const next = await this.next();
		const { payload, isFinal, reserved, isMasked } = next;
		if (next.opcode !== opcodes[opcode] || !isFinal || reserved !== 0 || isMasked) {
			throw new Error(
				`No ${opcode} frame: ${JSON.stringify({ ...next, payload: payload.toString('latin1') })}`
			);
		}
		return payload;
	}

	/** When the server has ended the connection. */
	async ending(): Promise<Ending> {
		await this.connection.closed();
		return this.#ending();
	}

	/** Do not close this half of the connection when the server closes its own. */
	keepOpen(): void {
		this.connection.socket.allowHalfOpen = true;
	}

	/** When the server has closed its half of the connection. */
	async ended(): Promise<Ending> {
		const { socket } = this.connection;
		if (!socket.readableEnded) await once(socket, 'end');
		return this.#ending();
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.connection[Symbol.asyncDispose]();
	}

	#ending(): Ending {
		const frames: ServerFrame[] = [];
		for (let next = this.#take(); next !== undefined; next = this.#take()) {
			if (next.opcode !== opcodes.close) frames.push(next);
			else return { ...closeDetails(next.payload), frames, trailing: this.#unread };
		}
		return { code: 1006, reason: '', frames, trailing: this.#unread };
	}

	get #unread(): number {
		return this.connection.rest.byteLength - this.#offset;
	}

	/** The next frame that is there, but for pings, which the server sends when it likes. */
	#take(): ServerFrame | undefined {
		for (;;) {
			const found = parseFrame(this.connection.rest, this.#offset);
			if (found === undefined) return undefined;
			this.#offset += found.headerBytes + found.payload.byteLength;
			if (found.opcode !== opcodes.ping) return found;
		}
	}
}

function closeDetails(payload: Buffer): { code: number; reason: string } {
	if (payload.byteLength < 2) return { code: 1005, reason: '' };
	return { code: payload.readUInt16BE(), reason: payload.toString('utf8', 2) };
}
