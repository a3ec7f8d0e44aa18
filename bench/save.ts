import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { replaceResults } from './docs.ts';

const folder = new URL('results/', import.meta.url);

/** As the rest of the repository is written. */
export async function tidy(text: string, parser: 'markdown' | 'json'): Promise<string> {
	const config = await resolveConfig(fileURLToPath(import.meta.url));
	return format(text, { ...config, parser });
}

/**
 * Write the results of today, in place of those that were there before.
 * @param files texts by the ends of their names
 */
export async function keep(files: Record<string, string>, kind = ''): Promise<void> {
	await mkdir(folder, { recursive: true });
	const date = new Date().toISOString().slice(0, 10);
	for (const [end, text] of Object.entries(files)) {
		const file = new URL(`${date}${kind}.${end}`, folder);
		await writeFile(file, text);
		console.error(`written to ${fileURLToPath(file)}`);
	}
}

/**
 * @param name of a document in docs/
 * @param command what has made the report
 */
export async function putInDocs(
	report: string,
	name = 'performance.md',
	command?: string
): Promise<void> {
	const file = new URL(`../docs/${name}`, import.meta.url);
	const text = replaceResults(await readFile(file, 'utf8'), report, command);
	await writeFile(file, await tidy(text, 'markdown'));
}
