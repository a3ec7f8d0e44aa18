import { createHash } from 'node:crypto';
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Adapter, Builder } from '@sveltejs/kit';
import { describe, expect, it } from 'vitest';
import {
	assetTable,
	compressedFiles,
	measureFiles,
	prerenderedTable,
	withEncodedPercents
} from '../../../adapter/assets.ts';
import type { AssetEntry, AssetTable } from '../../../src/shared/handoff.ts';
import { importAdapterNode } from '../support/adapter-node.ts';
import { tempFolder, type TempFolder } from '../support/folder.ts';

const hash = (content: string | Uint8Array) =>
	createHash('sha256').update(content).digest('base64url');

/** Entries whose content does not matter. */
const entries = (...files: string[]): AssetEntry[] =>
	files.map((file) => ({ file, size: 1, etag: `hash of ${file}` }));

const urls = (table: { entries: [string, AssetEntry][] }) =>
	table.entries.map(([url, { file }]) => [url, file]);

describe('measureFiles', () => {
	it('gives the size and the SHA-256 of each file, in the given order', () => {
		using folder = tempFolder({ 'b.txt': 'hello', 'a/b.css': 'body {}' });
		expect(measureFiles(folder.path, ['b.txt', 'a/b.css'], [])).toEqual([
			{ file: 'b.txt', size: 5, etag: 'LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ' },
			{ file: 'a/b.css', size: 7, etag: hash('body {}') }
		]);
	});

	it('measures an empty file', () => {
		using folder = tempFolder({ 'empty.txt': '' });
		expect(measureFiles(folder.path, ['empty.txt'], [])).toEqual([
			{ file: 'empty.txt', size: 0, etag: '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU' }
		]);
	});

	it.each([64 * 1024 - 1, 64 * 1024, 64 * 1024 + 1, 200_000])(
		'measures a file of %i bytes, of which no two parts are alike',
		(size) => {
			const content = Buffer.from(Array.from({ length: size }, (_, index) => (index * 31) % 251));
			using folder = tempFolder({ 'large.bin': content });
			expect(measureFiles(folder.path, ['large.bin'], [])).toEqual([
				{ file: 'large.bin', size, etag: hash(content) }
			]);
		}
	);

	it('leaves no file open', () => {
		using folder = tempFolder({ 'a.txt': 'a', 'b.txt': 'b' });
		const open = () => readdirSync('/dev/fd').length;
		const before = open();
		for (let count = 0; count < 20; count += 1) measureFiles(folder.path, ['a.txt', 'b.txt'], []);
		expect(open()).toBeLessThan(before + 20);
	});

	it('adds the sizes of the variants of compressed files only', () => {
		using folder = tempFolder({
			'a.js': 'a'.repeat(100),
			'a.js.gz': 'twelve bytes',
			'a.js.br': 'eight by',
			'b.png': 'png',
			'b.png.gz': 'left over'
		});
		expect(measureFiles(folder.path, ['a.js', 'b.png'], ['a.js'])).toEqual([
			{ file: 'a.js', size: 100, etag: hash('a'.repeat(100)), gz: 12, br: 8 },
			{ file: 'b.png', size: 3, etag: hash('png') }
		]);
	});

	it('leaves dotfiles out, but for .well-known', () => {
		const served = ['.well-known/security.txt', '.well-known/.hidden', 'a.b/c.d'];
		const hidden = ['.env', '.git/config', 'a/.DS_Store', 'a/.b/c', 'a/.well-known/x'];
		using folder = tempFolder(Object.fromEntries([...served, ...hidden].map((name) => [name, ''])));
		const measured = measureFiles(folder.path, [...hidden, ...served], []);
		expect(measured.map(({ file }) => file)).toEqual(served);
	});

	it('reads names with spaces and in UTF-8', () => {
		const names = ['with space.txt', 'ünï/日本.txt', 'quote\'".txt', '100%.txt'];
		using folder = tempFolder(Object.fromEntries(names.map((name) => [name, name])));
		expect(measureFiles(folder.path, names, [])).toEqual(
			names.map((file) => ({ file, size: Buffer.byteLength(file), etag: hash(file) }))
		);
	});

	it('fails for a file that is not there', () => {
		using folder = tempFolder();
		expect(() => measureFiles(folder.path, ['gone.txt'], [])).toThrow(/ENOENT/);
	});
});

describe('assetTable', () => {
	it('keys files by URL, sorted by UTF-16 code unit', () => {
		const table = assetTable('', entries('b.txt', 'é.txt', 'a/z.txt', 'B.txt', 'a.txt'));
		expect(urls(table)).toEqual([
			['/B.txt', 'B.txt'],
			['/a.txt', 'a.txt'],
			['/a/z.txt', 'a/z.txt'],
			['/b.txt', 'b.txt'],
			['/é.txt', 'é.txt']
		]);
		expect(table.aliases).toEqual([]);
	});

	it('keeps what was measured', () => {
		const entry = { file: 'a.js', size: 9, etag: 'x', gz: 5, br: 4 };
		expect(assetTable('', [entry]).entries).toEqual([['/a.js', entry]]);
	});

	it('lets / stand for index.html', () => {
		expect(assetTable('', entries('index.html')).aliases).toEqual([['/', '/index.html']]);
	});

	it('lets /foo/ and /foo stand for foo.html and for foo/index.html', () => {
		expect(assetTable('', entries('foo.html', 'bar/index.html')).aliases).toEqual([
			['/bar/', '/bar/index.html'],
			['/bar', '/bar/index.html'],
			['/foo/', '/foo.html'],
			['/foo', '/foo.html']
		]);
	});

	it('prefers foo.html to foo/index.html', () => {
		const table = assetTable('', entries('foo/index.html', 'foo.html'));
		expect(urls(table)).toEqual([
			['/foo.html', 'foo.html'],
			['/foo/index.html', 'foo/index.html']
		]);
		expect(table.aliases).toEqual([
			['/foo/', '/foo.html'],
			['/foo', '/foo.html']
		]);
	});

	it('prefers a file without an extension to the alias of a page', () => {
		expect(assetTable('', entries('foo', 'foo.html')).aliases).toEqual([['/foo/', '/foo.html']]);
	});

	it('finds nested pages, and a page named like index', () => {
		expect(assetTable('', entries('a/b/index.html', 'a/myindex.html')).aliases).toEqual([
			['/a/b/', '/a/b/index.html'],
			['/a/b', '/a/b/index.html'],
			['/a/myindex/', '/a/myindex.html'],
			['/a/myindex', '/a/myindex.html']
		]);
	});

	it('puts everything below the base', () => {
		const table = assetTable('/base', entries('index.html', 'a b.html', '日本/index.html'));
		expect(urls(table)).toEqual([
			['/base/a b.html', 'a b.html'],
			['/base/index.html', 'index.html'],
			['/base/日本/index.html', '日本/index.html']
		]);
		expect(table.aliases).toEqual([
			['/base/a b/', '/base/a b.html'],
			['/base/a b', '/base/a b.html'],
			['/base/', '/base/index.html'],
			['/base', '/base/index.html'],
			['/base/日本/', '/base/日本/index.html'],
			['/base/日本', '/base/日本/index.html']
		]);
	});

	it('gives no page a second URL in another case or with another extension', () => {
		expect(assetTable('', entries('a.HTML', 'b.htm', 'c.html.txt')).aliases).toEqual([]);
	});
});

/** Pages at these paths. */
const prerendered = (paths: string[]) => ({ paths, assets: new Map<string, { type: string }>() });

describe('prerenderedTable', () => {
	it('keys pages by the very paths that were prerendered', () => {
		const files = entries('index.html', 'about.html', 'blog/index.html', 'data.json');
		const table = prerenderedTable('', files, prerendered(['/data.json', '/blog/', '/', '/about']));
		expect(urls(table)).toEqual([
			['/', 'index.html'],
			['/about', 'about.html'],
			['/blog/', 'blog/index.html'],
			['/data.json', 'data.json']
		]);
		expect(table.aliases).toEqual([]);
	});

	it('takes the base off the path to find the file', () => {
		const files = entries('index.html', 'about.html', 'blog/index.html');
		const paths = ['/base', '/base/about', '/base/blog/'];
		expect(urls(prerenderedTable('/base', files, prerendered(paths)))).toEqual([
			['/base', 'index.html'],
			['/base/about', 'about.html'],
			['/base/blog/', 'blog/index.html']
		]);
		expect(urls(prerenderedTable('/base', files, prerendered(['/base/'])))).toEqual([
			['/base/', 'index.html']
		]);
	});

	it('prefers the file itself to a page of that name', () => {
		const files = entries('feed', 'feed.html');
		expect(urls(prerenderedTable('', files, prerendered(['/feed'])))).toEqual([['/feed', 'feed']]);
	});

	it('tells the two forms of a path apart', () => {
		const files = entries('a.html', 'a/index.html');
		expect(urls(prerenderedTable('', files, prerendered(['/a/'])))).toEqual([
			['/a/', 'a/index.html']
		]);
		expect(urls(prerenderedTable('', files, prerendered(['/a'])))).toEqual([['/a', 'a.html']]);
	});

	it('keeps the content type of what is no page, and of nothing else', () => {
		const files = entries('feed', 'numbers.txt', 'about.html', 'bare');
		const types = { '/base/feed': 'application/xml', '/base/numbers.txt': 'text/csv' };
		const paths = ['/base/feed', '/base/numbers.txt', '/base/about', '/base/bare'];
		const table = prerenderedTable('/base', files, {
			paths,
			// SvelteKit says undefined of an answer without a type, whatever its types say.
			assets: new Map([
				...Object.entries(types).map(([path, type]) => [path, { type }] as const),
				['/base/bare', {} as { type: string }]
			])
		});
		expect(table.entries.map(([url, { type }]) => [url, type])).toEqual([
			['/base/about', undefined],
			['/base/bare', undefined],
			['/base/feed', 'application/xml'],
			['/base/numbers.txt', 'text/csv']
		]);
	});

	it('leaves out a path without a file and a file without a path', () => {
		expect(urls(prerenderedTable('', entries('a.html'), prerendered(['/b'])))).toEqual([]);
	});

	it('finds names with spaces and in UTF-8', () => {
		const files = entries('a b.html', '日本/index.html');
		expect(urls(prerenderedTable('', files, prerendered(['/日本/', '/a b'])))).toEqual([
			['/a b', 'a b.html'],
			['/日本/', '日本/index.html']
		]);
	});
});

const client = [
	'index.html',
	'foo.html',
	'foo/index.html',
	'bar/index.html',
	'bar/baz.html',
	'plain',
	'plain.html',
	'a b.txt',
	'日本/é.html',
	'.env',
	'.well-known/security.txt',
	'x/.hidden/y.txt',
	'_app/immutable/a.js'
];
const pages = ['index.html', 'about.html', 'blog/index.html', 'feed.xml', 'ü.html', 'unused.html'];
const paths = ['', '/about', '/blog/', '/feed.xml', '/ü', '/gone'];
const compressed = ['foo.html', '_app/immutable/a.js', 'about.html'];

/** An app whose client files, prerendered pages and their variants are there. */
function app(): TempFolder {
	const both = [...client.map((file) => `client/${file}`), ...pages.map((file) => `pages/${file}`)];
	const variants = both.filter((file) => compressed.some((each) => file.endsWith(each)));
	const names = [...both, ...variants.flatMap((file) => [`${file}.gz`, `${file}.br`])];
	return tempFolder(Object.fromEntries(names.map((name) => [name, `content of ${name}`])));
}

interface AdapterNode {
	default(options: { out: string }): Adapter;
}

/** As much of Kit's builder as adapter-node needs to write its tables. */
function builder(folder: TempFolder, base: string): Builder {
	const write = (from: string, files: string[]) => (to: string) => {
		cpSync(join(folder.path, from), to, { recursive: true });
		return files;
	};
	return {
		config: { paths: { base } },
		log: { minor: () => {} },
		writeClient: write('client', client),
		writePrerendered: write('pages', pages),
		compress: () => Promise.resolve(compressed),
		prerendered: { paths: paths.map((path) => base + path || '/'), assets: new Map() },
		getServerDirectory: () => folder.path,
		generateServerInstance: () => {},
		hasServerInstrumentationFile: () => false,
		copy: () => [],
		getAppPath: () => '_app',
		mimeTypes: {}
	} as unknown as Builder;
}

describe('withEncodedPercents', () => {
	it('adds the spelling that a URL has to have, for entries and aliases', () => {
		const table = withEncodedPercents(
			assetTable('', entries('100%.txt', '5%/index.html', 'a.txt'))
		);
		expect(table.aliases).toEqual([
			['/5%/', '/5%/index.html'],
			['/5%', '/5%/index.html'],
			['/100%25.txt', '/100%.txt'],
			['/5%25/index.html', '/5%/index.html'],
			['/5%25/', '/5%/index.html'],
			['/5%25', '/5%/index.html']
		]);
	});

	it('leaves a name to the file that has it', () => {
		const table = withEncodedPercents(assetTable('', entries('a%.txt', 'a%25.txt')));
		expect(table.aliases).toEqual([['/a%2525.txt', '/a%25.txt']]);
	});
});

describe('both tables', () => {
	it.each(['', '/base', '/a/b'])('are those of adapter-node below the base %j', async (base) => {
		using folder = app();
		const kit = builder(folder, base);
		const adapterNode = await importAdapterNode<AdapterNode>('index.js');
		const out = join(folder.path, 'node');
		await adapterNode.default({ out }).adapt(kit);
		folder.write({ 'node/server/server.js': 'export const server = {};' });
		const expected = (await import(
			/* @vite-ignore */ pathToFileURL(join(out, 'adapter-node.js')).href
		)) as { assets: AssetTable; prerendered_assets: AssetTable };
		const clientFiles = measureFiles(join(folder.path, 'client'), client, compressed);
		const pageFiles = measureFiles(join(folder.path, 'pages'), pages, compressed);
		expect(assetTable(base, clientFiles)).toEqual(expected.assets);
		expect(prerenderedTable(base, pageFiles, kit.prerendered)).toEqual(expected.prerendered_assets);
		expect(expected.assets.entries.length).toBeGreaterThan(10);
		expect(expected.prerendered_assets.entries).toHaveLength(5);
	});
});

describe('compressedFiles', () => {
	it('finds the files that have both variants beside them', () => {
		using folder = tempFolder({
			'a.js': '',
			'a.js.gz': '',
			'a.js.br': '',
			'deep/b.css': '',
			'deep/b.css.gz': '',
			'deep/b.css.br': '',
			'c.js': '',
			'c.js.gz': '',
			'd.png': ''
		});
		expect(compressedFiles(folder.path).toSorted()).toEqual(['a.js', 'deep/b.css']);
	});

	it('finds none where there is no folder', () => {
		using folder = tempFolder();
		expect(compressedFiles(join(folder.path, 'missing'))).toEqual([]);
	});
});
