import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'node-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** From there on a `Request` has its state in private fields. */
test('what an app sees of a request, and the Node engine, are the same on Node 24', async () => {
	await run('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', 'node@24']);
	const node = join(folder, 'node_modules/.bin/node');
	const { stdout: version } = await run(node, ['--version']);
	expect(version).toMatch(/^v24\./);
	const vitest = join(root, 'node_modules/vitest/vitest.mjs');
	const config = join(root, 'test/versions/node24.config.ts');
	const { stdout } = await run(node, [vitest, 'run', '--root', root, '--config', config], {
		cwd: root,
		maxBuffer: 100_000_000
	});
	console.log(`${version.trim()}\n${stdout.split('\n').slice(-6).join('\n')}`);
}, 1_200_000);
