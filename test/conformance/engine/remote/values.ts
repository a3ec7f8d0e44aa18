/** What travels between the two processes instead of a value. */
export type Wire =
	| null
	| boolean
	| number
	| string
	| Wire[]
	| { is: 'undefined' }
	| { is: 'number'; text: string }
	| { is: 'copy'; entries: [string, Wire][] }
	| ({ is: 'bytes' } & WireBytes)
	| { is: 'error'; id: number; name: string; message: string; code: Wire }
	| { is: 'promise' | 'function' | 'stream'; id: number }
	| { is: 'object'; id: number; methods: string[]; properties: string[] }
	/** One of the receiver's own. */
	| { is: 'yours'; id: number };

/** Bytes, and what they lie in. */
interface WireBytes {
	base64: string;
	isBuffer: boolean;
	isShared: boolean;
	/** The same number is the same buffer. */
	buffer: number;
	offset: number;
	capacity: number;
}

/** Where something is that stays where it is: calls go there. */
export interface Home {
	call(id: number, method: string | undefined, args: unknown[]): unknown;
	get(id: number, property: string): unknown;
	/** Tell the other end what has become of a promise. */
	settle(id: number, how: 'resolve' | 'reject', value: unknown): void;
}

/** Turns values into messages and back. What is not data stays in its process, and is a stand-in in the other one. */
export class Values {
	readonly #home: Home;
	/** What is here and known there. */
	readonly #own = new Map<number, unknown>();
	readonly #ids = new Map<unknown, number>();
	/** Stand-ins for what is there. */
	readonly #theirs = new Map<number, unknown>();
	readonly #theirIds = new Map<unknown, number>();
	readonly #promises = new Map<number, PromiseWithResolvers<unknown>>();
	readonly #buffers = new Map<number, WeakRef<ArrayBufferLike>>();
	readonly #bufferIds = new WeakMap<ArrayBufferLike, number>();
	#count = 0;

	constructor(home: Home) {
		this.#home = home;
	}

	own(id: number): unknown {
		return this.#own.get(id);
	}

	encode(value: unknown): Wire {
		if (value === undefined) return { is: 'undefined' };
		if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
		if (typeof value === 'number') {
			return Number.isFinite(value) ? value : { is: 'number', text: String(value) };
		}
		if (value instanceof Uint8Array) return this.#encodeBytes(value);
		if (Array.isArray(value)) return value.map((each) => this.encode(each));
		const theirs = this.#theirIds.get(value);
		if (theirs !== undefined) return { is: 'yours', id: theirs };
		if (typeof value === 'function') return { is: 'function', id: this.#idOf(value) };
		if (typeof value === 'object') return this.#encodeObject(value);
		throw new TypeError(`Nothing to send: ${typeof value}`);
	}

	decode(wire: Wire): unknown {
		if (wire === null || typeof wire !== 'object') return wire;
		if (Array.isArray(wire)) return wire.map((each) => this.decode(each));
		if (wire.is === 'undefined') return undefined;
		if (wire.is === 'number') return Number(wire.text);
		if (wire.is === 'bytes') return this.#decodeBytes(wire);
		if (wire.is === 'yours') return this.#own.get(wire.id);
		if (wire.is === 'copy') {
			return Object.fromEntries(wire.entries.map(([name, each]) => [name, this.decode(each)]));
		}
		const known = this.#theirs.get(wire.id);
		if (known !== undefined) return known;
		const made = this.#standIn(wire);
		this.#theirs.set(wire.id, made);
		this.#theirIds.set(made, wire.id);
		return made;
	}

	/** What has become of one of their promises. */
	settled(id: number, how: 'resolve' | 'reject', value: unknown): void {
		this.#promises.get(id)?.[how](value);
		this.#promises.delete(id);
	}

	#encodeObject(value: object): Wire {
		if (value instanceof Promise) return this.#encodePromise(value);
		if (value instanceof ReadableStream) {
			return { is: 'stream', id: this.#ids.get(value) ?? this.#idOf(value.getReader(), value) };
		}
		if (value instanceof Error) {
			const { name, message, code } = value as NodeJS.ErrnoException;
			return { is: 'error', id: this.#idOf(value), name, message, code: this.encode(code) };
		}
		if (Symbol.iterator in value) return this.encode([...(value as Iterable<unknown>)]);
		const members = membersOf(value);
		if (members.methods.length > 0) return { is: 'object', id: this.#idOf(value), ...members };
		const entries = Object.entries(value);
		return { is: 'copy', entries: entries.map(([name, each]) => [name, this.encode(each)]) };
	}

	#encodePromise(promise: Promise<unknown>): Wire {
		const id = this.#idOf(promise);
		promise.then(
			(value) => this.#home.settle(id, 'resolve', value),
			(error: unknown) => this.#home.settle(id, 'reject', error)
		);
		return { is: 'promise', id };
	}

	#encodeBytes(bytes: Uint8Array): Wire {
		return {
			is: 'bytes',
			base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
			isBuffer: Buffer.isBuffer(bytes),
			isShared: bytes.buffer instanceof SharedArrayBuffer,
			buffer: this.#bufferIdOf(bytes.buffer),
			offset: bytes.byteOffset,
			capacity: bytes.buffer.byteLength
		};
	}

	#decodeBytes({ base64, isBuffer, isShared, buffer, offset, capacity }: WireBytes): Uint8Array {
		const content = Buffer.from(base64, 'base64');
		const memory =
			this.#buffers.get(buffer)?.deref() ??
			(isShared ? new SharedArrayBuffer(capacity) : new ArrayBuffer(capacity));
		this.#buffers.set(buffer, new WeakRef(memory));
		const bytes = isBuffer
			? Buffer.from(memory, offset, content.byteLength)
			: new Uint8Array(memory, offset, content.byteLength);
		bytes.set(content);
		return bytes;
	}

	#standIn(wire: Extract<Wire, { id: number }>): unknown {
		const { id } = wire;
		if (wire.is === 'function') return (...args: unknown[]) => this.#home.call(id, undefined, args);
		if (wire.is === 'promise') {
			const promise = Promise.withResolvers<unknown>();
			this.#promises.set(id, promise);
			return promise.promise;
		}
		if (wire.is === 'error') {
			const { name, message, code } = wire;
			return Object.assign(new Error(message), { name, code: this.decode(code) });
		}
		if (wire.is === 'stream') return this.#stream(id);
		if (wire.is === 'object') return this.#object(wire);
		throw new TypeError(`No stand-in for ${wire.is}`);
	}

	#stream(id: number): ReadableStream<Uint8Array> {
		const source: ConstructorParameters<typeof ReadableStream<Uint8Array>>[0] = {
			pull: async (controller) => {
				const { done, value } = (await this.#home.call(id, 'read', [])) as {
					done: boolean;
					value: Uint8Array;
				};
				if (done) controller.close();
				else controller.enqueue(value);
			},
			cancel: (reason) => this.#home.call(id, 'cancel', [reason]) as Promise<void>
		};
		return new ReadableStream(source, { highWaterMark: 0 });
	}

	#object({ id, methods, properties }: Extract<Wire, { is: 'object' }>): object {
		const call = new Map(
			methods.map((name) => [name, (...args: unknown[]) => this.#home.call(id, name, args)])
		);
		const readable = new Set(properties);
		return new Proxy(
			{},
			{
				get: (_, name) => {
					if (typeof name === 'symbol') return undefined;
					return call.get(name) ?? (readable.has(name) ? this.#home.get(id, name) : undefined);
				},
				has: (_, name) => typeof name === 'string' && (call.has(name) || readable.has(name))
			}
		);
	}

	#bufferIdOf(buffer: ArrayBufferLike): number {
		const id = this.#bufferIds.get(buffer) ?? (this.#count += 1);
		this.#bufferIds.set(buffer, id);
		return id;
	}

	/** @param key what it is known as here */
	#idOf(value: unknown, key = value): number {
		const known = this.#ids.get(key);
		if (known !== undefined) return known;
		this.#count += 1;
		this.#own.set(this.#count, value);
		this.#ids.set(key, this.#count);
		return this.#count;
	}
}

function membersOf(value: object): { methods: string[]; properties: string[] } {
	const methods = new Set<string>();
	const properties = new Set<string>();
	for (let each = value; each !== null && each !== Object.prototype;) {
		for (const [name, member] of Object.entries(Object.getOwnPropertyDescriptors(each))) {
			if (methods.has(name) || properties.has(name) || name === 'constructor') continue;
			(typeof member.value === 'function' ? methods : properties).add(name);
		}
		each = Object.getPrototypeOf(each) as object;
	}
	return { methods: [...methods], properties: [...properties] };
}
