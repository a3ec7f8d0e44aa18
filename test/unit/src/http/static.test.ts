import type { FileBody } from '../../../../src/server/engine/engine.ts';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { StaticFiles, decodePathname } from '../../../../src/server/http/static.ts';
import { FakeExchange } from '../../support/exchange.ts';
import { tempFolder, type TempFolder } from '../../support/folder.ts';
import { askAdapterNode, type StaticAnswer } from './static-oracle.ts';
import { files, requests, tables, type StaticRequest } from './static-requests.ts';

function answer(folder: TempFolder, request: StaticRequest): StaticAnswer {
	const found = new StaticFiles({ ...tables, dir: folder.path }).answer(new FakeExchange(request));
	if (found === undefined) return null;
	const { head, body } = found;
	const isSent = request.method !== 'HEAD' && body !== null;
	return {
		status: head.status,
		headers: Object.fromEntries(head.headers),
		body: isSent ? readPart(body) : ''
	};
}

function readPart(body: FileBody | Uint8Array): string {
	return body instanceof Uint8Array ? Buffer.from(body).toString() : readFilePart(body);
}

function readFilePart({
	path,
	start,
	length
}: {
	path: string;
	start: number;
	length: number;
}): string {
	return readFileSync(path)
		.subarray(start, start + length)
		.toString();
}

describe('StaticFiles', () => {
	it.each(Object.entries(requests))('answers as adapter-node does: %s', async (_, request) => {
		using folder = tempFolder(files);
		expect(answer(folder, request)).toEqual(await askAdapterNode(folder, request));
	});

	it('is asked for every status that it can answer with', () => {
		using folder = tempFolder(files);
		const answers = Object.values(requests).map((request) => answer(folder, request)?.status);
		expect(answers.length).toBeGreaterThan(60);
		expect(new Set(answers)).toEqual(new Set([200, 206, 304, 308, 405, 416, undefined]));
	});

	it('gives out one answer, which never changes, once a file is in memory, and others for a part of it', async () => {
		using folder = tempFolder(files);
		const found = new StaticFiles({ ...tables, dir: folder.path });
		const ask = (headers: Record<string, string> = {}) =>
			found.answer(new FakeExchange({ target: '/base/robots.txt', headers }));
		await expect.poll(() => ask()?.body).toBeInstanceOf(Uint8Array);
		const one = ask();
		expect(ask()).toBe(one);
		expect(Object.isFrozen(one?.head)).toBe(true);
		const etag = new Map(one?.head.headers).get('etag') ?? '';
		const parts: Record<string, string>[] = [{ range: 'bytes=0-1' }, { 'if-none-match': etag }];
		expect(parts.map((headers) => ask(headers)?.head.status)).toEqual([206, 304]);
		expect(parts.map((headers) => Object.isFrozen(ask(headers)?.head))).toEqual([false, false]);
		expect(ask({ 'if-none-match': '"another"' })).toEqual(one);
		expect(ask()).toBe(one);
	});

	it('names no header twice', () => {
		const found = new StaticFiles({ ...tables, dir: '/' });
		for (const request of Object.values(requests)) {
			const head = found.answer(new FakeExchange(request))?.head;
			const names = [...(head?.headers ?? [])].map(([name]) => name);
			expect(new Set(names).size).toBe(names.length);
		}
	});
});

it('knows the type of an extension in capitals, as SvelteKit 2 lists none of those', () => {
	const found = new StaticFiles({
		...tables,
		dir: '/app/build',
		mimeTypes: { '.txt': 'text/plain', '.TSV': '' },
		assets: {
			entries: ['A.TXT', 'A.TSV'].map((file) => [`/${file}`, { file, size: 1, etag: file }]),
			aliases: []
		}
	});
	const typeOf = (target: string) =>
		new Map(found.answer(new FakeExchange({ target }))?.head.headers).get('content-type');
	expect(typeOf('/A.TXT')).toBe('text/plain');
	expect(typeOf('/A.TSV')).toBeUndefined();
});

it('sends what was prerendered with the type that it was answered with, whatever its name', () => {
	const found = new StaticFiles({
		...tables,
		dir: '/app/build',
		mimeTypes: { '.txt': 'text/plain' },
		prerendered: {
			entries: [
				['/feed', { file: 'feed', size: 1, etag: 'f', type: 'application/xml' }],
				[
					'/numbers.txt',
					{ file: 'numbers.txt', size: 1, etag: 'n', type: 'text/csv;header=present' }
				],
				['/plain.txt', { file: 'plain.txt', size: 1, etag: 'p' }]
			],
			aliases: []
		}
	});
	const typeOf = (target: string, headers?: Record<string, string>) =>
		new Map(found.answer(new FakeExchange({ target, headers }))?.head.headers).get('content-type');
	expect(typeOf('/feed')).toBe('application/xml');
	expect(typeOf('/feed', { range: 'bytes=0-0' })).toBe('application/xml');
	expect(typeOf('/numbers.txt')).toBe('text/csv;header=present');
	expect(typeOf('/plain.txt')).toBe('text/plain');
});

/** Where the other form of the only prerendered path leads to. */
function location(path: string, target: string): string {
	const pages = new StaticFiles({
		...tables,
		dir: '/app/build',
		prerendered: { entries: [[path, { file: 'x.html', size: 1, etag: 'x' }]], aliases: [] }
	});
	const head = pages.answer(new FakeExchange({ target }))?.head;
	expect(head?.status).toBe(308);
	return new Map(head?.headers).get('location') ?? '';
}

/** As a browser understands it that asked for the target. */
const resolve = (path: string, target: string) =>
	new URL(location(path, target), `https://example.com${target}`).href;

describe('the redirect to the other form of a prerendered path', () => {
	it('leads from the one to the other, in a browser that asked for either', () => {
		expect(resolve('/a/b', '/a/b/')).toBe('https://example.com/a/b');
		expect(resolve('/a/b/', '/a/b')).toBe('https://example.com/a/b/');
		expect(resolve('/a:b', '/a:b/?x=1')).toBe('https://example.com/a:b?x=1');
	});

	it('is none from nowhere, nor from a path that has a page of its own', () => {
		const page = { file: 'x.html', size: 1, etag: 'x' };
		const pages = new StaticFiles({
			...tables,
			dir: '/app/build',
			prerendered: {
				entries: [
					['/', page],
					['/a', page],
					['/a/', page]
				],
				aliases: []
			}
		});
		const status = (target: string) => pages.answer(new FakeExchange({ target }))?.head.status;
		expect(['/', '?x', '/a', '/a/'].map(status)).toEqual([200, undefined, 200, 200]);
	});

	// The engine gives bytes outside of ASCII in a target as one character each.
	it('is a value that fits into a header, whatever the query holds', () => {
		const value = location('/page', '/page/?x=\u00c4\u008d\u00c4\u008aset-cookie:a=1');
		expect(new Headers([['location', value]]).has('location')).toBe(true);
	});

	it('is a value that fits into a header, whatever the name of the page is', () => {
		const value = location('/日本', '/%E6%97%A5%E6%9C%AC/');
		expect(new Headers([['location', value]]).has('location')).toBe(true);
	});

	it('encodes a percent sign once, whether the table has it encoded or not', () => {
		expect(resolve('/100%25', '/100%25/')).toBe('https://example.com/100%25');
		expect(resolve('/100%', '/100%/')).toBe('https://example.com/100%25');
	});
});

describe('decodePathname', () => {
	it.each([
		['/a%20b', '/a b'],
		['/%C3%A9', '/é'],
		['/a%2Fb%3Fc%23d', '/a%2Fb%3Fc%23d'],
		['/100%25', '/100%25'],
		['/%2525', '/%2525'],
		['/a', '/a']
	])('decodes %s as Kit does', (encoded, decoded) => {
		expect(decodePathname(encoded)).toBe(decoded);
	});

	it.each(['/%', '/%zz', '/%C3', '/%2'])('throws for %s', (encoded) => {
		expect(() => decodePathname(encoded)).toThrow(URIError);
	});
});
