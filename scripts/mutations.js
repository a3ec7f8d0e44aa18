import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { copyProject } from './mutation-testing/copy.js';
import { mutate, readMutations } from './mutation-testing/mutations.js';
import { Project } from './mutation-testing/project.js';

/** @typedef {import('./mutation-testing/mutations.js').Mutation} Mutation */

/**
 * Mutation testing: apply each change of `scripts/mutations` to a copy of the project, one at a time, and see whether a test
 * fails. `npm run test:mutations -- word …` takes those whose file or name contains a word.
 */
const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const { positionals } = parseArgs({ allowPositionals: true });
const mutations = await readMutations(root, positionals);
if (mutations.length === 0) throw new Error(`No mutation is about ${positionals.join(' or ')}`);

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
const folder = await copyProject(root);
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const project = new Project(folder);
if (mutations.some(({ fixtures }) => fixtures !== undefined)) await project.buildAll();
const limits = await testUnmutated();
const results = [];
for (const mutation of mutations) results.push(await testMutated(mutation));
process.exitCode = summarize(results) ? 0 : 1;

/**
 * Each set of tests has to pass without a change.
 * @returns {Promise<Map<string, number>>} milliseconds that each of them is given
 */
async function testUnmutated() {
	/** @type {Map<string, number>} */
	const found = new Map();
	const failed = [];
	for (const mutation of mutations) {
		const key = testsOf(mutation);
		if (found.has(key)) continue;
		await project.build(mutation);
		const { isKilled, passed, why, milliseconds } = await project.test(mutation, 300_000);
		if (isKilled || passed === 0)
			failed.push(`${key}: ${isKilled ? why : 'no test has this name'}`);
		found.set(key, 20_000 + 4 * milliseconds);
	}
	if (failed.length > 0) {
		throw new Error(`Without a mutation these tests do not pass:\n${failed.join('\n')}`);
	}
	console.log(`${found.size} sets of tests pass without a mutation`);
	return found;
}

/** @param {Mutation} mutation */
async function testMutated(mutation) {
	const { file, name, equivalent } = mutation;
	const path = join(folder, file);
	const original = readFileSync(path);
	const mutated = mutate(folder, mutation);
	if (mutated instanceof Error) throw mutated;
	writeFileSync(path, mutated);
	await project.build(mutation);
	const { isKilled, why, milliseconds } = await project.test(
		mutation,
		limits.get(testsOf(mutation)) ?? 0
	);
	writeFileSync(path, original);
	const outcome = isKilled ? 'killed' : equivalent ? 'equivalent' : 'SURVIVED';
	const note = isKilled ? `killed by: ${why.slice(0, 200)}` : equivalent;
	const seconds = (milliseconds / 1000).toFixed(1);
	const line = `${outcome.padEnd(10)} ${seconds.padStart(5)} s  ${file}: ${name}`;
	console.log(note === undefined ? line : `${line} (${note})`);
	const isWrong = isKilled === Boolean(equivalent);
	return { mutation, outcome, isWrong };
}

/**
 * @param {Awaited<ReturnType<typeof testMutated>>[]} all
 * @returns {boolean} everything is as it should be
 */
function summarize(all) {
	/** @param {string} outcome */
	const count = (outcome) => all.filter((each) => each.outcome === outcome).length;
	const killed = count('killed');
	const share = ((100 * killed) / Math.max(all.length, 1)).toFixed(1);
	console.log(
		`\n${all.length} mutations: ${killed} killed (${share} %), ${count('equivalent')} equivalent, ${count('SURVIVED')} survived`
	);
	const wrong = all.filter(({ isWrong }) => isWrong);
	for (const { mutation, outcome } of wrong) {
		const what = outcome === 'killed' ? 'killed, though it is called equivalent' : outcome;
		console.log(`${what}: ${mutation.file}: ${mutation.name}`);
	}
	return wrong.length === 0;
}

/** @param {Mutation} mutation */
function testsOf({ tests, only, fixtures }) {
	return JSON.stringify({ tests, only, fixtures });
}
