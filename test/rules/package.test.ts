import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSources } from './source.ts';

interface Manifest {
	exports: Record<string, string | { types: string; import: string }>;
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
			typeof target === 'string' ? [target] : [target.types, target.import]
		);
		expect(targets.filter((target) => !existsSync(target))).toEqual([]);
	});

	it('has types that name no module which only its own build knows', () => {
		const types = globSync('files/types/**/*.d.ts');
		expect(types.length).toBeGreaterThan(10);
		const named = types.filter((file) => readFileSync(file, 'utf8').includes("from 'kit:"));
		expect(named).toEqual([]);
	});

	it('explains every error code in docs/errors.md, and no other', () => {
		const errors = readSources('src/shared').find(({ path }) => path === 'src/shared/errors.ts');
		const union = /type ErrorCode =([^;]+);/.exec(errors?.ast.text ?? '')?.[1] ?? '';
		const codes = [...union.matchAll(/'(\w+)'/g)].map(([, code]) => code);
		const headings = readFileSync('docs/errors.md', 'utf8').matchAll(/^## `(\w+)`$/gm);
		expect(codes.length).toBeGreaterThan(5);
		expect([...headings].map(([, code]) => code)).toEqual(codes);
	});

	it('throws every error code somewhere', () => {
		const text = readSources('adapter', 'src')
			.map(({ ast }) => ast.text)
			.join('\n');
		const union = /type ErrorCode =([^;]+);/.exec(text)?.[1] ?? '';
		const unused = [...union.matchAll(/'(\w+)'/g)].filter(
			([, code]) => !text.includes(`AdapterError('${code}'`)
		);
		expect(unused.map(([, code]) => code)).toEqual([]);
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
