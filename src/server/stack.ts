import { existsSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import { cwd } from 'node:process';
import { fileURLToPath } from 'node:url';

/** A frame, as in `    at open (file:///app/build/server/chunks/chat.js:3:4)`; Bun writes a path. */
const frame = /^( {4}at (?:.*? \(|async )?)((?:file:\/\/)?\/.+):(\d+):(\d+)(\)?)$/;

/** How many errors are looked at for one that was thrown. */
const maxErrors = 50;

/**
 * Makes the stacks of errors name the app's sources, relative to the working directory, as SvelteKit 3 does it for what
 * it reports itself (`runtime/server/sourcemaps.js`). A map is read when the first error needs it: Node's own support reads
 * all of them at start, and keeps them.
 */
export class StackMapper {
	readonly #maps = new Map<string, SourceMap | undefined>();

	/**
	 * Rewrite the stack of an error in place, and those of its causes. What has been rewritten stays as it is. Never throws,
	 * whatever it is given.
	 */
	map(error: unknown): void {
		const errors = new Set([error]);
		for (const each of errors) {
			// An accessor may make another cause whenever it is asked.
			if (errors.size > maxErrors) return;
			try {
				this.#rewrite(each as Error);
				for (const cause of causes(each as Error)) errors.add(cause);
			} catch {
				// What a trap or an accessor of somebody's error throws; a stack is the least that matters then.
			}
		}
	}

	#rewrite(error: Error): void {
		const { stack } = error;
		if (typeof stack !== 'string') return;
		const mapped = stack.split('\n').map((line) => this.#mapLine(line));
		const text = mapped.join('\n');
		// A stack that cannot be written is no error here.
		if (text !== stack) Reflect.set(error, 'stack', text);
	}

	#mapLine(text: string): string {
		const [, call = '', url = '', line, column, end = ''] = frame.exec(text) ?? [];
		if (url === '') return text;
		try {
			const file = url.startsWith('/') ? url : fileURLToPath(url);
			const place = this.#find(file, Number(line) - 1, Number(column) - 1);
			return place === undefined ? text : call + place + end;
		} catch {
			return text;
		}
	}

	/** @param line from 0, as is the column */
	#find(file: string, line: number, column: number): string | undefined {
		const origin = this.#load(file)?.findEntry(line, column);
		if (origin === undefined || !('originalSource' in origin)) return undefined;
		const { originalSource: source, originalLine, originalColumn } = origin;
		// Modules that a plugin makes up have no file.
		if (typeof source !== 'string' || source.includes('\0')) return undefined;
		const path = source.startsWith('file:')
			? fileURLToPath(source)
			: resolve(dirname(file), source);
		return `${relative(cwd(), path)}:${originalLine + 1}:${originalColumn + 1}`;
	}

	/** Only maps that exist are remembered: the text of an error may hold frames that somebody made up. */
	#load(file: string): SourceMap | undefined {
		if (this.#maps.has(file)) return this.#maps.get(file);
		const mapFile = `${file}.map`;
		// What a package was made of is not here.
		if (/[\\/]node_modules[\\/]/.test(file) || !existsSync(mapFile)) return undefined;
		const map = readMap(mapFile);
		this.#maps.set(file, map);
		return map;
	}
}

/** @returns undefined for what is no map */
function readMap(file: string): SourceMap | undefined {
	try {
		const { sourceRoot = '', ...map } = JSON.parse(readFileSync(file, 'utf8')) as SourceMapPayload;
		const root = sourceRoot === '' ? '' : `${sourceRoot.replace(/\/$/, '')}/`;
		// The sources themselves are the larger part of a map, and only their places are asked for.
		const sources = map.sources.map((source) => root + source);
		return new SourceMap({ ...map, sourceRoot: '', sources, sourcesContent: [] });
	} catch {
		return undefined;
	}
}

/** `cause`, and what an AggregateError holds. */
function causes({ cause, errors }: Error & { errors?: unknown }): unknown[] {
	const all: unknown[] = Array.isArray(errors) ? [cause, ...errors] : [cause];
	return all.filter((each) => typeof each === 'object' && each !== null);
}
