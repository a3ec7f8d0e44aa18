import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';

/** @typedef {import('./mutations.js').Mutation} Mutation */

/**
 * What came of some tests.
 *
 * @typedef {object} Result
 * @property {boolean} isKilled a test has failed, or none has ended in time
 * @property {number} passed how many tests have passed
 * @property {string} why the name of the test that has failed, or what happened instead
 * @property {number} milliseconds
 */

/** The copy of the project, in which things are built and tests are run. */
export class Project {
	#root;

	/** @param {string} root */
	constructor(root) {
		this.#root = root;
	}

	/** Everything that `npm run build` builds. */
	async buildAll() {
		await this.#mustRun(process.execPath, ['--run', 'build']);
	}

	/**
	 * What the tests of a mutation use besides the sources, after a change to one file.
	 * @param {Mutation} mutation
	 */
	async build({ file, fixtures }) {
		if (fixtures === undefined) return;
		await this.#mustRun('node_modules/.bin/rollup', ['-c', '--silent']);
		if (file.startsWith('src/client/')) {
			const args = '-i src/client -o files/client --tsconfig tsconfig.client.json'.split(' ');
			await this.#mustRun('node_modules/.bin/svelte-package', args);
		}
		if (fixtures.some((fixture) => fixture.startsWith('test/kit2/'))) {
			const prepare = `import('./test/support/kit2.ts').then(({ prepareKit2 }) => prepareKit2())`;
			await this.#mustRun(process.execPath, ['--no-warnings', '-e', prepare]);
		}
		for (const fixture of fixtures) await this.#buildApp(fixture);
	}

	/**
	 * @param {Mutation} mutation
	 * @param {number} limit milliseconds
	 * @returns {Promise<Result>}
	 */
	async test({ tests, only }, limit) {
		const report = join(this.#root, '.mutation-report.json');
		rmSync(report, { force: true });
		const config = 'scripts/mutation-testing/vitest.config.ts';
		const args = ['node_modules/vitest/vitest.mjs', 'run', '--bail', '1', '--config', config];
		args.push('--reporter', 'json', '--outputFile', report, ...tests);
		if (only !== undefined) args.push('-t', only);
		const started = performance.now();
		const { code, output } = await this.#run(process.execPath, args, { limit });
		const milliseconds = performance.now() - started;
		const { passed, failed } = readReport(report);
		const why = failed ?? (code === undefined ? 'time is up' : output.trim());
		return { isKilled: code !== 0, passed, why, milliseconds };
	}

	/** @param {string} fixture */
	async #buildApp(fixture) {
		const [folder = '', VARIANT] = fixture.split(':');
		const cwd = join(this.#root, folder);
		const vite = createRequire(join(cwd, 'package.json')).resolve('vite/package.json');
		const env = { ...process.env, NODE_ENV: 'production', VARIANT };
		await this.#mustRun(process.execPath, [join(vite, '../bin/vite.js'), 'build'], { cwd, env });
	}

	/**
	 * @param {string} command
	 * @param {string[]} args
	 * @param {import('node:child_process').SpawnOptions} [options]
	 */
	async #mustRun(command, args, options) {
		const { code, output } = await this.#run(command, args, options);
		if (code !== 0) throw new Error(`${command} ${args.join(' ')} has failed:\n${output}`);
	}

	/**
	 * @param {string} command
	 * @param {string[]} args
	 * @param {import('node:child_process').SpawnOptions & { limit?: number }} [options]
	 * @returns {Promise<{ code: number | null | undefined; output: string }>} the code is undefined when time was up
	 */
	async #run(command, args, { limit, ...options } = {}) {
		// a group of its own: whatever a test has started ends with it
		const child = spawn(command, args, {
			cwd: this.#root,
			...options,
			detached: true,
			stdio: ['ignore', 'pipe', 'pipe']
		});
		const kill = () => killGroup(child.pid);
		process.prependListener('exit', kill);
		let isLate = false;
		const timer = setTimeout(
			() => {
				isLate = true;
				kill();
			},
			limit ?? 2 ** 31 - 1
		);
		const [output, errors, [code]] = await Promise.all([
			text(/** @type {import('node:stream').Readable} */ (child.stdout)),
			text(/** @type {import('node:stream').Readable} */ (child.stderr)),
			once(child, 'close')
		]);
		clearTimeout(timer);
		process.off('exit', kill);
		return { code: isLate ? undefined : code, output: output + errors };
	}
}

/** @param {number | undefined} pid */
function killGroup(pid) {
	try {
		if (pid !== undefined) process.kill(-pid, 'SIGKILL');
	} catch {
		// It has ended.
	}
}

/** @typedef {{ status: string; fullName: string; failureMessages: string[] }} Assertion */

/**
 * @param {string} file what vitest has written, if it came to that
 * @returns {{ passed: number; failed: string | undefined }}
 */
function readReport(file) {
	try {
		const { numPassedTests: passed, testResults } = JSON.parse(readFileSync(file, 'utf8'));
		/** @type {{ message: string; assertionResults: Assertion[] }[]} */
		const files = testResults;
		const failed = files.flatMap(({ message, assertionResults }) => {
			const names = assertionResults
				.filter(({ status }) => status === 'failed')
				.map(({ fullName, failureMessages }) => `${fullName}: ${firstLine(failureMessages[0])}`);
			return message === '' ? names : [...names, firstLine(message)];
		});
		return { passed, failed: failed[0] };
	} catch {
		return { passed: 0, failed: undefined };
	}
}

/** @param {string | undefined} message */
function firstLine(message = '') {
	return message.split('\n')[0] ?? '';
}
