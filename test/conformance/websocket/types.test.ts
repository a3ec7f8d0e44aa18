import { execFile } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { appFolder } from './subject.ts';

test('the app of the suites checks: data from upgrade, params from the path, locals from App.Locals', async () => {
	const tsc = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url));
	const run = promisify(execFile)(process.execPath, [tsc, '--noEmit', '-p', '.'], {
		cwd: appFolder
	});
	const found = await run.then(
		() => '',
		({ stdout }: { stdout: string }) => stdout
	);
	expect(found).toBe('');
}, 60_000);
