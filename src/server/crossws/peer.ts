import { isBinary } from '../socket/encode.ts';
import type { Peer } from '../socket/peer.ts';
import type { SocketHooks } from './hooks.ts';
import type { CrosswsPeer, CrosswsRequest, CrosswsWebSocket } from './types.ts';

/** What `upgrade` leaves for the socket: `peer.data` of its peer here. */
export interface CrosswsSocket {
	readonly request: CrosswsRequest;
	readonly context: Record<string, unknown>;
	readonly namespace: string;
	readonly hooks: SocketHooks;
	peer?: CrosswsPeer;
}

const sendResults = { queued: 0, sent: 1, dropped: 2 };

export class SocketPeer implements CrosswsPeer {
	readonly #peer: Peer<CrosswsSocket>;
	readonly #peers: ReadonlySet<CrosswsPeer>;
	readonly #topics = new Set<string>();
	#websocket: CrosswsWebSocket | undefined;

	/** @param peers all of its namespace */
	constructor(peer: Peer<CrosswsSocket>, peers: ReadonlySet<CrosswsPeer>) {
		this.#peer = peer;
		this.#peers = peers;
	}

	/** Unique among all processes. */
	get id(): string {
		return this.#peer.id;
	}

	/** What `upgrade` has put there, and `event.locals` as `locals`. */
	get context(): Record<string, unknown> {
		return this.#peer.data.context;
	}

	get namespace(): string {
		return this.#peer.data.namespace;
	}

	get request(): Request {
		return this.#peer.data.request;
	}

	get remoteAddress(): string | undefined {
		return this.#peer.address;
	}

	/** Those of its namespace in this process, itself included. */
	get peers(): ReadonlySet<CrosswsPeer> {
		return this.#peers;
	}

	get topics(): ReadonlySet<string> {
		return this.#topics;
	}

	get bufferedAmount(): number {
		return this.#peer.bufferedAmount;
	}

	get websocket(): CrosswsWebSocket {
		return (this.#websocket ??= createWebSocket(this.#peer));
	}

	/** @returns as on uWebSockets.js: 1 if it was sent, 0 if the peer is slow, 2 if it was dropped */
	send(data: unknown, options?: { compress?: boolean }): number {
		return sendResults[this.#peer.send(toSendable(data), options)];
	}

	subscribe(topic: string): void {
		this.#peer.subscribe(topicOf(this.namespace, topic));
		if (this.#peer.readyState === 1) this.#topics.add(topic);
	}

	unsubscribe(topic: string): void {
		this.#peer.unsubscribe(topicOf(this.namespace, topic));
		this.#topics.delete(topic);
	}

	/** To everybody of this namespace who is on the topic, in every process, but this peer. */
	publish(topic: string, data: unknown, options?: { compress?: boolean }): void {
		this.#peer.publish(topicOf(this.namespace, topic), toSendable(data), options);
	}

	close(code?: number, reason?: string): void {
		this.#peer.close(code, reason);
	}

	terminate(): void {
		this.#peer.terminate();
	}

	ping(): void {
		this.#peer.ping();
	}

	toString(): string {
		return this.id;
	}

	[Symbol.toPrimitive](): string {
		return this.id;
	}

	get [Symbol.toStringTag](): string {
		return 'WebSocket';
	}
}

/** One namespace's topics are no other's: no URL path has a space. */
function topicOf(namespace: string, topic: string): string {
	return `crossws:${namespace.replaceAll(' ', '%20')} ${topic}`;
}

/** As crossws does it: what is nothing is sent as an empty text. */
function toSendable(data: unknown): unknown {
	if (data === undefined || data === null) return '';
	if (typeof data === 'object' || typeof data === 'string' || isBinary(data)) return data;
	return ['function', 'symbol'].includes(typeof data) ? '{}' : `${data as number}`;
}

function createWebSocket(peer: Peer<CrosswsSocket>): CrosswsWebSocket {
	return {
		get protocol() {
			return peer.protocol;
		},
		extensions: '',
		get url() {
			return peer.url.href.replace(/^http/, 'ws');
		},
		get readyState() {
			return peer.readyState;
		},
		get bufferedAmount() {
			return peer.bufferedAmount;
		},
		send: (data) => void peer.send(toSendable(data)),
		close: (code, reason) => peer.close(code, reason)
	};
}
