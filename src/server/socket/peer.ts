import type { EngineSocket, SendResult, SocketData } from '../engine/engine.ts';
import { beat } from '../../shared/heartbeat.ts';
import { checkClose, checkTopic } from './check.ts';
import { encode } from './encode.ts';
import type { ParamValue } from './types.ts';
import { Listeners, type PeerEvents, type PeerListener } from './listeners.ts';

/** What sockets are told of a server that stops, with 1001. */
export const goingAway = 'Server is shutting down';

/** Who a peer is: what its upgrade found out. */
export interface PeerIdentity<Data, P> {
	readonly data: Data;
	readonly locals: App.Locals;
	readonly params: P;
	/** As text until somebody asks: few do, and a URL takes much more. */
	readonly url: URL | string;
	readonly address: string;
	readonly protocol: string;
}

/** What a peer needs of the registry. */
export interface PeerHub {
	/** The id of a peer, which is asked for once. Whoever knows it can send to the peer. */
	identify(peer: Peer): string;
	/** Something was published by a peer: others than peers of this process get it too. */
	published(topic: string, data: SocketData, compress: boolean): void;
	/** A peer is on a topic, or no longer. Not called for what it is on when it ends. */
	joined(topic: string): void;
	parted(topic: string): void;
}

export interface SendOptions {
	/** Compress this message, if the app turned `compression` on. Default: false. */
	compress?: boolean;
}

/** The server's end of one socket. After the socket has closed every method is harmless and does nothing. */
export class Peer<Data = unknown, P = Record<string, ParamValue>> implements PeerIdentity<Data, P> {
	/** What `upgrade` returned. */
	readonly data: Data;
	/** `event.locals` of the upgrade. */
	readonly locals: App.Locals;
	/** The params of the path. */
	readonly params: P;
	/** The client's address, as `event.getClientAddress()` of the upgrade gave it. */
	readonly address: string;
	/** The chosen subprotocol, or an empty string. */
	readonly protocol: string;
	/** @internal Its client has asked to be told when the server leaves. */
	isTold = false;
	/** @internal It was. */
	isParting = false;
	readonly #socket: EngineSocket;
	readonly #hub: PeerHub;
	#id: string | undefined;
	#url: URL | string;
	#topics: Set<string> | undefined;
	#listeners: Listeners | undefined;
	#controller: AbortController | undefined;
	#readyState: 1 | 2 | 3 = 1;

	constructor(socket: EngineSocket, hub: PeerHub, identity: PeerIdentity<Data, P>) {
		this.#socket = socket;
		this.#hub = hub;
		this.data = identity.data;
		this.locals = identity.locals;
		this.params = identity.params;
		this.#url = identity.url;
		this.address = identity.address;
		this.protocol = identity.protocol;
	}

	/** As on a browser's WebSocket: 1 open, 2 closing, 3 closed. */
	get readyState(): 1 | 2 | 3 {
		return this.#readyState;
	}

	/** Unique among all processes. */
	get id(): string {
		return (this.#id ??= this.#hub.identify(this as Peer));
	}

	/** Who this is. */
	toJSON(): PeerIdentity<Data, P> & { readonly id: string } {
		const { id, data, locals, params, url, address, protocol } = this;
		return { id, data, locals, params, url, address, protocol };
	}

	/** @internal The id, if anybody has asked for it. */
	get knownId(): string | undefined {
		return this.#id;
	}

	/** The URL of the upgrade. */
	get url(): URL {
		if (typeof this.#url === 'string') this.#url = new URL(this.#url);
		return this.#url;
	}

	/** The topics this peer is on. */
	get topics(): ReadonlySet<string> {
		return (this.#topics ??= new Set());
	}

	/**
	 * Aborts the moment the socket has ended, though `open` still runs: `websockets.subscribe(topic, { signal: peer.signal })`
	 * ends then. It has aborted already if that was before it was asked for.
	 */
	get signal(): AbortSignal {
		if (this.#controller === undefined) {
			this.#controller = new AbortController();
			if (this.#readyState === 3) this.#controller.abort();
		}
		return this.#controller.signal;
	}

	/** Bytes that wait to be sent to this peer. */
	get bufferedAmount(): number {
		return this.#socket.bufferedAmount;
	}

	/**
	 * Messages that this peer has lost so far, sent or published, because it was slow: more than `maxBackpressure` would have
	 * waited for it. On uWebSockets.js up to 31 more may be lost together with the first one.
	 */
	get dropped(): number {
		return this.#socket.dropped;
	}

	/**
	 * Send a string or binary data as it is, anything else as JSON.
	 * @returns `queued` if the peer is slow, `dropped` if its queue is full or it is closed
	 * @throws {AdapterError} `bad_value` for what cannot be sent
	 */
	send(value: unknown, { compress = false }: SendOptions = {}): SendResult {
		return this.#socket.send(encode(value, Peer.prototype.send), compress);
	}

	/** @internal Send what is encoded already. */
	transmit(data: SocketData, compress: boolean): SendResult {
		return this.#socket.send(data, compress);
	}

	/**
	 * Receive what is published to the topic from now on.
	 * @throws {AdapterError} `bad_value` for what is no topic
	 */
	subscribe(topic: string): void {
		checkTopic(topic, Peer.prototype.subscribe);
		if (this.#readyState !== 1) return;
		if (this.isOn(topic)) return;
		this.#topics ??= new Set();
		this.#topics.add(topic);
		this.#socket.subscribe(topic);
		this.#hub.joined(topic);
	}

	/** @throws {AdapterError} `bad_value` for what is no topic */
	unsubscribe(topic: string): void {
		checkTopic(topic, Peer.prototype.unsubscribe);
		if (!this.#topics?.delete(topic)) return;
		this.#socket.unsubscribe(topic);
		this.#hub.parted(topic);
	}

	/** @internal Asked of many, few of whom have topics: `topics` would make each of them some. */
	isOn(topic: string): boolean {
		return this.#topics?.has(topic) ?? false;
	}

	/**
	 * Send to everyone on the topic but this peer, which need not be on it itself.
	 * @throws {AdapterError} `bad_value` for what cannot be sent or is no topic; then it went to nobody
	 */
	publish(topic: string, value: unknown, { compress = false }: SendOptions = {}): void {
		checkTopic(topic, Peer.prototype.publish);
		const data = encode(value, Peer.prototype.publish);
		this.#socket.publish(topic, data, compress);
		this.#hub.published(topic, data, compress);
	}

	ping(): void {
		this.#socket.ping();
	}

	/**
	 * Close with a code that may be sent and a reason of at most 123 bytes. The socket has ended for you at once; the client
	 * still gets what is queued for it, as long as it takes something within 30 seconds.
	 * @throws {AdapterError} `bad_value` for another code or a longer reason
	 */
	close(code = 1000, reason = ''): void {
		checkClose(code, reason, Peer.prototype.close);
		if (this.#readyState !== 1) return;
		this.#readyState = 2;
		this.#socket.close(code, reason);
	}

	/** @internal See `shared/heartbeat.ts`. @param delay at least 1 @returns whether its client will know what to do */
	part(delay: number): boolean {
		if (!this.isTold || this.#socket.send(`${beat}-${delay}`, false) === 'dropped') return false;
		this.isParting = true;
		return true;
	}

	/** Cut the connection, also while the last bytes leave after `close`; the client sees 1006. */
	terminate(): void {
		this.#socket.terminate();
	}

	/**
	 * Listen as on a browser's WebSocket, for code that is handed a peer. Hooks of the same name come first, but for a `close`
	 * hook that waits for `open` or for a message: then listeners hear of the end before it. A listener that throws is
	 * treated as a hook that throws.
	 */
	addEventListener<Type extends keyof PeerEvents>(type: Type, listener: PeerListener<Type>): void {
		this.#listeners ??= new Listeners();
		const listeners: Set<PeerListener<Type>> = this.#listeners.of(type);
		listeners.add(listener);
	}

	removeEventListener<Type extends keyof PeerEvents>(
		type: Type,
		listener: PeerListener<Type>
	): void {
		const listeners: Set<PeerListener<Type>> | undefined = this.#listeners?.of(type);
		listeners?.delete(listener);
	}

	/** @internal Those of one type, who are not told again. */
	takeListeners<Type extends keyof PeerEvents>(type: Type): readonly PeerListener<Type>[] {
		const listeners = this.listeners(type);
		this.#listeners?.of(type).clear();
		return listeners;
	}

	/** @internal Those of one type. */
	listeners<Type extends keyof PeerEvents>(type: Type): readonly PeerListener<Type>[] {
		const listeners: Set<PeerListener<Type>> | undefined = this.#listeners?.of(type);
		return listeners === undefined ? [] : [...listeners];
	}

	/** @internal The socket has ended. */
	markClosed(): void {
		this.#readyState = 3;
		this.#topics?.clear();
		this.#controller?.abort();
	}
}
