import { find_route, parse_route_id } from 'kit:routing';
import { sort_routes } from 'kit:sort';
import { AdapterError } from '../../shared/errors.ts';
import { decodePathname } from '../http/static.ts';
import { badRoute, checkRouteIds } from './route-id.ts';
import type { AnyHandler } from '../socket/handler.ts';
import { faultOf } from '../socket/handler-fault.ts';
import type { Route } from '../socket/route.ts';
import type { ParamValue } from '../socket/types.ts';

export interface RouteMatch {
	route: Route;
	/** Strings, or what a param matcher made of them. */
	params: Record<string, ParamValue>;
}

interface PathRoute extends Route {
	pattern: RegExp;
	params: ReturnType<typeof parse_route_id>['params'];
}

const hooks = ['upgrade', 'open', 'message', 'drain', 'close', 'error'] as const;

/** What `src/params` exports: opaque here, only Kit's own code looks into them. */
export type ParamMatchers = Record<string, unknown>;

/** What the build makes of `src/websocket` and `src/params`. */
export interface HookModule {
	/** A handler, or a map from paths to handlers. */
	websocket?: unknown;
	/** Param matchers by name. */
	matchers?: ParamMatchers;
	/** What topics keep, by pattern. */
	topics?: unknown;
	/** See `Setup`. */
	setup?: unknown;
}

/** The socket paths of an app, matched by Kit's own rules: the code comes from Kit. */
export class Routes {
	readonly #base: string;
	#matchers: ParamMatchers = {};
	#catchAll: Route | undefined;
	#routes: PathRoute[] = [];
	/** By id, those that are gone too: sockets may be open on them when they come back. */
	readonly #known = new Map<string, Route>();

	constructor(base: string) {
		this.#base = base;
	}

	/** @throws {AdapterError} `websocket_export` or `bad_route` */
	static from(module: HookModule, base: string): Routes {
		const routes = new Routes(base);
		routes.replace(module);
		return routes;
	}

	/**
	 * Take what an edited hook file exports. A path that was there before stays the object that it was, with its new
	 * handler: so open sockets get it too. Those of a path that is gone keep the handler that they have, until it comes
	 * back.
	 * @throws {AdapterError} `websocket_export` or `bad_route`; then everything is as it was
	 */
	replace({ websocket, matchers = {} }: HookModule): void {
		if (!isObject(websocket)) throw badExport(typeof websocket);
		const isHandler = hooks.some((hook) => typeof websocket[hook] === 'function');
		if (!isHandler) checkRouteIds(Object.keys(websocket), Object.keys(matchers));
		if (isHandler) checkHandler('*', websocket);
		const routes = isHandler ? [] : Object.entries(websocket).map(parseRoute);
		this.#routes = sort_routes(routes.map((route) => this.#keep(route)));
		this.#catchAll = isHandler ? this.#keep({ id: '*', handler: websocket }) : undefined;
		this.#matchers = hearRejections(matchers);
	}

	/** The object that stands for a path, as it is now. */
	#keep<R extends Route>(route: R): R {
		const kept = Object.assign(this.#known.get(route.id) ?? {}, route);
		this.#known.set(route.id, kept);
		return kept;
	}

	/** There is no hook file any more. */
	clear(): void {
		this.#routes = [];
		this.#catchAll = undefined;
	}

	/**
	 * Paths that are known one by one; the routes stay the objects that they are.
	 * @throws {AdapterError} `bad_route`
	 */
	static of(routes: Route[], base: string): Routes {
		checkRouteIds(routes.map(({ id }) => id));
		const made = new Routes(base);
		made.#routes = sort_routes(
			routes.map((route) => Object.assign(route, parse_route_id(route.id)))
		);
		return made;
	}

	/** @param pathname as in a URL: encoded, with the base */
	match(pathname: string): RouteMatch | undefined {
		const path = this.#relative(pathname);
		if (path === undefined) return undefined;
		if (this.#catchAll) return { route: this.#catchAll, params: {} };
		const found = find_route(path, this.#routes, this.#matchers);
		return found ? { route: found.route, params: found.params } : undefined;
	}

	/** Whether a path of the map is meant; a handler of every path means none in particular. */
	hasPath(pathname: string): boolean {
		return this.#catchAll === undefined && this.match(pathname) !== undefined;
	}

	#relative(pathname: string): string | undefined {
		const path = decode(pathname);
		if (path !== this.#base && !path?.startsWith(`${this.#base}/`)) return undefined;
		return path.slice(this.#base.length) || '/';
	}
}

/** The part of a Standard Schema that Kit calls. */
interface Matcher {
	'~standard': { validate(value: unknown): unknown };
}

/** Kit takes no matcher that is async: it throws, and leaves alone what has begun, which may yet reject. */
function hearRejections(matchers: ParamMatchers): ParamMatchers {
	const entries = Object.entries(matchers).map(([name, matcher]): [string, Matcher] => {
		const validate = (value: unknown) => {
			const result = (matcher as Matcher)['~standard'].validate(value);
			if (result instanceof Promise) result.catch(() => {});
			return result;
		};
		return [name, { '~standard': { validate } }];
	});
	return Object.fromEntries(entries);
}

function decode(pathname: string): string | undefined {
	try {
		return decodePathname(pathname);
	} catch {
		return undefined;
	}
}

function parseRoute([id, handler]: [string, unknown]): PathRoute {
	if (!isObject(handler)) {
		throw badRoute(JSON.stringify(id), 'Give it an object with hooks such as open and message.');
	}
	checkHandler(id, handler);
	return { id, handler, ...parse_route_id(id) };
}

function checkHandler(id: string, handler: AnyHandler): void {
	const fault = faultOf(handler);
	if (fault === undefined) return;
	throw badRoute(`${JSON.stringify(id)}, ${fault.name}: ${fault.value}`, fault.todo);
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}

function badExport(value: string): AdapterError {
	return new AdapterError('websocket_export', {
		what: 'src/websocket has no usable export named websocket',
		value,
		todo: "Write: export const websocket = defineWebSocket({ '/path': { message(peer, message) {} } })."
	});
}
