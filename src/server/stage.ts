import { Server, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** It stands where another one does. */
class Unlistened extends Server {
	readonly #front: Partial<Server>;

	constructor(front: object) {
		super();
		this.#front = front;
		Object.defineProperty(this, 'listening', { get: () => this.#front.listening ?? false });
	}

	override address(): ReturnType<Server['address']> {
		return this.#front.address?.() ?? null;
	}
}

/**
 * A server that listens nowhere. Whoever is attached to it hears of the requests and upgrades of another one, is gone when
 * this is dropped, and may close it without an end of the other.
 */
export class Stage {
	readonly server: Server;
	/** What comes after all that are attached: libraries call the listeners that were there before them. */
	readonly #rest = new WeakMap<IncomingMessage, () => void>();

	/** @param front the server that listens, which may have an address */
	constructor(front: object) {
		this.server = new Unlistened(front);
		this.server.on('request', (req) => this.#rest.get(req)?.());
	}

	/** Whether somebody wants to hear of upgrades. */
	get takesUpgrades(): boolean {
		return this.server.listenerCount('upgrade') > 0;
	}

	/** @param next for what nobody has taken */
	request(req: IncomingMessage, res: ServerResponse, next: () => void): void {
		this.#rest.set(req, next);
		this.server.emit('request', req, res);
	}

	upgrade(req: IncomingMessage, socket: Socket, head: Buffer): void {
		this.server.emit('upgrade', req, socket, head);
	}
}
