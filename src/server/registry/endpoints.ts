import type { EngineSocket } from '../engine/engine.ts';
import { Routes, type RouteMatch } from '../routing/routes.ts';
import { ownTopic } from '../socket/check.ts';
import type { AnyHandler } from '../socket/handler.ts';
import type { Peer } from '../socket/peer.ts';
import type { Members } from '../socket/route.ts';
import type { CloseDetails } from '../socket/types.ts';

/** A path that was added at run time, and who is connected to it. */
export class Endpoint implements Members {
	readonly peers = new Set<Peer>();
	/** What reaches every peer of this endpoint; not one of the app's own topics. */
	readonly topic: string;
	limit = Infinity;
	closed: CloseDetails | undefined;

	constructor(path: string) {
		this.topic = `${ownTopic}endpoint:${path}`;
	}

	get isFull(): boolean {
		return this.peers.size >= this.limit;
	}

	join(peer: Peer, socket: EngineSocket): void {
		this.peers.add(peer);
		socket.subscribe(this.topic);
	}

	leave(peer: Peer): void {
		this.peers.delete(peer);
	}
}

interface EndpointRoute {
	id: string;
	handler: AnyHandler;
	members: Endpoint;
}

/** The paths that were added at run time. */
export class Endpoints {
	readonly #base: string;
	readonly #added = new Map<string, EndpointRoute>();
	#routes: Routes;

	constructor(base: string) {
		this.#base = base;
		this.#routes = Routes.of([], base);
	}

	/**
	 * Add a path. For one that is there already the handler is replaced: its sockets stay, and their next event goes to the
	 * new handler.
	 * @throws {AdapterError} `bad_route`; then everything is as it was
	 */
	add(path: string, handler: AnyHandler, limit: number): Endpoint {
		const known = this.#added.get(path);
		const route = known ?? { id: path, handler, members: new Endpoint(path) };
		if (known === undefined) {
			this.#routes = Routes.of([...this.#added.values(), route], this.#base);
			this.#added.set(path, route);
		}
		route.handler = handler;
		route.members.limit = limit;
		return route.members;
	}

	/** @param closed what its peers are told, and those who were about to become some */
	remove(path: string, closed: CloseDetails): void {
		const route = this.#added.get(path);
		if (route) route.members.closed = closed;
		if (this.#added.delete(path)) this.#routes = Routes.of([...this.#added.values()], this.#base);
	}

	/** @param pathname as in a URL: encoded, with the base */
	match(pathname: string): RouteMatch | undefined {
		return this.#routes.match(pathname);
	}
}
