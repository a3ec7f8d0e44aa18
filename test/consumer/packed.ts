import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What an app has besides: its own, and what this package depends on. */
const packages = [
	'@standard-schema',
	'@sveltejs',
	'@types',
	'esm-env',
	'svelte',
	'typescript',
	'vite'
];

/**
 * As npm would: the files of the tarball, beside packages that this project has.
 * @param others that the app has, too
 */
export async function installPackage(app: string, others: string[] = []): Promise<void> {
	const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', app];
	const { stdout } = await run('npm', pack);
	const [packed] = JSON.parse(stdout) as [{ filename: string }];
	const modules = join(app, 'node_modules');
	const own = join(modules, 'svelte-adapter-ws');
	mkdirSync(own, { recursive: true });
	await run('tar', ['xzf', join(app, packed.filename), '-C', own, '--strip-components=1']);
	for (const name of [...packages, ...others]) {
		symlinkSync(resolve('node_modules', name), join(modules, name));
	}
}
