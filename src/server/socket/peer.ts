import type { EngineSocket, SendResult, SocketData } from '../engine/engine.ts';
import { beat } from '../../shared/heartbeat.ts';
import { escape, isFrame } from '../../shared/protocol.ts';
import { checkClose, checkTopic } from './check.ts';
import { checkSubscribe } from './check-subscribe.ts';
import { encode } from './encode.ts';
import type { Follower, SubscribeOptions } from './kept-topic.ts';
import { Requested } from './peer-request.ts';
import type { PeerHub, PeerIdentity, PublishOptions, SendOptions } from './peer-hub.ts';
import type { ParamValue } from './types.ts';

/** What sockets are told of a server that stops, with 1001. */
export const goingAway = 'Server is shutting down';

/** The server's end of one socket. After the socket has closed every method is harmless and does nothing. */
export class Peer<Data = unknown, P = Record<string, ParamValue>, Out = unknown>
	extends Requested
	implements PeerIdentity<Data, P>, Follower
{
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
	readonly #hub: PeerHub<Peer>;
	#id: string | undefined;
	#url: URL | string;
	#topics: Set<string> | undefined;
	#controller: AbortController | undefined;
	#readyState: 1 | 2 | 3 = 1;

	constructor(socket: EngineSocket, hub: PeerHub<Peer>, identity: PeerIdentity<Data, P>) {
		super();
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
	send(value: Out, { compress = false }: SendOptions = {}): SendResult {
		return this.transmit(encode(value, Peer.prototype.send), compress);
	}

	/** @internal Send what is encoded already. */
	transmit(data: SocketData, compress: boolean): SendResult {
		const isEscaped = this.client !== undefined && isFrame(data);
		return this.#socket.send(isEscaped ? escape(data) : data, compress);
	}

	/** @internal */
	transmitFrame(data: SocketData, compress: boolean): SendResult {
		return this.#socket.send(data, compress);
	}

	/**
	 * Receive what is published to the topic from now on; where the topic remembers, a client of this package first gets what
	 * it has missed since it was there last.
	 * @throws {AdapterError} `bad_value` for what is no topic, for an option that the topic does not keep, and for an id or info
	 * of presence that is too long or cannot be JSON; then nothing was done
	 */
	subscribe(topic: string, options?: SubscribeOptions): void {
		checkTopic(topic, Peer.prototype.subscribe);
		const kept = this.#hub.kept(topic);
		const arrival = options && checkSubscribe(options, kept, Peer.prototype.subscribe);
		if (this.#readyState !== 1) return;
		const isNew = !this.isOn(topic);
		if (isNew) {
			this.#topics ??= new Set();
			this.#topics.add(topic);
			if (kept === undefined) this.#socket.subscribe(topic);
			this.#hub.joined(topic);
		}
		if (isNew || arrival !== undefined) kept?.subscribe(this, arrival ?? {});
	}

	/** @throws {AdapterError} `bad_value` for what is no topic */
	unsubscribe(topic: string): void {
		checkTopic(topic, Peer.prototype.unsubscribe);
		if (!this.#topics?.delete(topic)) return;
		this.#socket.unsubscribe(topic);
		this.#hub.kept(topic)?.unsubscribe(this, false);
		this.#hub.parted(topic);
	}

	/** @internal */
	enter(engineTopic: string): void {
		this.#socket.subscribe(engineTopic);
	}

	/** @internal */
	exit(engineTopic: string): void {
		this.#socket.unsubscribe(engineTopic);
	}

	/** @internal Asked of many, few of whom have topics: `topics` would make each of them some. */
	isOn(topic: string): boolean {
		return this.#topics?.has(topic) ?? false;
	}

	/**
	 * Send to everyone on the topic but this peer, which need not be on it itself.
	 * @throws {AdapterError} `bad_value` for what cannot be sent or is no topic; then it went to nobody
	 */
	publish(topic: string, value: Out, options: PublishOptions = {}): void {
		checkTopic(topic, Peer.prototype.publish);
		const { compress = false, volatile = false } = options;
		const data = encode(value, Peer.prototype.publish);
		const kept = this.#hub.kept(topic);
		if (kept && !volatile) kept.publish(data, compress, this);
		else if (volatile || isFrame(data)) this.#hub.publishFrom(this as Peer, topic, data, options);
		else {
			this.#socket.publish(topic, data, compress);
			this.#hub.published(topic, data, compress);
		}
	}

	/** @internal */
	publishRaw(engineTopic: string, data: SocketData, compress: boolean): void {
		this.#socket.publish(engineTopic, data, compress);
	}

	/** @param data up to 125 bytes, which the listeners of `pong` get back. Default: none */
	ping(data?: Uint8Array): void {
		this.#socket.ping(data);
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

	/** @internal The socket has ended. */
	markClosed(): void {
		this.#readyState = 3;
		this.#topics?.clear();
		this.#controller?.abort();
	}
}
