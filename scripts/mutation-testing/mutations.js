import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import typescript from 'typescript';

/**
 * One change to the sources that a test has to notice.
 *
 * @typedef {object} Mutation
 * @property {string} file what is changed, as a path in the project
 * @property {string} name what is wrong then, as a reviewer would say it
 * @property {string} find a text that stands exactly once in the file
 * @property {string} replace what stands there instead
 * @property {string[]} tests the smallest set of test files that notices it
 * @property {string} [only] only the tests whose full names match this: a regular expression, as `vitest -t` takes it
 * @property {string[]} [fixtures] the tests use built files, and these built apps: `folder`, or `folder:variant`. Absent:
 * they import the sources
 * @property {string} [equivalent] why nobody can notice it
 */

/**
 * Those whose file or name contains one of the words; all of them without a word.
 * @param {string} root folder of the project
 * @param {string[]} words
 * @returns {Promise<Mutation[]>}
 */
export async function readMutations(root, words) {
	const folder = join(root, 'scripts/mutations');
	const names = (await readdir(folder)).filter((name) => name.endsWith('.js')).sort();
	/** @type {{ default: Mutation[] }[]} */
	const modules = await Promise.all(names.map((name) => import(join(folder, name))));
	const all = modules.flatMap((module) => module.default);
	const chosen = all.filter(
		({ file, name }) =>
			words.length === 0 || words.some((word) => file.includes(word) || name.includes(word))
	);
	const problems = chosen.flatMap((mutation) => {
		const made = mutate(root, mutation);
		return made instanceof Error ? [made.message] : [];
	});
	if (problems.length > 0) throw new Error(problems.join('\n\n'));
	return chosen;
}

/**
 * The text of the file with the change in it, or why there can be none: what is looked for is not there exactly once, or what
 * comes out cannot be parsed, which any test would notice.
 * @param {string} root
 * @param {Mutation} mutation
 * @returns {string | Error}
 */
export function mutate(root, { file, name, find, replace }) {
	const path = join(root, file);
	if (!existsSync(path)) return new Error(`${file}: ${name}\nThere is no such file.`);
	const parts = readFileSync(path, 'utf8').split(find);
	const times = parts.length - 1;
	if (times !== 1)
		return new Error(`${file}: ${name}\nIts text stands there ${times} times:\n${find}`);
	const mutated = parts.join(replace);
	if (!/\.[jt]s$/.test(file)) return mutated;
	const { diagnostics = [] } = typescript.transpileModule(mutated, { reportDiagnostics: true });
	if (diagnostics.length === 0) return mutated;
	const [first] = diagnostics;
	const why = typescript.flattenDiagnosticMessageText(first?.messageText, '\n');
	return new Error(`${file}: ${name}\nIt makes nothing that can be read: ${why}`);
}
