/** Kit's own routing, bundled into `files/` from the installed `@sveltejs/kit`: `rollup.config.js` has the aliases. */
declare module 'kit:routing' {
	interface RouteParam {
		name: string;
		matcher: string | undefined;
		optional: boolean;
		rest: boolean;
		chained: boolean;
	}

	/** `src/utils/routing.js` */
	export function parse_route_id(id: string): { pattern: RegExp; params: RouteParam[] };
	export function validate_route_id_params(id: string): string | undefined;
	export function find_route<Route extends { pattern: RegExp; params: RouteParam[] }>(
		path: string,
		routes: Route[],
		matchers: Record<string, unknown>
	): { route: Route; params: Record<string, string | number | boolean | bigint> } | null;
}

declare module 'kit:sort' {
	/** `src/core/sync/create_manifest_data/sort.js` */
	export function sort_routes<Route extends { id: string }>(routes: Route[]): Route[];
}

declare module 'kit:conflict' {
	/** `src/core/sync/create_manifest_data/conflict.js` */
	export function prevent_conflicts(routes: { id: string; leaf: true }[]): void;
}
