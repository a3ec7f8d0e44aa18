import { readFile } from 'node:fs/promises';
import type { Files } from '../support/dev-app.ts';

/** A code block that names its file in its first line. */
const block = /^```\w+\n((?:\/\/|<!--) (\S+\.\w+)(?: -->)?\n[^]*?)^```$/gm;

/** The files that each section of the README shows, as they stand there. Sections that show none are left out. */
export async function readmeSteps(): Promise<Files[]> {
	const sections = (await readFile('README.md', 'utf8')).split(/^## /m);
	return sections
		.map((section): Files =>
			Object.fromEntries(
				[...section.matchAll(block)].map(([, code = '', file = '']) => [file, code])
			)
		)
		.filter((files) => Object.keys(files).length > 0);
}
