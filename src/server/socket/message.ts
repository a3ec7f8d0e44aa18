import type { SocketData } from '../engine/engine.ts';

/** A message that was received or published. It stays as it is for as long as it is kept. */
export class Message<Value = unknown> {
	/** Text as a string, binary as bytes. */
	readonly data: string | Uint8Array;
	#value: { readonly is: unknown } | undefined;

	/** @param value what the schema of its path has made of it */
	constructor(data: SocketData, value?: { readonly is: unknown }) {
		this.data = data;
		this.#value = value;
	}

	/**
	 * What the schema `incoming` of the path has made of it. Without one, text that is JSON as what it stands for, any other text
	 * as it is, and bytes.
	 */
	get value(): Value {
		this.#value ??= { is: this.#read() };
		return this.#value.is as Value;
	}

	/** The message came as a binary frame. */
	get isBinary(): boolean {
		return typeof this.data !== 'string';
	}

	/** The message as text; bytes are read as UTF-8. */
	text(): string {
		return typeof this.data === 'string' ? this.data : new TextDecoder().decode(this.data);
	}

	/**
	 * The message as JSON.
	 * @throws {SyntaxError} if it is not JSON
	 */
	json<T = unknown>(): T {
		return JSON.parse(this.text()) as T;
	}

	/** The message as bytes; text becomes UTF-8. */
	bytes(): Uint8Array {
		return typeof this.data === 'string' ? new TextEncoder().encode(this.data) : this.data;
	}

	#read(): unknown {
		if (typeof this.data !== 'string') return this.data;
		try {
			return JSON.parse(this.data) as unknown;
		} catch {
			return this.data;
		}
	}
}
