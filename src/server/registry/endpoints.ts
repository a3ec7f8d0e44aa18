import type { EngineSocket, SocketData } from '../engine/engine.ts';
import { Routes, type RouteMatch } from '../routing/routes.ts';
import { checkClose, ownTopic } from '../socket/check.ts';
import { encode } from '../socket/encode.ts';
import type { AnyHandler } from '../socket/handler.ts';
import type { Peer } from '../socket/peer.ts';
import type { Members } from '../socket/route.ts';
import type { CloseDetails } from '../socket/types.ts';
import type { Interest } from './interest.ts';
import type { EndpointController } from './websockets.ts';

/** What the topics of added paths begin with. */
const topicPrefix = `${ownTopic}endpoint:`;

/** A path that was added at run time, and who is connected to it. */
export class Endpoint implements Members {
	readonly peers = new Set<Peer>();
	/** What reaches every peer of this endpoint; not one of the app's own topics. */
	readonly topic: string;
	limit = Infinity;
	closed: CloseDetails | undefined;

	readonly #interest: Interest | undefined;

	constructor(path: string, interest: Interest | undefined) {
		this.topic = topicPrefix + path;
		this.#interest = interest;
	}

	get isFull(): boolean {
		return this.peers.size >= this.limit;
	}

	join(peer: Peer, socket: EngineSocket): void {
		this.peers.add(peer);
		socket.subscribe(this.topic);
		this.#interest?.subscribe(this.topic);
	}

	leave(peer: Peer): void {
		if (this.peers.delete(peer)) this.#interest?.unsubscribe(this.topic);
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
	readonly #interest: Interest | undefined;
	readonly #added = new Map<string, EndpointRoute>();
	#routes: Routes;

	/** @param interest that of the other processes, where there are some */
	constructor(base: string, interest?: Interest) {
		this.#base = base;
		this.#interest = interest;
		this.#routes = Routes.of([], base);
	}

	/**
	 * Add a path. For one that is there already the handler is replaced: its sockets stay, and their next event goes to the
	 * new handler.
	 * @throws {AdapterError} `bad_route`; then everything is as it was
	 */
	add(path: string, handler: AnyHandler, limit: number): Endpoint {
		const known = this.#added.get(path);
		const route = known ?? { id: path, handler, members: new Endpoint(path, this.#interest) };
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

	/** The topic of each peer of an added path. */
	*topics(): Iterable<string> {
		for (const { members } of this.#added.values()) {
			for (const _ of members.peers) yield members.topic;
		}
	}

	/** Who is on the topic of an added path; undefined for another topic. */
	peersOn(topic: string): Peer[] | undefined {
		if (!topic.startsWith(topicPrefix)) return undefined;
		return [...(this.#added.get(topic.slice(topicPrefix.length))?.members.peers ?? [])];
	}

	/** @param pathname as in a URL: encoded, with the base */
	match(pathname: string): RouteMatch | undefined {
		return this.#routes.match(pathname);
	}
}

export interface ControllerOptions {
	endpoints: Endpoints;
	path: string;
	endpoint: Endpoint;
	/** To everyone on the topic, in every process. */
	publish: (topic: string, data: SocketData, compress: boolean) => void;
}

/** What an app holds of a path that it has added. */
export function createController(options: ControllerOptions): EndpointController {
	const { endpoints, path, endpoint } = options;
	const { peers, topic } = endpoint;
	const publish: EndpointController['publish'] = (value, { compress = false } = {}) =>
		options.publish(topic, encode(value, publish), compress);
	const close: EndpointController['close'] = (code = 1000, reason = '') => {
		checkClose(code, reason, close);
		endpoints.remove(path, { code, reason });
		for (const peer of [...peers]) peer.close(code, reason);
	};
	return { path, peers, publish, close };
}
