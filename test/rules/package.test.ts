import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSources } from './source.ts';

interface Manifest {
	exports: Record<string, string | Record<string, string>>;
	scripts: Record<string, string>;
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

/** What the project tells its users and those who carry it on. */
const documents = [
	...globSync('*.md'),
	...globSync('docs/**/*.md'),
	...globSync('examples/*/README.md')
];

describe('the package', () => {
	it('exports files that the build has written', () => {
		const targets = Object.values(manifest.exports).flatMap((target) =>
			typeof target === 'string' ? [target] : Object.values(target)
		);
		expect(targets.filter((target) => !existsSync(target))).toEqual([]);
	});

	it('has types that name no module which only its own build knows', () => {
		const types = globSync('files/{types,client}/**/*.d.ts');
		expect(types.length).toBeGreaterThan(10);
		const named = types.filter((file) =>
			/from ['"](kit:|.*\/shared\/)/.test(readFileSync(file, 'utf8'))
		);
		// Those of the server stand beside what they name.
		expect(named.filter((file) => !file.startsWith(join('files', 'types')))).toEqual([]);
		expect(named.filter((file) => readFileSync(file, 'utf8').includes("from 'kit:"))).toEqual([]);
	});

	it.each([
		['src/shared/errors.ts', 'ErrorCode', 'docs/errors.md'],
		['src/client/core/errors.ts', 'ConnectionErrorCode', 'docs/client.md']
	])('explains every error code of %s, and no other', (file, union, document) => {
		const codes = codesOf(file, union);
		const headings = readFileSync(document, 'utf8').matchAll(/^##+ `(\w+)`$/gm);
		expect(codes.length).toBeGreaterThan(5);
		expect([...headings].map(([, code]) => code)).toEqual(codes);
	});

	it.each([
		['src/shared/errors.ts', 'ErrorCode', 'AdapterError'],
		['src/client/core/errors.ts', 'ConnectionErrorCode', 'ConnectionError']
	])('has a place for every error code of %s', (file, union, thrown) => {
		const text = readSources('adapter', 'src')
			.map(({ ast }) => ast.text)
			.join('\n');
		const isThrown = (code: string) =>
			[thrown, 'RequestError', 'super'].some((name) => text.includes(`${name}('${code}'`));
		const unused = codesOf(file, union).filter((code) => !isThrown(code));
		expect(unused).toEqual([]);
	});

	it('has a README of at most 200 lines', () => {
		expect(readFileSync('README.md', 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(200);
	});

	it('links to files that exist', () => {
		const broken = documents.flatMap((document) =>
			[...readFileSync(document, 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
				.map(([, target]) => target ?? '')
				.filter((target) => !existsSync(join(dirname(document), target)))
				.map((target) => `${document} links to ${target}`)
		);
		expect(broken).toEqual([]);
	});

	it('says everywhere to install the same tag of uWebSockets.js, by an address that npm fetches over https', () => {
		const texts = [
			...documents.map((document) => readFileSync(document, 'utf8')),
			...readSources('adapter', 'src').map(({ ast }) => ast.text)
		];
		const named = texts.flatMap(
			(text) => text.match(/\S*uNetworking\/uWebSockets\.js\S*v\d[\w.]*/g) ?? []
		);
		const addresses = named.map((each) => each.replace(/^.*(?=https:)/, ''));
		expect(addresses.length).toBeGreaterThan(1);
		expect(new Set(addresses)).toEqual(
			new Set(['https://github.com/uNetworking/uWebSockets.js/archive/refs/tags/v20.70.0.tar.gz'])
		);
	});

	it('names only scripts that exist', () => {
		const named = documents.flatMap((document) =>
			[...readFileSync(document, 'utf8').matchAll(/npm run ([\w:-]+)(?! -w)/g)].map(
				([, name]) => name ?? ''
			)
		);
		const known = [...Object.keys(manifest.scripts), 'dev', 'start'];
		expect(named.filter((name) => !known.includes(name))).toEqual([]);
	});
});

/** The members of a union of strings. */
function codesOf(file: string, union: string): string[] {
	const [, members = ''] =
		new RegExp(`type ${union} =([^;]+);`).exec(readFileSync(file, 'utf8')) ?? [];
	return [...members.matchAll(/'(\w+)'/g)].map(([, code]) => code ?? '');
}
