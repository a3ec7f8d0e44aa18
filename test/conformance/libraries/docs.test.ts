import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { librariesFolder } from '../websocket/subject.ts';

/** The longest code of one library, in lines. */
const longest = 30;

const document = readFileSync(
	fileURLToPath(new URL('../../../docs/libraries.md', import.meta.url)),
	'utf8'
);

/** The code that names its file, of each section. */
const sections = document.split('\n## ').map((section) => {
	const [title = ''] = section.split('\n');
	const blocks = [...section.matchAll(/```ts\n(\/\/ (src\/\S+)\n[^]*?)```/g)];
	return { title, blocks: blocks.map(([, code = '', file = '']) => ({ code, file })) };
});

describe('docs/libraries.md', () => {
	const libraries = sections.filter(({ blocks }) => blocks.length > 0);

	it('has code for libraries', () => {
		expect(libraries.length).toBeGreaterThan(3);
	});

	it.each(libraries)('shows the code that is tested: $title', ({ blocks }) => {
		for (const { code, file } of blocks) {
			expect(code).toBe(readFileSync(join(librariesFolder, file), 'utf8'));
		}
		const lines = blocks.flatMap(({ code }) => code.trim().split('\n').slice(1));
		expect(lines.length).toBeLessThanOrEqual(longest);
	});
});
