import { describe, expect, it } from 'vitest';
import { importsOf, readSources, type Import, type Source } from './source.ts';

interface Rule {
	name: string;
	/** The files it is about. */
	files: (path: string) => boolean;
	/** What they must not import. */
	forbids: (imported: Import) => boolean;
}

const below =
	(...folders: string[]) =>
	(path: string) =>
		folders.some((folder) => path.startsWith(folder));
const isKit = (target: string) => target.startsWith('@sveltejs/') || target.startsWith('kit:');
const inEngine = below('src/server/engine/');
/** What knows no engine, and no engine knows. */
const aboveEngines = ['http', 'socket', 'routing', 'registry', 'topics', 'handshake'].map(
	(folder) => `src/server/${folder}/`
);

/** Data flows one way: CONTRIBUTING.md has the map. */
const rules: Rule[] = [
	{
		name: 'http/, socket/, routing/, registry/, topics/ and handshake/ know the contract of an engine, and no engine',
		files: below(...aboveEngines),
		forbids: ({ target, isType }) =>
			inEngine(target) && !(isType && target === 'src/server/engine/engine.ts')
	},
	{
		name: 'an engine knows neither Kit nor routes',
		files: inEngine,
		forbids: ({ target }) => isKit(target) || below(...aboveEngines)(target)
	},
	{
		name: 'only choose.ts, the handler for custom servers and the sockets on the servers of Vite pick an engine',
		files: (path) =>
			!inEngine(path) &&
			!['choose', 'handler', 'mount'].some((name) => path === `src/server/${name}.ts`),
		forbids: ({ target }) => /^src\/server\/engine\/[^/]+\//.test(target)
	},
	{
		name: 'the client never imports the server',
		files: below('src/client/'),
		forbids: ({ target }) => target.startsWith('src/server/') || target.startsWith('node:')
	},
	{
		name: 'the core of the client knows neither Svelte nor Kit, and not what is built upon it',
		files: below('src/client/core/'),
		forbids: ({ target }) =>
			target.startsWith('svelte') ||
			target.startsWith('$') ||
			isKit(target) ||
			(target.startsWith('src/client/') && !below('src/client/core/')(target))
	},
	{
		name: 'only one module of the core knows what is outside of it: the browser',
		files: (path) =>
			below('src/client/core/')(path) &&
			!['browser-page', 'index'].some((name) => path.endsWith(`/${name}.ts`)),
		forbids: ({ target, isType }) =>
			!isType && (!target.startsWith('src/') || target.endsWith('/browser-page.ts'))
	},
	{
		name: 'the adapter imports the server only for dev and preview',
		files: (path) =>
			path.startsWith('adapter/') && !/^adapter\/vite\/(dev|preview)\.ts$/.test(path),
		forbids: ({ target, isType }) => target.startsWith('src/server/') && !isType
	},
	{
		name: 'the server never imports the adapter or a build tool',
		files: below('src/'),
		forbids: ({ target }) =>
			target.startsWith('adapter/') || ['vite', 'rollup', 'typescript'].includes(target)
	},
	{
		name: 'what both ends share depends on neither',
		files: below('src/shared/'),
		forbids: ({ target, isType }) => !isType && !target.startsWith('src/shared/')
	}
];

/** From the roof down: what stands side by side shares a line. A file belongs to the longest prefix that it has. */
const floors: string[][] = [
	['src/server/start.ts', 'src/server/handler.ts', 'src/server/mount.ts'],
	['src/server/app.ts'],
	['src/server/handshake/'],
	['src/server/registry/'],
	['src/server/routing/', 'src/server/topics/', 'src/server/live/'],
	['src/server/socket/', 'src/server/http/', 'src/server/relay/'],
	['src/server/engine/', 'src/server/bus/'],
	['src/shared/']
];

/** 0 is the roof; undefined for a file that stands on no floor, such as the log. */
function floorOf(path: string): number | undefined {
	const floor = floors.findIndex((rooms) => rooms.some((room) => path.startsWith(room)));
	return floor === -1 ? undefined : floor;
}

/** Imports of a floor above, and of another room on the same floor. Types count: they tie as well as code. */
function climbing(sources: Source[]): string[] {
	return sources.flatMap((source) =>
		importsOf(source)
			.filter(({ target }) => {
				const [from, to] = [floorOf(source.path), floorOf(target)];
				if (from === undefined || to === undefined) return false;
				return to < from || (to === from && roomOf(source.path) !== roomOf(target));
			})
			.map(({ target }) => `${source.path} imports ${target}`)
	);
}

function roomOf(path: string): string {
	return floors.flat().find((room) => path.startsWith(room)) ?? '';
}

/** Every file that imports itself by way of others, types included, with the way. */
function circles(sources: Source[]): string[] {
	const imports = new Map(
		sources.map((source) => [source.path, importsOf(source).map(({ target }) => target)])
	);
	const found = new Set<string>();
	for (const path of imports.keys()) {
		const ways = new Map([[path, [path]]]);
		for (const [each, way] of ways) {
			for (const next of imports.get(each) ?? []) {
				if (next === path) found.add([...way].toSorted().join(' <-> '));
				else if (!ways.has(next)) ways.set(next, [...way, next]);
			}
		}
	}
	return [...found];
}

/** `file imports target`, for every import that breaks the rule. */
function broken(rule: Rule, sources: Source[]): string[] {
	return sources
		.filter(({ path }) => rule.files(path))
		.flatMap((source) =>
			importsOf(source)
				.filter((imported) => rule.forbids(imported))
				.map(({ target }) => `${source.path} imports ${target}`)
		);
}

describe('imports', () => {
	const sources = readSources('adapter', 'src');

	it.each(rules)('$name', (rule) => {
		expect(broken(rule, sources)).toEqual([]);
	});

	it('go down the floors of the server, never up, and not from room to room', () => {
		expect(climbing(sources)).toEqual([]);
		expect(
			floors.flat().filter((room) => !sources.some(({ path }) => path.startsWith(room)))
		).toEqual([]);
	});

	it('make no circle', () => {
		expect(circles(sources)).toEqual([]);
	});

	it('finds what it looks for', () => {
		const all = sources.flatMap((source) => importsOf(source).map(({ target }) => target));
		expect(all).toContain('src/server/engine/uws/index.ts');
		expect(all).toContain('uWebSockets.js');
	});
});
