import { relative } from 'node:path';
import type { Plugin } from 'vite';
import { AdapterError } from '../../src/shared/errors.ts';
import type { FindSockets } from './context.ts';
import { filesFolder } from './files.ts';
import { isAppFile } from './hook-file.ts';

type Importers = (id: string) => Iterable<string>;

/**
 * Keeps what belongs to the server away from browsers: the hook file and `svelte-adapter-ws/server`, which Kit's own
 * guard does not know.
 */
export function guardPlugin(find: FindSockets): Plugin {
	const server = `${filesFolder()}/server.js`;
	let root = '';
	/** What a build has loaded that it must not: who imports it is known at its end. */
	const found = new Set<string>();
	const refuse = (id: string, importers: Importers): never => {
		const names = chain(id, importers).map((each) =>
			each === server ? 'svelte-adapter-ws/server' : relative(root, each)
		);
		throw serverOnly(names);
	};
	return {
		name: 'svelte-adapter-ws:guard',
		enforce: 'pre',
		applyToEnvironment: (environment) =>
			find() !== undefined && environment.config.consumer === 'client',
		configResolved(config) {
			root = config.root;
		},
		load(id) {
			const file = id.split('?', 1)[0] ?? id;
			const entry = find()?.websocket.entry;
			const isHook = entry !== undefined && isAppFile(root, entry, file);
			if (file !== server && !isHook) return null;
			const { environment } = this;
			if (environment.mode === 'dev') {
				const { moduleGraph } = environment;
				return refuse(id, (each) => idsOf(moduleGraph.getModuleById(each)?.importers));
			}
			found.add(id);
			return null;
		},
		buildEnd() {
			for (const id of found) refuse(id, (each) => this.getModuleInfo(each)?.importers ?? []);
		}
	};
}

function idsOf(nodes: Iterable<{ id: string | null }> = []): string[] {
	return [...nodes].flatMap(({ id }) => id ?? []);
}

/** From a module that nothing imports, as far as is known, down to this one: the shortest way. */
function chain(id: string, importers: Importers): string[] {
	const ways = new Map([[id, [id]]]);
	for (const [each, way] of ways) {
		const next = [...importers(each)];
		if (next.length === 0) return way;
		for (const importer of next) if (!ways.has(importer)) ways.set(importer, [importer, ...way]);
	}
	return [id];
}

function serverOnly(way: string[]): AdapterError {
	return new AdapterError('server_only', {
		what: `${way.at(-1)} was imported into code that runs in the browser`,
		value: way.join(' imports '),
		todo: 'Import it on the server only, or its types with import type.'
	});
}
