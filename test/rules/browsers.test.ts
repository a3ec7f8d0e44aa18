import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { missing } from '../support/old-browser.ts';
import { importsOf, readSources } from './source.ts';

/** What runs in browsers: the client, and what it imports. */
function clientFiles(): string[] {
	const sources = readSources('src');
	const files = new Set(
		globSync('src/client/**/*.svelte').map((path) => path.replaceAll('\\', '/'))
	);
	const add = (path: string) => {
		const source = sources.find((each) => each.path === path);
		if (source === undefined || files.has(path)) return;
		files.add(path);
		for (const { target } of importsOf(source)) add(target);
	};
	for (const { path } of sources) if (path.startsWith('src/client/')) add(path);
	return [...files];
}

const statics = Object.entries(missing).filter(([owner]) => !owner.endsWith('.prototype'));
const methods = Object.entries(missing)
	.filter(([owner]) => owner.endsWith('.prototype'))
	.flatMap(([, names]) => names);

const patterns = [
	...statics
		.filter(([owner]) => owner !== 'globalThis')
		.map(([owner, names]) => new RegExp(`\\b${owner}\\.(${names.join('|')})\\b(?! \\?\\?)`)),
	new RegExp(`\\b(${missing['globalThis']?.join('|')})\\b`),
	new RegExp(`\\.(${methods.join('|')})\\(`),
	/^\s*(await )?using \w/m,
	/\/[a-z]*v[a-z]*[;,).]/
];

/** Code without comments and strings, and without the names that stand in types. */
function codeOf(path: string): string {
	return readFileSync(path, 'utf8')
		.replaceAll(/\/\*[\s\S]*?\*\//g, '')
		.replaceAll(/(^|\s)\/\/.*$/gm, '')
		.replaceAll(/'[^'\n]*'/g, "''")
		.replaceAll(/typeof Symbol\.dispose|\[Symbol\.dispose\]\(\)/g, '');
}

describe('what runs in browsers', () => {
	const files = clientFiles();

	it('is found', () => {
		expect(files).toContain('src/client/core/url.ts');
		expect(files).toContain('src/client/WebSocket.svelte');
		expect(files).toContain('src/shared/json.ts');
		expect(files).not.toContain('src/shared/handoff.ts');
	});

	it.each(files)('%s uses nothing that the oldest of them lack', (path) => {
		const code = codeOf(path);
		expect(patterns.flatMap((pattern) => pattern.exec(code)?.[0] ?? [])).toEqual([]);
	});

	it('would be seen', () => {
		for (const code of [
			'URL.canParse(url)',
			'AbortSignal.any([])',
			'list.toSorted()',
			'Promise.withResolvers()',
			'\tusing a = b;',
			'Symbol.dispose]'
		]) {
			expect(patterns.some((pattern) => pattern.test(code))).toBe(true);
		}
	});
});
