/** Which path. */
const tests = ['test/unit/src/routing/routes.test.ts'];

/** @type {import('../mutation-testing/mutations.js').Mutation[]} */
export default [
	{
		file: 'src/server/routing/routes.ts',
		name: '/basex is taken for /base',
		find: 'path?.startsWith(`${this.#base}/`)',
		replace: 'path?.startsWith(this.#base)',
		tests
	},
	{
		file: 'src/server/routing/routes.ts',
		name: 'the base itself is no path',
		find: "path.slice(this.#base.length) || '/'",
		replace: 'path.slice(this.#base.length)',
		tests
	},
	{
		file: 'src/server/routing/routes.ts',
		name: 'the first path wins, not the most specific',
		find: 'this.#routes = sort_routes(routes.map((route) => this.#keep(route)));',
		replace: 'this.#routes = routes.map((route) => this.#keep(route));',
		tests
	},
	{
		file: 'src/server/routing/routes.ts',
		name: 'of the paths of run time the first wins',
		find: 'made.#routes = sort_routes(\n\t\t\troutes.map((route) => Object.assign(route, parse_route_id(route.id)))\n\t\t);',
		replace:
			'made.#routes = routes.map((route) => Object.assign(route, parse_route_id(route.id)));',
		tests: ['test/unit/src/registry/endpoints.test.ts']
	},
	{
		file: 'src/server/routing/routes.ts',
		name: 'sockets keep the handler from before an edit',
		find: 'Object.assign(this.#known.get(route.id) ?? {}, route)',
		replace: '{ ...route }',
		tests
	},
	{
		file: 'src/server/routing/routes.ts',
		name: 'one handler of every path outlives its file',
		find: '\t\tthis.#routes = [];\n\t\tthis.#catchAll = undefined;',
		replace: '\t\tthis.#routes = [];',
		tests
	},
	{
		file: 'src/server/routing/routes.ts',
		name: 'one handler of every path means each of them in particular',
		find: 'this.#catchAll === undefined && this.match',
		replace: 'this.match',
		tests: ['test/unit/src/handshake/paths.test.ts']
	},
	{
		file: 'src/server/routing/routes.ts',
		name: 'an async matcher that rejects ends the process',
		find: 'if (result instanceof Promise) result.catch(() => {});',
		replace: '',
		tests
	},
	{
		file: 'src/server/routing/routes.ts',
		name: 'a matcher that is not there is found out by the first visitor',
		find: 'checkRouteIds(Object.keys(websocket), Object.keys(matchers))',
		replace: 'checkRouteIds(Object.keys(websocket), Object.keys(websocket))',
		tests
	},
	{
		file: 'src/server/routing/route-id.ts',
		name: 'two paths that are the same: the second is dead',
		find: 'prevent_conflicts(ids.map((id) => ({ id, leaf: true })));',
		replace: '',
		tests
	},
	{
		file: 'src/server/routing/route-id.ts',
		name: 'a path without a slash is one',
		find: "!id.startsWith('/')",
		replace: 'false',
		tests
	}
];
