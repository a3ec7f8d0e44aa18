import path from 'node:path';
import type { Exchange, FileBody, ResponseHead } from '../engine/engine.ts';
import type { AssetEntry, AssetTable, Handoff } from '../../shared/handoff.ts';
import { FileMemory } from './memory.ts';
import { matchesEtag, Negotiation, parseRange, type Variant } from './negotiation.ts';

/** An answer that needs no app. */
export interface StaticAnswer {
	head: ResponseHead;
	body: FileBody | Uint8Array | null;
}

interface Asset extends AssetEntry {
	/** Absolute. */
	path: string;
	type: string | undefined;
	isImmutable: boolean;
	/** Whole answers from memory, by variant: frozen, for they are given out again and again. */
	kept: Map<Variant | undefined, StaticAnswer>;
}

type Entry = Asset | { location: string };

type Tables = Pick<Handoff, 'dir' | 'base' | 'appPath' | 'mimeTypes' | 'assets' | 'prerendered'>;

/**
 * The closed set of files that the build recorded: client assets, prerendered pages, and a redirect from the other
 * trailing-slash form of each prerendered path. A file that is not in a table does not exist.
 */
export class StaticFiles {
	readonly #entries: Map<string, Entry>;
	readonly #memory = new FileMemory();
	readonly #negotiation = new Negotiation();

	constructor(tables: Tables) {
		this.#entries = createEntries(tables);
	}

	/** @returns undefined if the request is not for a file */
	answer(exchange: Exchange): StaticAnswer | undefined {
		const { pathname, search } = splitTarget(exchange.target);
		const entry = this.#entries.get(pathname);
		if (entry === undefined) return undefined;
		if (exchange.method !== 'GET' && exchange.method !== 'HEAD') {
			return empty(405, ['allow', 'GET, HEAD']);
		}
		if ('location' in entry)
			return empty(308, ['location', encodePathname(entry.location) + search]);
		const variant = this.#negotiation.choose(exchange.header('accept-encoding'), entry);
		return answerFile(exchange, entry, variant, this.#memory);
	}
}

function answerFile(
	exchange: Exchange,
	asset: Asset,
	variant: Variant | undefined,
	memory: FileMemory
): StaticAnswer {
	const kept = asset.kept.get(variant);
	if (kept && !exchange.header('if-none-match') && !exchange.header('range')) return kept;
	const size = variant ? (asset[variant] ?? asset.size) : asset.size;
	const etag = variant ? `"${asset.etag}.${variant}"` : `"${asset.etag}"`;
	const headers: [string, string][] = [['etag', etag]];
	if (asset.br || asset.gz) headers.push(['vary', 'Accept-Encoding']);
	if (asset.isImmutable) headers.push(['cache-control', 'public,max-age=31536000,immutable']);
	if (matchesEtag(exchange.header('if-none-match'), etag))
		return { head: { status: 304, headers }, body: null };

	const range = parseRange(exchange.header('range'), exchange.header('if-range'), etag, size);
	if (range === 'unsatisfiable') return empty(416, ['content-range', `bytes */${size}`]);
	const { start, end } = range ?? { start: 0, end: size - 1 };
	const length = end - start + 1;
	headers.push(['content-length', String(length)], ['accept-ranges', 'bytes']);
	if (asset.type) headers.push(['content-type', asset.type]);
	if (variant) headers.push(['content-encoding', variant === 'gz' ? 'gzip' : 'br']);
	if (range) headers.push(['content-range', `bytes ${start}-${end}/${size}`]);
	const body = { path: variant ? `${asset.path}.${variant}` : asset.path, start, length };
	if (kept && range === undefined) return kept;
	const bytes = memory.get(body, size);
	if (range || bytes === undefined)
		return { head: { status: range ? 206 : 200, headers }, body: bytes ?? body };
	const answer = { head: Object.freeze({ status: 200, headers }), body: bytes };
	asset.kept.set(variant, answer);
	return answer;
}

function empty(status: number, ...headers: [string, string][]): StaticAnswer {
	return { head: { status, headers }, body: null };
}

/** Client assets win over prerendered pages, and both over redirects. */
function createEntries({
	dir,
	base,
	appPath,
	mimeTypes,
	assets,
	prerendered
}: Tables): Map<string, Entry> {
	const immutable = `/${appPath}/immutable/`;
	const entries: Map<string, Entry> = resolveTable(
		`${dir}/client${base}`,
		assets,
		mimeTypes,
		immutable
	);
	const pages = resolveTable(`${dir}/prerendered${base}`, prerendered, mimeTypes, immutable);
	for (const [url, page] of pages) {
		if (!entries.has(url)) entries.set(url, { ...page, isImmutable: false });
	}
	for (const url of pages.keys()) {
		const other = url.endsWith('/') ? url.slice(0, -1) : `${url}/`;
		if (other !== '' && !entries.has(other))
			entries.set(other, { location: relativeTo(other, url) });
	}
	return entries;
}

function resolveTable(
	dir: string,
	table: AssetTable,
	mimeTypes: Record<string, string>,
	immutable: string
): Map<string, Asset> {
	const assets = new Map<string, Asset>();
	for (const [url, entry] of table.entries) {
		assets.set(url, {
			...entry,
			path: path.join(dir, entry.file),
			type: entry.type ?? typeOf(entry.file, mimeTypes),
			isImmutable: url.startsWith(immutable),
			kept: new Map()
		});
	}
	for (const [alias, url] of table.aliases) {
		const asset = assets.get(url);
		if (asset) assets.set(alias, asset);
	}
	return assets;
}

function typeOf(file: string, mimeTypes: Record<string, string>): string | undefined {
	const extension = file.slice(file.lastIndexOf('.'));
	// SvelteKit 3 lists every spelling that a file has, SvelteKit 2 only lower case.
	const type = mimeTypes[extension] ?? mimeTypes[extension.toLowerCase()];
	return type === 'text/html' ? 'text/html;charset=utf-8' : type;
}

/**
 * The pathname decoded as Kit's router does it (`utils/url.js`): reserved characters stay encoded. One that cannot be
 * decoded stays as it is, is found nowhere, and gets its 400 from Kit.
 */
function splitTarget(target: string): { pathname: string; search: string } {
	const question = target.indexOf('?');
	const pathname = question === -1 ? target : target.slice(0, question);
	const search = question === -1 ? '' : target.slice(question);
	if (!pathname.includes('%')) return { pathname, search };
	try {
		return { pathname: decodePathname(pathname), search };
	} catch {
		return { pathname, search };
	}
}

/** @throws {URIError} */
export function decodePathname(pathname: string): string {
	return pathname.split('%25').map(decodeURI).join('%25');
}

/** What `decodePathname` decodes; a percent sign may be encoded already. */
function encodePathname(pathname: string): string {
	return pathname.split('%25').map(encodeURI).join('%25');
}

/** A relative reference between two paths that differ in their trailing slash: prefixes that a proxy hides survive. */
function relativeTo(from: string, to: string): string {
	const segment = to.replace(/\/$/, '').split('/').at(-1) ?? '';
	// The leading dots keep a colon in the segment from being read as a scheme.
	return from.endsWith('/') ? `../${segment}` : `./${segment}/`;
}
