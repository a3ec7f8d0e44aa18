import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { Plugin } from 'vite';

/**
 * Let the source maps of a folder that was copied lead to the sources from where they are now. SvelteKit 3 does so whenever
 * it copies: `utils/sourcemap.js`.
 */
export function rebaseMaps(from: string, to: string): void {
	for (const file of readdirSync(to, { recursive: true, encoding: 'utf8' })) {
		if (!file.endsWith('.map')) continue;
		const path = join(to, file);
		const rebased = rebase(readFileSync(path, 'utf8'), dirname(join(from, file)), dirname(path));
		if (rebased !== undefined) writeFileSync(path, rebased);
	}
}

/** For a bundle of what has been built before: its maps lead on to the sources, where that had maps of its own. */
export function inputMaps(folder: string): Plugin {
	return {
		name: 'svelte-adapter-ws:input-maps',
		load(id) {
			if (!id.startsWith(folder) || !existsSync(`${id}.map`)) return null;
			return { code: readFileSync(id, 'utf8'), map: readFileSync(`${id}.map`, 'utf8') };
		}
	};
}

/** @returns undefined for what is no source map as Vite writes it */
function rebase(text: string, from: string, to: string): string | undefined {
	let map: { sources?: unknown };
	try {
		map = JSON.parse(text) as object;
	} catch {
		return undefined;
	}
	const { sources } = map;
	if (!Array.isArray(sources)) return undefined;
	const rebased = sources.map((source: unknown) =>
		typeof source === 'string' && isPath(source)
			? relative(to, resolve(from, source)).replaceAll('\\', '/')
			: source
	);
	return JSON.stringify({ ...map, sources: rebased });
}

/** Modules that a plugin makes up begin with a null byte, or look like a URL. */
function isPath(source: string): boolean {
	return !source.includes('\0') && !isAbsolute(source) && !URL.canParse(source);
}
