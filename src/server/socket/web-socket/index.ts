import { EventEmitter } from 'node:events';
import { isThenable } from '../../../shared/thenable.ts';
import { unsendable } from '../../../shared/json.ts';
import type { SocketData } from '../../engine/engine.ts';
import { checkClose } from '../check.ts';
import type { PeerEvents } from '../listeners.ts';
import type { Peer } from '../peer.ts';
import {
	addListener,
	attributeOf,
	removeListener,
	setAttribute,
	type AddOptions,
	type EventListener,
	type EventName,
	type WebSocketEvents
} from './event-target.ts';
import { errorOf, payloadOf, plain, refused, toBuffer, toData } from './values.ts';
import { Outlet, type Sent } from './outlet.ts';

/** As in the types of `ws`, which do not know its `blob` yet. */
export type BinaryType = 'nodebuffer' | 'arraybuffer' | 'fragments';

const binaryTypes: readonly string[] = ['nodebuffer', 'arraybuffer', 'fragments', 'blob'];

/** Bytes above which `ws` compresses a message, where compression is on. */
const compressedFrom = 1024;

export interface WebSocketSendOptions {
	/** Default: bytes are sent as bytes, strings as text. */
	binary?: boolean;
	/** Default: messages of 1,024 bytes and more, where the app has turned compression on. */
	compress?: boolean;
	/** Only whole messages can be sent. */
	fin?: boolean;
	mask?: boolean;
}

/** As in the types of `ws`; there is no error where all went well. */
type PingSent = (error: Error) => void;

/** What `on…` is set to. */
type Attribute<Name extends EventName> = ((event: WebSocketEvents[Name]) => void) | null;

/**
 * A peer with the surface that sockets of the package `ws` have on a server, for libraries that expect one. It is an
 * `EventEmitter` with the events `message` `(data: Buffer, isBinary)`, `close` `(code, reason: Buffer)`, `pong` and `error`.
 * What is sent to a slow client is kept until it has taken it; above 16 MiB it is closed with 1013, to come back.
 */
export class PeerWebSocket extends EventEmitter {
	readonly CONNECTING = 0;
	readonly OPEN = 1;
	readonly CLOSING = 2;
	readonly CLOSED = 3;
	/** Always false: a peer cannot be told to wait. */
	readonly isPaused: boolean = false;
	/** Which extensions were agreed on is not known here. */
	readonly extensions: string = '';
	readonly #peer: Peer;
	readonly #outlet: Outlet;
	#binaryType: BinaryType | 'blob' = 'nodebuffer';

	constructor(peer: Peer) {
		super();
		this.#peer = peer;
		this.#outlet = new Outlet(peer);
		peer.addEventListener('message', ({ data }) => this.#message(data));
		peer.addEventListener('pong', ({ data }) => this.#tell('pong', toBuffer(data)));
		peer.addEventListener('close', (event) => this.#closed(event));
	}

	get readyState(): 0 | 1 | 2 | 3 {
		const { readyState } = this.#peer;
		return readyState === 1 && this.#outlet.isClosing ? 2 : readyState;
	}

	get protocol(): string {
		return this.#peer.protocol;
	}

	get url(): string {
		return this.#peer.url.href;
	}

	/** Bytes that wait to be sent. */
	get bufferedAmount(): number {
		return this.#outlet.bytes;
	}

	/** What bytes arrive as. Text always arrives as a `Buffer` of UTF-8, with `isBinary` false. */
	get binaryType(): BinaryType {
		return this.#binaryType as BinaryType;
	}

	set binaryType(type: BinaryType | 'blob') {
		// As in `ws`, what is none changes nothing.
		if (binaryTypes.includes(type)) this.#binaryType = type;
	}

	/**
	 * @param data a string, bytes of any kind, a Blob, or a number, which is sent as text
	 * @param done called when it has left, or with an error if it never will
	 * @throws {AdapterError} `bad_value` for what cannot be sent
	 */
	send(data: unknown, done?: Sent): void;
	send(data: unknown, options: WebSocketSendOptions | undefined, done?: Sent): void;
	send(data: unknown, options?: WebSocketSendOptions | Sent, done?: Sent): void {
		if (typeof options === 'function') return this.send(data, undefined, options);
		const { send } = PeerWebSocket.prototype;
		const { binary, compress, fin = true } = options ?? {};
		if (!fin) throw unsendable('a fragment', send, { todo: 'Send whole messages.' });
		if (this.readyState !== this.OPEN) return refused(done, this.readyState);
		if (data instanceof Blob) {
			const read = async () => toData(new Uint8Array(await data.arrayBuffer()), binary ?? true);
			this.#outlet.sendRead(read, compress ?? data.size >= compressedFrom, done);
			return;
		}
		const value = plain(data, send);
		const message = toData(value, binary ?? typeof value !== 'string');
		this.#outlet.send(message, compress ?? message.length >= compressedFrom, done);
	}

	/**
	 * @param data up to 125 bytes, or text of as many, which come back with `pong`. Default: none
	 * @throws {RangeError} for more
	 */
	ping(data?: unknown, mask?: boolean | PingSent, done?: PingSent): void {
		const callback = [data, mask, done].find((each) => typeof each === 'function') as
			Sent | undefined;
		if (this.readyState !== this.OPEN) return refused(callback, this.readyState);
		this.#peer.ping(payloadOf(typeof data === 'function' ? undefined : data));
		if (callback) queueMicrotask(() => callback());
	}

	/** No engine sends a pong that nobody has asked for. This sends a ping, which shows that somebody is here just as well. */
	pong(data?: unknown, mask?: boolean | PingSent, done?: PingSent): void {
		this.ping(data, mask, done);
	}

	/**
	 * Close when everything that was sent has left.
	 * @throws {AdapterError} `bad_value` for a code that may not be sent, or a reason of more than 123 bytes
	 */
	close(code?: number, reason?: string | Buffer): void {
		const text = String(reason ?? '');
		checkClose(code ?? 1000, text, PeerWebSocket.prototype.close);
		if (this.readyState === this.OPEN) this.#outlet.close(code, text);
	}

	/** Cut the connection. */
	terminate(): void {
		this.#peer.terminate();
	}

	/** A peer cannot be told to wait: this does nothing. */
	pause(): void {}

	resume(): void {}

	addEventListener<Name extends EventName>(
		type: Name,
		listener: EventListener<Name>,
		options?: Pick<AddOptions, 'once'>
	): void {
		addListener(this, type, listener, { once: options?.once ?? false });
	}

	removeEventListener<Name extends EventName>(type: Name, listener: EventListener<Name>): void {
		removeListener(this, type, listener);
	}

	get onopen(): Attribute<'open'> {
		return attributeOf(this, 'open') as Attribute<'open'>;
	}

	set onopen(listener: Attribute<'open'>) {
		setAttribute(this, 'open', listener);
	}

	get onmessage(): Attribute<'message'> {
		return attributeOf(this, 'message') as Attribute<'message'>;
	}

	set onmessage(listener: Attribute<'message'>) {
		setAttribute(this, 'message', listener);
	}

	get onclose(): Attribute<'close'> {
		return attributeOf(this, 'close') as Attribute<'close'>;
	}

	set onclose(listener: Attribute<'close'>) {
		setAttribute(this, 'close', listener);
	}

	get onerror(): Attribute<'error'> {
		return attributeOf(this, 'error') as Attribute<'error'>;
	}

	set onerror(listener: Attribute<'error'>) {
		setAttribute(this, 'error', listener);
	}

	#message(data: SocketData): Promise<unknown> | undefined {
		const isBytes = typeof data !== 'string';
		return this.#tell('message', isBytes ? this.#toBinary(data) : Buffer.from(data), isBytes);
	}

	/** As `emit` does it; and what asynchronous listeners reject with is an error like one that they throw. */
	#tell(name: string, ...args: unknown[]): Promise<unknown> | undefined {
		const results = this.rawListeners(name).map((listener): unknown => listener.apply(this, args));
		return results.some(isThenable) ? Promise.all(results) : undefined;
	}

	#toBinary(bytes: Uint8Array): Buffer | ArrayBufferLike | Buffer[] | Blob {
		if (this.#binaryType === 'arraybuffer') return bytes.slice().buffer;
		if (this.#binaryType === 'fragments') return [toBuffer(bytes)];
		if (this.#binaryType === 'blob') return new Blob([bytes.slice()]);
		return toBuffer(bytes);
	}

	#closed({ code, reason, cause }: PeerEvents['close']): Promise<unknown> | undefined {
		// As of any emitter, an error that nobody listens to would be thrown.
		if (cause && this.listenerCount('error') > 0) this.emit('error', errorOf(cause));
		return this.#tell('close', code, Buffer.from(reason));
	}
}
