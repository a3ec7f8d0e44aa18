import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe } from 'vitest';
import { newcomerSuite } from '../consumer/newcomer.ts';
import { sets } from './sets.ts';

const run = promisify(execFile);

/** The same name as in `package.json`; npm finds it by its alias. */
const addon = 'npm:uws-pack@20.0.8';

const folder = mkdtempSync(join(tmpdir(), 'versions-'));
let packed = '';

beforeAll(async () => {
	const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
	const [{ filename }] = JSON.parse((await run('npm', args)).stdout) as [{ filename: string }];
	packed = join(folder, filename);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(sets)('$name', ({ kit, isOld, packages }) => {
	const home = mkdtempSync(join(folder, 'set-'));

	// npm itself says whether the versions go together.
	beforeAll(async () => {
		const devDependencies = {
			...packages,
			'svelte-adapter-ws': `file:${packed}`,
			'uWebSockets.js': addon
		};
		writeFileSync(
			join(home, 'package.json'),
			JSON.stringify({ private: true, type: 'module', devDependencies })
		);
		await run('npm', ['install', '--no-audit', '--no-fund'], { cwd: home });
		console.log(
			Object.keys(packages)
				.map((name) => `${name} ${installed(home, name)}`)
				.join(', ')
		);
	});

	newcomerSuite({ kit, home, tools: home, isOld });
});

function installed(home: string, name: string): string {
	const file = join(home, 'node_modules', name, 'package.json');
	return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
