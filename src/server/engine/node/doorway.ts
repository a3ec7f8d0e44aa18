import type { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { asksForWebSocket } from '../upgrade.ts';

export type Upgrade = [req: IncomingMessage, socket: Socket, head: Buffer];

/** Shared by all copies of this package. */
const key: unique symbol = Symbol.for('svelte-adapter-ws.doorway');

/** A server of `node:http`, which may speak HTTP/2 as well. */
export type UpgradableServer = EventEmitter & {
	/** Since Node 22.21. */
	shouldUpgradeCallback?: (req: IncomingMessage) => boolean;
	[key]?: Doorway;
};

/** Somebody with one listener for upgrades, who also wants to be asked before all others. */
export interface Guest {
	/** How many listeners of others are for WebSockets only. */
	readonly known: number;
	/** @returns whether the upgrade is taken, and nobody else is to hear of it */
	takeAtOnce(...upgrade: Upgrade): boolean;
}

/**
 * Stands before the listeners for upgrades of one server. They cannot be put in order: `ws` with a `path` refuses at once
 * whatever is not its own, and socket.io closes what has no answer after a second.
 */
export class Doorway {
	readonly #server: UpgradableServer;
	readonly #guests = new Set<Guest>();
	readonly #leaveEvents: () => void;
	#leaveRequests = () => {};

	private constructor(server: UpgradableServer) {
		this.#server = server;
		this.#leaveEvents = this.#watchEvents();
	}

	static of(server: UpgradableServer): Doorway {
		return (server[key] ??= new Doorway(server));
	}

	add(guest: Guest): void {
		if (this.#guests.size === 0) this.#leaveRequests = this.#watchRequests();
		this.#guests.add(guest);
	}

	/** Nothing is left behind by the last one, unless somebody else has come to stand before us: then it serves the next. */
	delete(guest: Guest): void {
		if (!this.#guests.delete(guest) || this.#guests.size > 0) return;
		this.#leaveRequests();
		this.#leaveEvents();
	}

	#watchEvents(): () => void {
		const server = this.#server;
		const { emit } = server;
		const watched: typeof emit = (event, ...args) =>
			(event === 'upgrade' && this.#take(args as Upgrade)) || emit.call(server, event, ...args);
		server.emit = watched;
		return () => {
			if (server.emit !== watched) return;
			server.emit = emit;
			delete server[key];
		};
	}

	/** With a listener Node takes every request that offers an upgrade for one, such as those of Java's client, for `h2c`. */
	#watchRequests(): () => void {
		const server = this.#server;
		const before = server.shouldUpgradeCallback;
		if (before === undefined) return () => {};
		const watched = (req: IncomingMessage) => this.#isUpgrade(req) && before.call(server, req);
		server.shouldUpgradeCallback = watched;
		return () => {
			if (server.shouldUpgradeCallback === watched) server.shouldUpgradeCallback = before;
		};
	}

	#take(upgrade: Upgrade): boolean {
		for (const guest of this.#guests) if (guest.takeAtOnce(...upgrade)) return true;
		return false;
	}

	#isUpgrade(req: IncomingMessage): boolean {
		const known = Math.max(0, ...[...this.#guests].map((guest) => guest.known));
		return wantsSocket(req) || this.#server.listenerCount('upgrade') > this.#guests.size + known;
	}
}

export function wantsSocket({ method, headers }: IncomingMessage): boolean {
	return asksForWebSocket({ method, header: (name) => headers[name] });
}
