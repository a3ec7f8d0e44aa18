import { randomUUID } from 'node:crypto';
import type { Message } from '../socket/message.ts';
import type { CrosswsMessage, CrosswsPeer } from './types.ts';

export class SocketMessage implements CrosswsMessage {
	readonly peer: CrosswsPeer;
	/** Text as a string, binary as bytes. */
	readonly rawData: unknown;
	readonly #message: Message;
	#id: string | undefined;

	constructor(message: Message, peer: CrosswsPeer) {
		this.#message = message;
		this.rawData = message.data;
		this.peer = peer;
	}

	get id(): string {
		return (this.#id ??= randomUUID());
	}

	get data(): unknown {
		return this.rawData;
	}

	uint8Array(): Uint8Array {
		return this.#message.bytes();
	}

	/** The bytes of this message and no others, whatever they were cut from. */
	arrayBuffer(): ArrayBuffer | SharedArrayBuffer {
		const bytes = this.uint8Array();
		const isWhole = bytes.byteLength === bytes.buffer.byteLength;
		return isWhole ? bytes.buffer : bytes.slice().buffer;
	}

	blob(): Blob {
		return new Blob([new Uint8Array(this.uint8Array())]);
	}

	text(): string {
		return this.#message.text();
	}

	/** @throws {SyntaxError} if it is not JSON */
	json<T = unknown>(): T {
		return this.#message.json<T>();
	}

	toString(): string {
		return this.text();
	}

	[Symbol.toPrimitive](): string {
		return this.text();
	}
}
