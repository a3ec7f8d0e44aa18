import { FailedVisit, PlainVisit, type Interception } from '../registry/interception.ts';
import { hiddenKey, keyPath, keyPattern } from '../key-path.ts';
import type { LiveSockets } from '../live/live-sockets.ts';
import type { Registry } from '../registry/registry.ts';
import type { RouteMatch, Routes } from '../routing/routes.ts';
import type { AnyHandler } from '../socket/handler.ts';
import { pathOf, withUrl } from './target.ts';

/** The handler of a one-time key, if it is valid. */
export type FindKey = (key: string) => AnyHandler | undefined;

/** Where sockets are: the paths of the app's hook file, those that were added at run time, and one-time keys. */
export class SocketPaths {
	readonly #registry: Registry;
	readonly #routes: Routes | undefined;
	readonly #keyPrefix: string;
	readonly #live: Pick<LiveSockets, 'isAt'> | undefined;

	/**
	 * @param routes absent if the app has no `src/websocket`
	 * @param live where sockets with live queries are; absent if there are none
	 */
	constructor(
		registry: Registry,
		routes: Routes | undefined,
		base: string,
		live?: Pick<LiveSockets, 'isAt'>
	) {
		this.#live = live;
		this.#registry = registry;
		this.#routes = routes;
		this.#keyPrefix = encodeURI(base) + keyPath;
	}

	/**
	 * @param pathname as in a URL: encoded, with the base
	 * @throws what a param matcher of the app throws
	 */
	match(pathname: string, findKey: FindKey): RouteMatch | undefined {
		if (!pathname.startsWith(this.#keyPrefix)) {
			return this.#registry.endpoints?.match(pathname) ?? this.#routes?.match(pathname);
		}
		const handler = findKey(pathname.slice(this.#keyPrefix.length));
		return handler && { route: { id: keyPath, handler }, params: {} };
	}

	/**
	 * The request as the app may see it: with the key whoever reads its log, or gets its errors, could open the socket.
	 * @returns the same request if there is none
	 */
	withoutKey(request: Request): Request {
		// Most have none, and need no URL for it.
		if (!request.url.includes(this.#keyPrefix)) return request;
		const { pathname, search } = new URL(request.url);
		if (!pathname.startsWith(this.#keyPrefix)) return request;
		return withUrl(request, this.#keyPrefix + hiddenKey + search);
	}

	/** The process that has made the one-time key in the target of a request; undefined for this one, or if there is no key. */
	homeOf(target: string): string | undefined {
		const pathname = pathOf(target);
		if (!pathname.startsWith(this.#keyPrefix)) return undefined;
		const [, process] = keyPattern.exec(pathname.slice(this.#keyPrefix.length)) ?? [];
		return process === this.#registry.process ? undefined : process;
	}

	/**
	 * Whether a socket is at the target of a request, as far as its path alone can tell: `reroute` may know more. `surely`, if
	 * the app has given the path a name; `perhaps`, if it takes any path there. Where a param matcher fails there may be one: its
	 * handshake is to say so.
	 */
	isAt(target: string): 'surely' | 'perhaps' | undefined {
		if (this.#live?.isAt(target)) return 'surely';
		const pathname = pathOf(target);
		try {
			const match = this.match(pathname, (key) => this.#registry.keys.peek(key));
			if (match) return hasName(match.route.id) ? 'surely' : 'perhaps';
		} catch {
			return 'perhaps';
		}
		// The key is used up, or it is one of another app on the same server.
		return pathname.startsWith(this.#keyPrefix) ? 'perhaps' : undefined;
	}

	/** What is to be said inside of `handle` to a plain GET, if that may be for a path of a socket. */
	visit(target: string): Interception | undefined {
		try {
			return this.#isNamed(pathOf(target)) ? new PlainVisit() : undefined;
		} catch (error) {
			return new FailedVisit(error);
		}
	}

	/** An app whose one handler takes every path names none. */
	#isNamed(pathname: string): boolean {
		return (
			this.#registry.endpoints?.match(pathname) !== undefined ||
			(this.#routes?.hasPath(pathname) ?? false)
		);
	}
}

/** Whether a route is more than params: others on the same server have paths, too. */
function hasName(id: string): boolean {
	return id === '/' || /[^/*]/.test(id.replaceAll(/\[+[^[\]]*\]+/g, ''));
}
