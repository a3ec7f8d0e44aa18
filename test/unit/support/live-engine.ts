import type { SendResult, SocketData } from '../../../src/server/engine/engine.ts';
import type { Registry } from '../../../src/server/registry/registry.ts';
import type { OwnClient } from '../../../src/server/socket/kept-topic.ts';
import { Peer } from '../../../src/server/socket/peer.ts';
import { FakeEngine, FakeSocket } from './engine.ts';
import { identity } from './peers.ts';

/** An engine without a network that delivers at once what is published. */
export class LiveEngine extends FakeEngine {
	readonly sockets = new Set<LiveSocket>();

	override publish(topic: string, data: SocketData, compress: boolean): void {
		super.publish(topic, data, compress);
		this.deliver(topic, data, compress);
	}

	override subscribers(topic: string): number {
		return [...this.sockets].filter(({ topics }) => topics.has(topic)).length;
	}

	deliver(topic: string, data: SocketData, compress: boolean, sender?: LiveSocket): void {
		for (const socket of [...this.sockets]) {
			if (socket !== sender && socket.topics.has(topic)) socket.send(data, compress);
		}
	}
}

export class LiveSocket extends FakeSocket {
	readonly #engine: LiveEngine;
	/** How many messages it takes before it is slow; what comes after `maxQueued` more is dropped. */
	room = Infinity;
	maxQueued = Infinity;

	constructor(engine: LiveEngine) {
		super();
		this.#engine = engine;
		engine.sockets.add(this);
	}

	override send(data: SocketData, compress: boolean): SendResult {
		if (this.room <= -this.maxQueued) {
			this.dropped += 1;
			return 'dropped';
		}
		this.room -= 1;
		super.send(typeof data === 'string' ? data : new Uint8Array(data), compress);
		return this.room < 0 ? 'queued' : 'sent';
	}

	override publish(topic: string, data: SocketData, compress: boolean): void {
		super.publish(topic, data, compress);
		this.#engine.deliver(topic, data, compress, this);
	}

	end(): void {
		this.topics.clear();
		this.#engine.sockets.delete(this);
	}
}

export interface Connected {
	peer: Peer;
	socket: LiveSocket;
	/** What it was sent since this was called last. */
	take(): SocketData[];
	/** Its connection is gone. */
	end(): void;
}

/** A peer of a registry, on a live engine. @param client what it says of itself, if it is one of ours */
export function connect(
	registry: Registry,
	engine: LiveEngine,
	client?: { name?: string; positions?: OwnClient['positions'] | readonly string[] }
): Connected {
	const socket = new LiveSocket(engine);
	const peer = new Peer(socket, registry, identity);
	if (client) {
		const { name = 'abcdefgh', positions = new Map<string, string>() } = client;
		const map =
			'get' in positions
				? positions
				: new Map(positions.map((each) => [each.slice(0, each.indexOf('.')), each]));
		peer.client = {
			name,
			positions: map,
			request: () => Promise.reject(new Error('It answers nothing')),
			refused() {}
		};
	}
	registry.add(peer);
	return {
		peer,
		socket,
		take: () => socket.sent.splice(0).map(({ data }) => data),
		end: () => {
			registry.remove(peer);
			peer.markClosed();
			socket.end();
		}
	};
}
