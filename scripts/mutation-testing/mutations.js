import { readFileSync } from 'node:fs';
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
	for (const mutation of all) mutate(root, mutation);
	if (words.length === 0) return all;
	return all.filter(({ file, name }) =>
		words.some((word) => file.includes(word) || name.includes(word))
	);
}

/**
 * The text of the file with the change in it.
 * @param {string} root
 * @param {Mutation} mutation
 * @throws if the text is not there exactly once, or if what comes out cannot be parsed: that would be noticed by any test
 */
export function mutate(root, { file, name, find, replace }) {
	const text = readFileSync(join(root, file), 'utf8');
	const parts = text.split(find);
	if (parts.length !== 2) {
		throw new Error(`${file}: ${name}\nIts text stands there ${parts.length - 1} times:\n${find}`);
	}
	const mutated = parts.join(replace);
	if (!/\.[jt]s$/.test(file)) return mutated;
	const { diagnostics = [] } = typescript.transpileModule(mutated, { reportDiagnostics: true });
	if (diagnostics.length === 0) return mutated;
	const [first] = diagnostics;
	throw new Error(
		`${file}: ${name}\n${typescript.flattenDiagnosticMessageText(first?.messageText, '\n')}`
	);
}
