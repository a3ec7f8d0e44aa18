import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Builder } from '@sveltejs/kit';
import type { AssetEntry, AssetTable } from '../src/shared/handoff.ts';

/**
 * Size, hash and variants of every file that may be served: dotfiles may not, but for `.well-known`.
 * @param files relative to `root`
 * @param compressed the files of which `builder.compress` wrote a `.gz` and a `.br`
 */
export function measureFiles(root: string, files: string[], compressed: string[]): AssetEntry[] {
	const variants = new Set(compressed);
	return files.filter(isServed).map((file) => {
		const path = join(root, file);
		const entry: AssetEntry = { file, ...measureFile(path) };
		if (variants.has(file)) {
			entry.gz = statSync(`${path}.gz`).size;
			entry.br = statSync(`${path}.br`).size;
		}
		return entry;
	});
}

/** The files below a folder that have a `.gz` and a `.br` beside them. */
export function compressedFiles(folder: string): string[] {
	if (!existsSync(folder)) return [];
	const files = new Set(
		readdirSync(folder, { recursive: true }).map((file) => String(file).replaceAll('\\', '/'))
	);
	return [...files].filter((file) => files.has(`${file}.gz`) && files.has(`${file}.br`));
}

function isServed(file: string): boolean {
	const isDotfile = file.split('/').some((segment) => segment.startsWith('.'));
	return !isDotfile || file.startsWith('.well-known/');
}

/** One pass with one buffer: a large file must not have to fit into memory. */
function measureFile(path: string): { size: number; etag: string } {
	const descriptor = openSync(path, 'r');
	const hash = createHash('sha256');
	const buffer = Buffer.allocUnsafe(64 * 1024);
	let size = 0;
	try {
		for (let read = 0; (read = readSync(descriptor, buffer)) > 0; size += read) {
			hash.update(buffer.subarray(0, read));
		}
	} finally {
		closeSync(descriptor);
	}
	return { size, etag: hash.digest('base64url') };
}

/** Client files by URL; `/foo` and `/foo/` stand for `foo.html`, else for `foo/index.html`, as in adapter-node. */
export function assetTable(base: string, files: AssetEntry[]): AssetTable {
	const entries = files.map((entry): [string, AssetEntry] => [`${base}/${entry.file}`, entry]);
	entries.sort(byUrl);
	const taken = new Set(entries.map(([url]) => url));
	const aliases: [string, string][] = [];
	for (const [url, entry] of entries) {
		for (const alias of htmlAliases(url, entry.file)) {
			if (taken.has(alias)) continue;
			taken.add(alias);
			aliases.push([alias, url]);
		}
	}
	return { entries, aliases };
}

function htmlAliases(url: string, file: string): string[] {
	if (!file.endsWith('.html')) return [];
	const isIndex = file === 'index.html' || file.endsWith('/index.html');
	const folder = isIndex ? url.slice(0, -'index.html'.length) : `${url.slice(0, -'.html'.length)}/`;
	return folder === '/' ? [folder] : [folder, folder.slice(0, -1)];
}

/** What Kit has prerendered. */
type Prerendered = Pick<Builder['prerendered'], 'paths' | 'assets'>;

/**
 * Prerendered files by exactly the paths that Kit prerendered. What an endpoint has answered keeps its content type: its name
 * need not tell.
 */
export function prerenderedTable(
	base: string,
	files: AssetEntry[],
	{ paths, assets }: Prerendered
): AssetTable {
	const byFile = new Map(files.map((entry) => [entry.file, entry]));
	const entries: [string, AssetEntry][] = [];
	for (const path of paths) {
		const file = path.slice(base.length + 1) || 'index.html';
		const page = file.endsWith('/') ? `${file}index.html` : `${file}.html`;
		const entry = byFile.get(file) ?? byFile.get(page);
		const type = assets.get(path)?.type;
		if (entry) entries.push([path, type ? { ...entry, type } : entry]);
	}
	return { entries: entries.sort(byUrl), aliases: [] };
}

/**
 * The same, with percent signs also found as a URL has to spell them. adapter-node 5 does so, adapter-node 6 does not.
 */
export function withEncodedPercents(table: AssetTable): AssetTable {
	const urls = [...table.entries.map(([url]): [string, string] => [url, url]), ...table.aliases];
	const encoded = urls
		.filter(([alias]) => alias.includes('%'))
		.map(([alias, url]): [string, string] => [alias.replaceAll('%', '%25'), url]);
	const taken = new Set(urls.map(([alias]) => alias));
	return {
		...table,
		aliases: [...table.aliases, ...encoded.filter(([alias]) => !taken.has(alias))]
	};
}

function byUrl([a]: [string, AssetEntry], [b]: [string, AssetEntry]): number {
	return a < b ? -1 : 1;
}
